# Written by `make models` from botocore's model of cognito-identity. Do not edit.
from typing import Any, Literal, NotRequired, TypedDict

class CognitoIdentityProvider(TypedDict):
    ProviderName: NotRequired[str | None]
    ClientId: NotRequired[str | None]
    ServerSideTokenCheck: NotRequired[bool | None]

class ConcurrentModificationException(TypedDict):
    message: NotRequired[str | None]

class CreateIdentityPoolInput(TypedDict):
    IdentityPoolName: str
    AllowUnauthenticatedIdentities: bool
    AllowClassicFlow: NotRequired[bool | None]
    SupportedLoginProviders: NotRequired[dict[str, str] | None]
    DeveloperProviderName: NotRequired[str | None]
    OpenIdConnectProviderARNs: NotRequired[list[str] | None]
    CognitoIdentityProviders: NotRequired[list["CognitoIdentityProvider"] | None]
    SamlProviderARNs: NotRequired[list[str] | None]
    IdentityPoolTags: NotRequired[dict[str, str] | None]

class Credentials(TypedDict):
    AccessKeyId: NotRequired[str | None]
    SecretKey: NotRequired[str | None]
    SessionToken: NotRequired[str | None]
    Expiration: NotRequired[float | None]

class DeleteIdentitiesInput(TypedDict):
    IdentityIdsToDelete: list[str]

class DeleteIdentitiesResponse(TypedDict):
    UnprocessedIdentityIds: NotRequired[list["UnprocessedIdentityId"] | None]

class DeleteIdentityPoolInput(TypedDict):
    IdentityPoolId: str

class DescribeIdentityInput(TypedDict):
    IdentityId: str

class DescribeIdentityPoolInput(TypedDict):
    IdentityPoolId: str

class DeveloperUserAlreadyRegisteredException(TypedDict):
    message: NotRequired[str | None]

class ExternalServiceException(TypedDict):
    message: NotRequired[str | None]

class GetCredentialsForIdentityInput(TypedDict):
    IdentityId: str
    Logins: NotRequired[dict[str, str] | None]
    CustomRoleArn: NotRequired[str | None]

class GetCredentialsForIdentityResponse(TypedDict):
    IdentityId: NotRequired[str | None]
    Credentials: NotRequired["Credentials" | None]

class GetIdInput(TypedDict):
    AccountId: NotRequired[str | None]
    IdentityPoolId: str
    Logins: NotRequired[dict[str, str] | None]

class GetIdResponse(TypedDict):
    IdentityId: NotRequired[str | None]

class GetIdentityPoolRolesInput(TypedDict):
    IdentityPoolId: str

class GetIdentityPoolRolesResponse(TypedDict):
    IdentityPoolId: NotRequired[str | None]
    Roles: NotRequired[dict[str, str] | None]
    RoleMappings: NotRequired[dict[str, "RoleMapping"] | None]

class GetOpenIdTokenForDeveloperIdentityInput(TypedDict):
    IdentityPoolId: str
    IdentityId: NotRequired[str | None]
    Logins: dict[str, str]
    PrincipalTags: NotRequired[dict[str, str] | None]
    TokenDuration: NotRequired[int | None]

class GetOpenIdTokenForDeveloperIdentityResponse(TypedDict):
    IdentityId: NotRequired[str | None]
    Token: NotRequired[str | None]

class GetOpenIdTokenInput(TypedDict):
    IdentityId: str
    Logins: NotRequired[dict[str, str] | None]

class GetOpenIdTokenResponse(TypedDict):
    IdentityId: NotRequired[str | None]
    Token: NotRequired[str | None]

class GetPrincipalTagAttributeMapInput(TypedDict):
    IdentityPoolId: str
    IdentityProviderName: str

class GetPrincipalTagAttributeMapResponse(TypedDict):
    IdentityPoolId: NotRequired[str | None]
    IdentityProviderName: NotRequired[str | None]
    UseDefaults: NotRequired[bool | None]
    PrincipalTags: NotRequired[dict[str, str] | None]

class IdentityDescription(TypedDict):
    IdentityId: NotRequired[str | None]
    Logins: NotRequired[list[str] | None]
    CreationDate: NotRequired[float | None]
    LastModifiedDate: NotRequired[float | None]

class IdentityPool(TypedDict):
    IdentityPoolId: NotRequired[str | None]
    IdentityPoolName: NotRequired[str | None]
    AllowUnauthenticatedIdentities: NotRequired[bool | None]
    AllowClassicFlow: NotRequired[bool | None]
    SupportedLoginProviders: NotRequired[dict[str, str] | None]
    DeveloperProviderName: NotRequired[str | None]
    OpenIdConnectProviderARNs: NotRequired[list[str] | None]
    CognitoIdentityProviders: NotRequired[list["CognitoIdentityProvider"] | None]
    SamlProviderARNs: NotRequired[list[str] | None]
    IdentityPoolTags: NotRequired[dict[str, str] | None]

