# Written by `make models` from botocore's model of sts. Do not edit.
from typing import Any, Literal, NotRequired, TypedDict

class AssumeRoleRequest(TypedDict):
    RoleArn: str
    RoleSessionName: str
    PolicyArns: NotRequired[list["PolicyDescriptorType"] | None]
    Policy: NotRequired[str | None]
    DurationSeconds: NotRequired[int | None]
    Tags: NotRequired[list["Tag"] | None]
    TransitiveTagKeys: NotRequired[list[str] | None]
    ExternalId: NotRequired[str | None]
    SerialNumber: NotRequired[str | None]
    TokenCode: NotRequired[str | None]
    SourceIdentity: NotRequired[str | None]
    ProvidedContexts: NotRequired[list["ProvidedContext"] | None]
    MinimumSessionTokenSize: NotRequired[int | None]

class AssumeRoleResponse(TypedDict):
    Credentials: NotRequired["Credentials" | None]
    AssumedRoleUser: NotRequired["AssumedRoleUser" | None]
    PackedPolicySize: NotRequired[int | None]
    SourceIdentity: NotRequired[str | None]
    SessionTokenUtilization: NotRequired[int | None]
    SessionTokenSize: NotRequired[int | None]

class AssumeRoleWithSAMLRequest(TypedDict):
    RoleArn: str
    PrincipalArn: str
    SAMLAssertion: str
    PolicyArns: NotRequired[list["PolicyDescriptorType"] | None]
    Policy: NotRequired[str | None]
    DurationSeconds: NotRequired[int | None]
    MinimumSessionTokenSize: NotRequired[int | None]

class AssumeRoleWithSAMLResponse(TypedDict):
    Credentials: NotRequired["Credentials" | None]
    AssumedRoleUser: NotRequired["AssumedRoleUser" | None]
    PackedPolicySize: NotRequired[int | None]
    Subject: NotRequired[str | None]
    SubjectType: NotRequired[str | None]
    Issuer: NotRequired[str | None]
    Audience: NotRequired[str | None]
    NameQualifier: NotRequired[str | None]
    SourceIdentity: NotRequired[str | None]
    SessionTokenUtilization: NotRequired[int | None]
    SessionTokenSize: NotRequired[int | None]
    TrustedIdentityPropagationContext: NotRequired["TrustedIdentityPropagationContext" | None]

class AssumeRoleWithWebIdentityRequest(TypedDict):
    RoleArn: str
    RoleSessionName: str
    WebIdentityToken: str
    ProviderId: NotRequired[str | None]
    PolicyArns: NotRequired[list["PolicyDescriptorType"] | None]
    Policy: NotRequired[str | None]
    DurationSeconds: NotRequired[int | None]
    MinimumSessionTokenSize: NotRequired[int | None]

class AssumeRoleWithWebIdentityResponse(TypedDict):
    Credentials: NotRequired["Credentials" | None]
    SubjectFromWebIdentityToken: NotRequired[str | None]
    AssumedRoleUser: NotRequired["AssumedRoleUser" | None]
    PackedPolicySize: NotRequired[int | None]
    Provider: NotRequired[str | None]
    Audience: NotRequired[str | None]
    SourceIdentity: NotRequired[str | None]
    SessionTokenUtilization: NotRequired[int | None]
    SessionTokenSize: NotRequired[int | None]
    TrustedIdentityPropagationContext: NotRequired["TrustedIdentityPropagationContext" | None]

class AssumeRootRequest(TypedDict):
    TargetPrincipal: str
    TaskPolicyArn: "PolicyDescriptorType"
    DurationSeconds: NotRequired[int | None]
    MinimumSessionTokenSize: NotRequired[int | None]

class AssumeRootResponse(TypedDict):
    Credentials: NotRequired["Credentials" | None]
    SourceIdentity: NotRequired[str | None]
    SessionTokenUtilization: NotRequired[int | None]
    SessionTokenSize: NotRequired[int | None]

class AssumedRoleUser(TypedDict):
    AssumedRoleId: str
    Arn: str

class Credentials(TypedDict):
    AccessKeyId: str
    SecretAccessKey: str
    SessionToken: str
    Expiration: float

class DecodeAuthorizationMessageRequest(TypedDict):
    EncodedMessage: str

class DecodeAuthorizationMessageResponse(TypedDict):
    DecodedMessage: NotRequired[str | None]

class ExpiredTokenException(TypedDict):
    message: NotRequired[str | None]

class ExpiredTradeInTokenException(TypedDict):
    message: NotRequired[str | None]

class FederatedUser(TypedDict):
    FederatedUserId: str
    Arn: str

class GetAccessKeyInfoRequest(TypedDict):
    AccessKeyId: str

class GetAccessKeyInfoResponse(TypedDict):
    Account: NotRequired[str | None]

class GetCallerIdentityRequest(TypedDict):
    pass

