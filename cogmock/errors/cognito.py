"""Errors of user pools and identity pools, and those that every JSON API has."""

from __future__ import annotations

from cogmock.errors.base import AwsError


class UnknownOperationException(AwsError):
    pass


class SerializationException(AwsError):
    pass


class ValidationException(AwsError):
    pass


class InvalidSignatureException(AwsError):
    pass


class MissingAuthenticationTokenException(AwsError):
    message = "Missing Authentication Token"


class UnrecognizedClientException(AwsError):
    message = "The security token included in the request is invalid."


class RequestEntityTooLargeException(AwsError):
    status = 413
    message = "Request size exceeded the limit."


class AccessDeniedException(AwsError):
    pass


class ForeignPage(AccessDeniedException):
    """A web page of another site made the call in a browser. AWS cannot tell: its signatures need a secret."""

    code = AccessDeniedException.code
    status = 403


class AliasExistsException(AwsError):
    pass


class CachedCIMDURLDoesNotExistException(AwsError):
    pass


class CodeDeliveryFailureException(AwsError):
    pass


class CodeMismatchException(AwsError):
    message = "Invalid verification code provided, please try again."


class ConcurrentModificationException(AwsError):
    pass


class DeveloperUserAlreadyRegisteredException(AwsError):
    pass


class DeviceKeyExistsException(AwsError):
    pass


class DuplicateProviderException(AwsError):
    pass


class EnableSoftwareTokenMFAException(AwsError):
    pass


class ExpiredCodeException(AwsError):
    message = "Invalid code provided, please request a code again."


class ExternalServiceException(AwsError):
    pass


class FeatureUnavailableInTierException(AwsError):
    pass


class ForbiddenException(AwsError):
    pass


class GroupExistsException(AwsError):
    message = "A group with the name already exists."


class InternalErrorException(AwsError):
    status = 500
    message = "Something went wrong"


class InternalServerException(AwsError):
    status = 500
    message = "Something went wrong"


class InvalidEmailRoleAccessPolicyException(AwsError):
    pass


class InvalidIdentityPoolConfigurationException(AwsError):
    message = "Invalid identity pool configuration. Check assigned IAM roles for this pool."


class InvalidLambdaResponseException(AwsError):
    pass


class InvalidOAuthFlowException(AwsError):
    pass


class InvalidParameterException(AwsError):
    pass


class InvalidPasswordException(AwsError):
    pass


class InvalidSmsRoleAccessPolicyException(AwsError):
    pass


class InvalidSmsRoleTrustRelationshipException(AwsError):
    pass


class InvalidUserPoolConfigurationException(AwsError):
    pass


class LimitExceededException(AwsError):
    pass


class MFAMethodNotFoundException(AwsError):
    pass


class ManagedLoginBrandingExistsException(AwsError):
    pass


class NotAuthorizedException(AwsError):
    pass


class InvalidSession(NotAuthorizedException):
    """The session of a challenge is unknown, expired, used, or another user's: the sign-in has to start again."""

    code = NotAuthorizedException.code
    message = "Invalid session for the user."


class ForeignRefreshToken(NotAuthorizedException):
    """Not a refresh token of this client, as opposed to one that is expired or revoked."""

    code = NotAuthorizedException.code
    message = "Invalid Refresh Token"


class OperationNotEnabledException(AwsError):
    pass


class PasswordHistoryPolicyViolationException(AwsError):
    pass


class PasswordResetRequiredException(AwsError):
    message = "Password reset required for the user"


class PreconditionNotMetException(AwsError):
    pass


class RefreshTokenReuseException(AwsError):
    pass


class ResourceConflictException(AwsError):
    pass


class ResourceNotFoundException(AwsError):
    pass


class ScopeDoesNotExistException(AwsError):
    pass


class ServiceQuotaExceededException(AwsError):
    pass


class SoftwareTokenMFANotFoundException(AwsError):
    pass


class TermsExistsException(AwsError):
    pass


class TierChangeNotAllowedException(AwsError):
    pass


class TooManyFailedAttemptsException(AwsError):
    pass


class TooManyRequestsException(AwsError):
    pass


class UnauthorizedException(AwsError):
    pass


class UnexpectedLambdaException(AwsError):
    pass


class UnsupportedIdentityProviderException(AwsError):
    pass


class UnsupportedOperationException(AwsError):
    pass


class UnsupportedTokenTypeException(AwsError):
    pass


class UnsupportedUserStateException(AwsError):
    pass


class UserImportInProgressException(AwsError):
    message = "A user import job is in progress for this user pool."  # inferred: the wording


class UserLambdaValidationException(AwsError):
    pass


class UserNotConfirmedException(AwsError):
    message = "User is not confirmed."


class UserNotFoundException(AwsError):
    message = "User does not exist."


class UserPoolAddOnNotEnabledException(AwsError):
    message = (
        "This is an add on feature. Please update AdvancedSecurityMode for your user pool to access this API."
    )


class UserPoolTaggingException(AwsError):
    pass


class UsernameExistsException(AwsError):
    message = "User already exists"


class WebAuthnChallengeNotFoundException(AwsError):
    pass


class WebAuthnClientMismatchException(AwsError):
    pass


class WebAuthnConfigurationMissingException(AwsError):
    pass


class WebAuthnCredentialNotSupportedException(AwsError):
    pass


class WebAuthnNotEnabledException(AwsError):
    pass


class WebAuthnOriginNotAllowedException(AwsError):
    pass


class WebAuthnRelyingPartyMismatchException(AwsError):
    pass