class IdentityPoolShortDescription(TypedDict):
    IdentityPoolId: NotRequired[str | None]
    IdentityPoolName: NotRequired[str | None]

class InternalErrorException(TypedDict):
    message: NotRequired[str | None]

class InvalidIdentityPoolConfigurationException(TypedDict):
    message: NotRequired[str | None]

class InvalidParameterException(TypedDict):
    message: NotRequired[str | None]

class LimitExceededException(TypedDict):
    message: NotRequired[str | None]

class ListIdentitiesInput(TypedDict):
    IdentityPoolId: str
    MaxResults: int
    NextToken: NotRequired[str | None]
    HideDisabled: NotRequired[bool | None]

class ListIdentitiesResponse(TypedDict):
    IdentityPoolId: NotRequired[str | None]
    Identities: NotRequired[list["IdentityDescription"] | None]
    NextToken: NotRequired[str | None]

class ListIdentityPoolsInput(TypedDict):
    MaxResults: int
    NextToken: NotRequired[str | None]

class ListIdentityPoolsResponse(TypedDict):
    IdentityPools: NotRequired[list["IdentityPoolShortDescription"] | None]
    NextToken: NotRequired[str | None]

class ListTagsForResourceInput(TypedDict):
    ResourceArn: str

class ListTagsForResourceResponse(TypedDict):
    Tags: NotRequired[dict[str, str] | None]

class LookupDeveloperIdentityInput(TypedDict):
    IdentityPoolId: str
    IdentityId: NotRequired[str | None]
    DeveloperUserIdentifier: NotRequired[str | None]
    MaxResults: NotRequired[int | None]
    NextToken: NotRequired[str | None]

class LookupDeveloperIdentityResponse(TypedDict):
    IdentityId: NotRequired[str | None]
    DeveloperUserIdentifierList: NotRequired[list[str] | None]
    NextToken: NotRequired[str | None]

class MappingRule(TypedDict):
    Claim: str
    MatchType: str
    Value: str
    RoleARN: str

class MergeDeveloperIdentitiesInput(TypedDict):
    SourceUserIdentifier: str
    DestinationUserIdentifier: str
    DeveloperProviderName: str
    IdentityPoolId: str

class MergeDeveloperIdentitiesResponse(TypedDict):
    IdentityId: NotRequired[str | None]

class NotAuthorizedException(TypedDict):
    message: NotRequired[str | None]

class ResourceConflictException(TypedDict):
    message: NotRequired[str | None]

class ResourceNotFoundException(TypedDict):
    message: NotRequired[str | None]

class RoleMapping(TypedDict):
    Type: str
    AmbiguousRoleResolution: NotRequired[str | None]
    RulesConfiguration: NotRequired["RulesConfigurationType" | None]

class RulesConfigurationType(TypedDict):
    Rules: list["MappingRule"]

class SetIdentityPoolRolesInput(TypedDict):
    IdentityPoolId: str
    Roles: dict[str, str]
    RoleMappings: NotRequired[dict[str, "RoleMapping"] | None]

class SetPrincipalTagAttributeMapInput(TypedDict):
    IdentityPoolId: str
    IdentityProviderName: str
    UseDefaults: NotRequired[bool | None]
    PrincipalTags: NotRequired[dict[str, str] | None]

class SetPrincipalTagAttributeMapResponse(TypedDict):
    IdentityPoolId: NotRequired[str | None]
    IdentityProviderName: NotRequired[str | None]
    UseDefaults: NotRequired[bool | None]
    PrincipalTags: NotRequired[dict[str, str] | None]

class TagResourceInput(TypedDict):
    ResourceArn: str
    Tags: dict[str, str]

class TagResourceResponse(TypedDict):
    pass

class TooManyRequestsException(TypedDict):
    message: NotRequired[str | None]

class UnlinkDeveloperIdentityInput(TypedDict):
    IdentityId: str
    IdentityPoolId: str
    DeveloperProviderName: str
    DeveloperUserIdentifier: str

class UnlinkIdentityInput(TypedDict):
    IdentityId: str
    Logins: dict[str, str]
    LoginsToRemove: list[str]

class UnprocessedIdentityId(TypedDict):
    IdentityId: NotRequired[str | None]
    ErrorCode: NotRequired[str | None]

class UntagResourceInput(TypedDict):
    ResourceArn: str
    TagKeys: list[str]

class UntagResourceResponse(TypedDict):
    pass