class GetCallerIdentityResponse(TypedDict):
    UserId: NotRequired[str | None]
    Account: NotRequired[str | None]
    Arn: NotRequired[str | None]

class GetDelegatedAccessTokenRequest(TypedDict):
    TradeInToken: str

class GetDelegatedAccessTokenResponse(TypedDict):
    Credentials: NotRequired["Credentials" | None]
    PackedPolicySize: NotRequired[int | None]
    AssumedPrincipal: NotRequired[str | None]

class GetFederationTokenRequest(TypedDict):
    Name: str
    Policy: NotRequired[str | None]
    PolicyArns: NotRequired[list["PolicyDescriptorType"] | None]
    DurationSeconds: NotRequired[int | None]
    Tags: NotRequired[list["Tag"] | None]
    MinimumSessionTokenSize: NotRequired[int | None]

class GetFederationTokenResponse(TypedDict):
    Credentials: NotRequired["Credentials" | None]
    FederatedUser: NotRequired["FederatedUser" | None]
    PackedPolicySize: NotRequired[int | None]
    SessionTokenUtilization: NotRequired[int | None]
    SessionTokenSize: NotRequired[int | None]

class GetScopedCredentialsRequest(TypedDict):
    Policy: NotRequired[str | None]
    DurationSeconds: NotRequired[int | None]
    MinimumSessionTokenSize: NotRequired[int | None]
    ScopedSessionDescription: NotRequired[str | None]

class GetScopedCredentialsResponse(TypedDict):
    Credentials: NotRequired["Credentials" | None]
    SessionInfo: NotRequired["ScopedSession" | None]
    SessionTokenUtilization: NotRequired[int | None]
    SessionTokenSize: NotRequired[int | None]
    ScopedPoliciesCount: NotRequired[int | None]
    SourceIdentity: NotRequired[str | None]

class GetSessionTokenRequest(TypedDict):
    DurationSeconds: NotRequired[int | None]
    SerialNumber: NotRequired[str | None]
    TokenCode: NotRequired[str | None]
    MinimumSessionTokenSize: NotRequired[int | None]

class GetSessionTokenResponse(TypedDict):
    Credentials: NotRequired["Credentials" | None]
    SessionTokenUtilization: NotRequired[int | None]
    SessionTokenSize: NotRequired[int | None]

class GetWebIdentityTokenRequest(TypedDict):
    Audience: list[str]
    DurationSeconds: NotRequired[int | None]
    SigningAlgorithm: str
    Scope: NotRequired[str | None]
    SubjectMode: NotRequired[str | None]
    Tags: NotRequired[list["Tag"] | None]

class GetWebIdentityTokenResponse(TypedDict):
    WebIdentityToken: NotRequired[str | None]
    Expiration: NotRequired[float | None]

class IDPCommunicationErrorException(TypedDict):
    message: NotRequired[str | None]

class IDPRejectedClaimException(TypedDict):
    message: NotRequired[str | None]

class InsufficientSessionLifetimeException(TypedDict):
    message: NotRequired[str | None]

class InvalidAuthorizationMessageException(TypedDict):
    message: NotRequired[str | None]

class InvalidContextAssertionException(TypedDict):
    message: NotRequired[str | None]

class InvalidIdentityTokenException(TypedDict):
    message: NotRequired[str | None]

class InvalidSubjectCredentialsException(TypedDict):
    message: NotRequired[str | None]

class JWTPayloadSizeExceededException(TypedDict):
    message: NotRequired[str | None]

class MalformedPolicyDocumentException(TypedDict):
    message: NotRequired[str | None]

class OriginIdentity(TypedDict):
    Subject: NotRequired[str | None]
    SubjectType: NotRequired[str | None]
    Issuer: NotRequired[str | None]
    FederatedProviderArn: NotRequired[str | None]

class OutboundWebIdentityFederationDisabledException(TypedDict):
    message: NotRequired[str | None]

class PackedPolicyTooLargeException(TypedDict):
    message: NotRequired[str | None]

class PolicyDescriptorType(TypedDict):
    arn: NotRequired[str | None]

class ProvidedContext(TypedDict):
    ProviderArn: NotRequired[str | None]
    ContextAssertion: NotRequired[str | None]

class RegionDisabledException(TypedDict):
    message: NotRequired[str | None]

class ScopedSession(TypedDict):
    ScopedSessionId: str
    Arn: str

class SessionDurationEscalationException(TypedDict):
    message: NotRequired[str | None]

class Tag(TypedDict):
    Key: str
    Value: str

class TransactionContext(TypedDict):
    IdentityProvider: NotRequired[dict[str, str] | None]

class TrustedIdentityPropagationContext(TypedDict):
    OriginIdentity: NotRequired["OriginIdentity" | None]
    TransactionContext: NotRequired["TransactionContext" | None]

