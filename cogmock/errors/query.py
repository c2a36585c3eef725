"""Errors of STS and IAM, whose protocol is the query protocol."""

from __future__ import annotations

from cogmock.errors.base import AwsError


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


class InsufficientSessionLifetimeException(QueryError):
    code = "InsufficientSessionLifetime"


class InvalidSubjectCredentialsException(QueryError):
    code = "InvalidSubjectCredentials"


class InvalidContextAssertionException(QueryError):
    code = "InvalidContextAssertion"


class ExpiredTradeInTokenException(QueryError):
    pass


class SessionDurationEscalationException(QueryError):
    status = 403


class JWTPayloadSizeExceededException(QueryError):
    pass


class MissingAuthenticationToken(QueryError):
    status = 403
    message = "Request is missing Authentication Token"
