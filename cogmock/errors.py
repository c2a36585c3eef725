"""One class for each error a caller can see, named as AWS names it."""

from __future__ import annotations

from typing import Self


class AwsError(Exception):
    """An error of AWS. `message` is what the caller reads; `reason` is what AWS hides, and only the log tells."""

    code = "InternalErrorException"
    status = 400
    message = ""

    def __init_subclass__(cls) -> None:
        if "code" not in vars(cls):
            cls.code = cls.__name__

    def __init__(self, message: str | None = None, *, reason: str | None = None) -> None:
        if message is not None:
            self.message = message
        self.reason = reason
        super().__init__(self.message)

    def detached(self) -> Self:
        """The error without traceback and causes, to be stored: they keep all frames of a request, and its body, alive.

        An error that a frame stores and that leads back to this frame is a reference cycle.
        """
        self.__traceback__ = self.__cause__ = self.__context__ = None
        return self


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


class AliasExistsException(AwsError):
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
    pass


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


class QueryError(AwsError):
    """An error of STS or IAM, which say Sender or Receiver, and bear HTTP's own status."""


class IamConcurrentModificationException(QueryError):
    code = "ConcurrentModification"
    status = 409


class DeleteConflictException(QueryError):
    code = "DeleteConflict"
    status = 409


class EntityAlreadyExistsException(QueryError):
    code = "EntityAlreadyExists"
    status = 409


class ExpiredTokenException(QueryError):
    code = "ExpiredTokenException"


class IDPCommunicationErrorException(QueryError):
    code = "IDPCommunicationError"


class IDPRejectedClaimException(QueryError):
    code = "IDPRejectedClaim"
    status = 403


class InvalidAuthorizationMessageException(QueryError):
    code = "InvalidAuthorizationMessageException"


class InvalidIdentityTokenException(QueryError):
    code = "InvalidIdentityToken"


class InvalidInputException(QueryError):
    code = "InvalidInput"


class IamLimitExceededException(QueryError):
    code = "LimitExceeded"
    status = 409


class MalformedPolicyDocumentException(QueryError):
    code = "MalformedPolicyDocument"


class NoSuchEntityException(QueryError):
    code = "NoSuchEntity"
    status = 404


class OpenIdIdpCommunicationErrorException(QueryError):
    code = "OpenIdIdpCommunicationError"


class PackedPolicyTooLargeException(QueryError):
    code = "PackedPolicyTooLarge"


class PolicyEvaluationException(QueryError):
    code = "PolicyEvaluation"
    status = 500


class PolicyNotAttachableException(QueryError):
    code = "PolicyNotAttachable"


class RegionDisabledException(QueryError):
    code = "RegionDisabledException"
    status = 403


class ServiceFailureException(QueryError):
    code = "ServiceFailure"
    status = 500


class UnmodifiableEntityException(QueryError):
    code = "UnmodifiableEntity"


class ValidationError(QueryError):
    pass


class InvalidAction(QueryError):
    pass


class MalformedInput(QueryError):
    message = "The request could not be read."


class InvalidParameterValue(QueryError):
    pass


class IncompleteSignature(QueryError):
    message = "Authorization header requires a Credential, SignedHeaders and a Signature of AWS4-HMAC-SHA256."


class InternalFailure(QueryError):
    status = 500
    message = "The request processing has failed because of an unknown error, exception or failure."


class AccessDenied(QueryError):
    status = 403


class InvalidClientTokenId(QueryError):
    status = 403
    message = "The security token included in the request is invalid"


class ExpiredToken(QueryError):
    status = 403
    message = "The security token included in the request is expired"


class SignatureDoesNotMatch(QueryError):
    status = 403
    message = (
        "The request signature we calculated does not match the signature you provided. "
        "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
    )


class FeatureEnabledException(QueryError):
    code = "FeatureEnabled"
    status = 409


class FeatureDisabledException(QueryError):
    code = "FeatureDisabled"
    status = 404


class OutboundWebIdentityFederationDisabledException(QueryError):
    status = 403


class SessionDurationEscalationException(QueryError):
    status = 403


class JWTPayloadSizeExceededException(QueryError):
    pass


class MissingAuthenticationToken(QueryError):
    status = 403
    message = "Request is missing Authentication Token"


class NotBuilt(AwsError):
    """An operation that cogmock does not offer yet. AWS has no such error, so nobody takes it for AWS's."""

    code = "NotImplementedException"
    status = 501
