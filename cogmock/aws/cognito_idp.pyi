# Written by `make models` from botocore's model of cognito-idp. Do not edit.
from typing import Any, Literal, NotRequired, TypedDict

class AccessDeniedException(TypedDict):
    message: NotRequired[str | None]

class AccountRecoverySettingType(TypedDict):
    RecoveryMechanisms: NotRequired[list["RecoveryOptionType"] | None]

class AccountTakeoverActionType(TypedDict):
    Notify: bool
    EventAction: str

class AccountTakeoverActionsType(TypedDict):
    LowAction: NotRequired["AccountTakeoverActionType" | None]
    MediumAction: NotRequired["AccountTakeoverActionType" | None]
    HighAction: NotRequired["AccountTakeoverActionType" | None]

class AccountTakeoverRiskConfigurationType(TypedDict):
    NotifyConfiguration: NotRequired["NotifyConfigurationType" | None]
    Actions: "AccountTakeoverActionsType"

class AcrLevelConfigType(TypedDict):
    AcrValue: str

class AddCustomAttributesRequest(TypedDict):
    UserPoolId: str
    CustomAttributes: list["SchemaAttributeType"]

class AddCustomAttributesResponse(TypedDict):
    pass

class AddUserPoolClientSecretRequest(TypedDict):
    UserPoolId: str
    ClientId: str
    ClientSecret: NotRequired[str | None]

class AddUserPoolClientSecretResponse(TypedDict):
    ClientSecretDescriptor: NotRequired["ClientSecretDescriptorType" | None]

class AdminAddUserToGroupRequest(TypedDict):
    UserPoolId: str
    Username: str
    GroupName: str

class AdminConfirmSignUpRequest(TypedDict):
    UserPoolId: str
    Username: str
    ClientMetadata: NotRequired[dict[str, str] | None]

class AdminConfirmSignUpResponse(TypedDict):
    pass

class AdminCreateUserConfigType(TypedDict):
    AllowAdminCreateUserOnly: NotRequired[bool | None]
    UnusedAccountValidityDays: NotRequired[int | None]
    InviteMessageTemplate: NotRequired["MessageTemplateType" | None]

class AdminCreateUserRequest(TypedDict):
    UserPoolId: str
    Username: str
    UserAttributes: NotRequired[list["AttributeType"] | None]
    ValidationData: NotRequired[list["AttributeType"] | None]
    TemporaryPassword: NotRequired[str | None]
    ForceAliasCreation: NotRequired[bool | None]
    MessageAction: NotRequired[str | None]
    DesiredDeliveryMediums: NotRequired[list[str] | None]
    ClientMetadata: NotRequired[dict[str, str] | None]

class AdminCreateUserResponse(TypedDict):
    User: NotRequired["UserType" | None]

class AdminDeleteSoftwareTokenRequest(TypedDict):
    UserPoolId: str
    Username: str

class AdminDeleteSoftwareTokenResponse(TypedDict):
    pass

class AdminDeleteUserAttributesRequest(TypedDict):
    UserPoolId: str
    Username: str
    UserAttributeNames: list[str]

class AdminDeleteUserAttributesResponse(TypedDict):
    pass

class AdminDeleteUserRequest(TypedDict):
    UserPoolId: str
    Username: str

class AdminDisableProviderForUserRequest(TypedDict):
    UserPoolId: str
    User: "ProviderUserIdentifierType"

class AdminDisableProviderForUserResponse(TypedDict):
    pass

class AdminDisableUserRequest(TypedDict):
    UserPoolId: str
    Username: str

class AdminDisableUserResponse(TypedDict):
    pass

class AdminEnableUserRequest(TypedDict):
    UserPoolId: str
    Username: str

class AdminEnableUserResponse(TypedDict):
    pass

class AdminForgetDeviceRequest(TypedDict):
    UserPoolId: str
    Username: str
    DeviceKey: str

class AdminGetDeviceRequest(TypedDict):
    DeviceKey: str
    UserPoolId: str
    Username: str

class AdminGetDeviceResponse(TypedDict):
    Device: NotRequired["DeviceType" | None]

class AdminGetUserAuthFactorsRequest(TypedDict):
    UserPoolId: str
    Username: str

class AdminGetUserAuthFactorsResponse(TypedDict):
    Username: NotRequired[str | None]
    PreferredMfaSetting: NotRequired[str | None]
    UserMFASettingList: NotRequired[list[str] | None]
    ConfiguredUserAuthFactors: NotRequired[list[str] | None]

class AdminGetUserRequest(TypedDict):
    UserPoolId: str
    Username: str

class AdminGetUserResponse(TypedDict):
    Username: NotRequired[str | None]
    UserAttributes: NotRequired[list["AttributeType"] | None]
    UserCreateDate: NotRequired[float | None]
    UserLastModifiedDate: NotRequired[float | None]
    Enabled: NotRequired[bool | None]
    UserStatus: NotRequired[str | None]
    MFAOptions: NotRequired[list["MFAOptionType"] | None]
    PreferredMfaSetting: NotRequired[str | None]
    UserMFASettingList: NotRequired[list[str] | None]

class AdminInitiateAuthRequest(TypedDict):
    UserPoolId: str
    ClientId: str
    AuthFlow: str
    AuthParameters: NotRequired[dict[str, str] | None]
    ClientMetadata: NotRequired[dict[str, str] | None]
    AnalyticsMetadata: NotRequired["AnalyticsMetadataType" | None]
    ContextData: NotRequired["ContextDataType" | None]
    Session: NotRequired[str | None]

class AdminInitiateAuthResponse(TypedDict):
    ChallengeName: NotRequired[str | None]
    Session: NotRequired[str | None]
    ChallengeParameters: NotRequired[dict[str, str] | None]
    AuthenticationResult: NotRequired["AuthenticationResultType" | None]
    AvailableChallenges: NotRequired[list[str] | None]

class AdminLinkProviderForUserRequest(TypedDict):
    UserPoolId: str
    DestinationUser: "ProviderUserIdentifierType"
    SourceUser: "ProviderUserIdentifierType"

class AdminLinkProviderForUserResponse(TypedDict):
    pass

class AdminListDevicesRequest(TypedDict):
    UserPoolId: str
    Username: str
    Limit: NotRequired[int | None]
    PaginationToken: NotRequired[str | None]

class AdminListDevicesResponse(TypedDict):
    Devices: NotRequired[list["DeviceType"] | None]
    PaginationToken: NotRequired[str | None]

class AdminListGroupsForUserRequest(TypedDict):
    Username: str
    UserPoolId: str
    Limit: NotRequired[int | None]
    NextToken: NotRequired[str | None]

class AdminListGroupsForUserResponse(TypedDict):
    Groups: NotRequired[list["GroupType"] | None]
    NextToken: NotRequired[str | None]

class AdminListUserAuthEventsRequest(TypedDict):
    UserPoolId: str
    Username: str
    MaxResults: NotRequired[int | None]
    NextToken: NotRequired[str | None]

class AdminListUserAuthEventsResponse(TypedDict):
    AuthEvents: NotRequired[list["AuthEventType"] | None]
    NextToken: NotRequired[str | None]

class AdminListUserSessionsRequest(TypedDict):
    UserPoolId: str
    Username: str
    NextToken: NotRequired[str | None]

class AdminListUserSessionsResponse(TypedDict):
    Sessions: NotRequired[list["SessionDescriptionType"] | None]
    NextToken: NotRequired[str | None]

class AdminRemoveUserFromGroupRequest(TypedDict):
    UserPoolId: str
    Username: str
    GroupName: str

class AdminResetUserPasswordRequest(TypedDict):
    UserPoolId: str
    Username: str
    ClientMetadata: NotRequired[dict[str, str] | None]

class AdminResetUserPasswordResponse(TypedDict):
    pass

class AdminRespondToAuthChallengeRequest(TypedDict):
    UserPoolId: str
    ClientId: str
    ChallengeName: str
    ChallengeResponses: NotRequired[dict[str, str] | None]
    Session: NotRequired[str | None]
    AnalyticsMetadata: NotRequired["AnalyticsMetadataType" | None]
    ContextData: NotRequired["ContextDataType" | None]
    ClientMetadata: NotRequired[dict[str, str] | None]

class AdminRespondToAuthChallengeResponse(TypedDict):
    ChallengeName: NotRequired[str | None]
    Session: NotRequired[str | None]
    ChallengeParameters: NotRequired[dict[str, str] | None]
    AuthenticationResult: NotRequired["AuthenticationResultType" | None]
    AvailableChallenges: NotRequired[list[str] | None]

class AdminRevokeUserSessionRequest(TypedDict):
    UserPoolId: str
    Username: str
    SessionId: str
    RevokeAssociatedSessions: NotRequired[str | None]

class AdminRevokeUserSessionResponse(TypedDict):
    pass

class AdminSetUserMFAPreferenceRequest(TypedDict):
    SMSMfaSettings: NotRequired["SMSMfaSettingsType" | None]
    SoftwareTokenMfaSettings: NotRequired["SoftwareTokenMfaSettingsType" | None]
    EmailMfaSettings: NotRequired["EmailMfaSettingsType" | None]
    WebAuthnMfaSettings: NotRequired["WebAuthnMfaSettingsType" | None]
    Username: str
    UserPoolId: str

class AdminSetUserMFAPreferenceResponse(TypedDict):
    pass

class AdminSetUserPasswordRequest(TypedDict):
    UserPoolId: str
    Username: str
    Password: str
    Permanent: NotRequired[bool | None]

class AdminSetUserPasswordResponse(TypedDict):
    pass

class AdminSetUserSettingsRequest(TypedDict):
    UserPoolId: str
    Username: str
    MFAOptions: list["MFAOptionType"]

class AdminSetUserSettingsResponse(TypedDict):
    pass

class AdminUpdateAuthEventFeedbackRequest(TypedDict):
    UserPoolId: str
    Username: str
    EventId: str
    FeedbackValue: str

class AdminUpdateAuthEventFeedbackResponse(TypedDict):
    pass

class AdminUpdateDeviceStatusRequest(TypedDict):
    UserPoolId: str
    Username: str
    DeviceKey: str
    DeviceRememberedStatus: NotRequired[str | None]

class AdminUpdateDeviceStatusResponse(TypedDict):
    pass

class AdminUpdateUserAttributesRequest(TypedDict):
    UserPoolId: str
    Username: str
    UserAttributes: list["AttributeType"]
    ClientMetadata: NotRequired[dict[str, str] | None]

class AdminUpdateUserAttributesResponse(TypedDict):
    pass

class AdminUserGlobalSignOutRequest(TypedDict):
    UserPoolId: str
    Username: str

class AdminUserGlobalSignOutResponse(TypedDict):
    pass

class AdvancedSecurityAdditionalFlowsType(TypedDict):
    CustomAuthMode: NotRequired[str | None]

class AliasExistsException(TypedDict):
    message: NotRequired[str | None]

class AnalyticsConfigurationType(TypedDict):
    ApplicationId: NotRequired[str | None]
    ApplicationArn: NotRequired[str | None]
    RoleArn: NotRequired[str | None]
    ExternalId: NotRequired[str | None]
    UserDataShared: NotRequired[bool | None]

class AnalyticsMetadataType(TypedDict):
    AnalyticsEndpointId: NotRequired[str | None]

class AssetType(TypedDict):
    Category: str
    ColorMode: str
    Extension: str
    Bytes: NotRequired[bytes | None]
    ResourceId: NotRequired[str | None]

class AssociateSoftwareTokenRequest(TypedDict):
    AccessToken: NotRequired[str | None]
    Session: NotRequired[str | None]

class AssociateSoftwareTokenResponse(TypedDict):
    SecretCode: NotRequired[str | None]
    Session: NotRequired[str | None]

class AttributeType(TypedDict):
    Name: str
    Value: NotRequired[str | None]

class AuthEventType(TypedDict):
    EventId: NotRequired[str | None]
    EventType: NotRequired[str | None]
    CreationDate: NotRequired[float | None]
    EventResponse: NotRequired[str | None]
    EventRisk: NotRequired["EventRiskType" | None]
    ChallengeResponses: NotRequired[list["ChallengeResponseType"] | None]
    EventContextData: NotRequired["EventContextDataType" | None]
    EventFeedback: NotRequired["EventFeedbackType" | None]

class AuthenticationResultType(TypedDict):
    AccessToken: NotRequired[str | None]
    ExpiresIn: NotRequired[int | None]
    TokenType: NotRequired[str | None]
    RefreshToken: NotRequired[str | None]
    IdToken: NotRequired[str | None]
    NewDeviceMetadata: NotRequired["NewDeviceMetadataType" | None]

class CIMDPolicySummaryType(TypedDict):
    CIMDPolicyId: str
    ClientId: NotRequired[str | None]
    PolicyName: str
    CacheDuration: NotRequired[int | None]
    CreationDate: NotRequired[float | None]
    LastModifiedDate: NotRequired[float | None]

class CIMDPolicyType(TypedDict):
    UserPoolId: str
    CIMDPolicyId: str
    ClientId: NotRequired[str | None]
    PolicyName: str
    CacheDuration: NotRequired[int | None]
    URLPatterns: NotRequired[list[str] | None]
    CreationDate: NotRequired[float | None]
    LastModifiedDate: NotRequired[float | None]

class CachedCIMDURLDoesNotExistException(TypedDict):
    message: NotRequired[str | None]

class CancelPointInTimeRecoveryRequest(TypedDict):
    UserPoolId: str
    RestoreId: str

class CancelPointInTimeRecoveryResponse(TypedDict):
    Restoration: NotRequired["RestorationType" | None]

class ChallengeResponseType(TypedDict):
    ChallengeName: NotRequired[str | None]
    ChallengeResponse: NotRequired[str | None]

class ChangePasswordRequest(TypedDict):
    PreviousPassword: NotRequired[str | None]
    ProposedPassword: str
    AccessToken: str

class ChangePasswordResponse(TypedDict):
    pass

class ClientAuthenticationResultType(TypedDict):
    AccessToken: NotRequired[str | None]
    ExpiresIn: NotRequired[int | None]
    TokenType: NotRequired[str | None]

class ClientMetadataURLType(TypedDict):
    URL: str
    CachedDate: NotRequired[float | None]
    ExpirationDate: NotRequired[float | None]

class ClientSSOSessionConfigType(TypedDict):
    MaxValidityMinutes: int

class ClientSecretDescriptorType(TypedDict):
    ClientSecretId: NotRequired[str | None]
    ClientSecretValue: NotRequired[str | None]
    ClientSecretCreateDate: NotRequired[float | None]

class CloudWatchLogsConfigurationType(TypedDict):
    LogGroupArn: NotRequired[str | None]

class CodeDeliveryDetailsType(TypedDict):
    Destination: NotRequired[str | None]
    DeliveryMedium: NotRequired[str | None]
    AttributeName: NotRequired[str | None]

class CodeDeliveryFailureException(TypedDict):
    message: NotRequired[str | None]

class CodeMismatchException(TypedDict):
    message: NotRequired[str | None]

class CompleteWebAuthnRegistrationRequest(TypedDict):
    AccessToken: str
    Credential: Any

class CompleteWebAuthnRegistrationResponse(TypedDict):
    pass

class CompromisedCredentialsActionsType(TypedDict):
    EventAction: str

class CompromisedCredentialsRiskConfigurationType(TypedDict):
    EventFilter: NotRequired[list[str] | None]
    Actions: "CompromisedCredentialsActionsType"

class ConcurrentModificationException(TypedDict):
    message: NotRequired[str | None]

class ConfirmDeviceRequest(TypedDict):
    AccessToken: str
    DeviceKey: str
    DeviceSecretVerifierConfig: NotRequired["DeviceSecretVerifierConfigType" | None]
    DeviceName: NotRequired[str | None]

class ConfirmDeviceResponse(TypedDict):
    UserConfirmationNecessary: NotRequired[bool | None]

class ConfirmForgotPasswordRequest(TypedDict):
    ClientId: str
    SecretHash: NotRequired[str | None]
    Username: str
    ConfirmationCode: str
    Password: str
    AnalyticsMetadata: NotRequired["AnalyticsMetadataType" | None]
    UserContextData: NotRequired["UserContextDataType" | None]
    ClientMetadata: NotRequired[dict[str, str] | None]

class ConfirmForgotPasswordResponse(TypedDict):
    pass

class ConfirmSignUpRequest(TypedDict):
    ClientId: str
    SecretHash: NotRequired[str | None]
    Username: str
    ConfirmationCode: str
    ForceAliasCreation: NotRequired[bool | None]
    AnalyticsMetadata: NotRequired["AnalyticsMetadataType" | None]
    UserContextData: NotRequired["UserContextDataType" | None]
    ClientMetadata: NotRequired[dict[str, str] | None]
    Session: NotRequired[str | None]

class ConfirmSignUpResponse(TypedDict):
    Session: NotRequired[str | None]

class ContextDataType(TypedDict):
    IpAddress: str
    ServerName: str
    ServerPath: str
    HttpHeaders: list["HttpHeader"]
    EncodedData: NotRequired[str | None]

class CreateCIMDPolicyRequest(TypedDict):
    UserPoolId: str
    ClientId: str
    PolicyName: str
    CacheDuration: NotRequired[int | None]
    URLPatterns: list[str]

class CreateCIMDPolicyResponse(TypedDict):
    CIMDPolicy: NotRequired["CIMDPolicyType" | None]

class CreateGroupRequest(TypedDict):
    GroupName: str
    UserPoolId: str
    Description: NotRequired[str | None]
    RoleArn: NotRequired[str | None]
    Precedence: NotRequired[int | None]

class CreateGroupResponse(TypedDict):
    Group: NotRequired["GroupType" | None]

class CreateIdentityProviderRequest(TypedDict):
    UserPoolId: str
    ProviderName: str
    ProviderType: str
    ProviderDetails: dict[str, str]
    AttributeMapping: NotRequired[dict[str, str] | None]
    IdpIdentifiers: NotRequired[list[str] | None]
    AcrMapping: NotRequired[dict[str, str] | None]

class CreateIdentityProviderResponse(TypedDict):
    IdentityProvider: NotRequired["IdentityProviderType" | None]

class CreateManagedLoginBrandingRequest(TypedDict):
    UserPoolId: str
    ClientId: str
    UseCognitoProvidedValues: NotRequired[bool | None]
    Settings: NotRequired[Any | None]
    Assets: NotRequired[list["AssetType"] | None]

class CreateManagedLoginBrandingResponse(TypedDict):
    ManagedLoginBranding: NotRequired["ManagedLoginBrandingType" | None]

class CreateResourceServerRequest(TypedDict):
    UserPoolId: str
    Identifier: str
    Name: str
    Scopes: NotRequired[list["ResourceServerScopeType"] | None]

class CreateResourceServerResponse(TypedDict):
    ResourceServer: NotRequired["ResourceServerType" | None]

class CreateTermsRequest(TypedDict):
    UserPoolId: str
    ClientId: str
    TermsName: str
    TermsSource: str
    Enforcement: str
    Links: NotRequired[dict[str, str] | None]

class CreateTermsResponse(TypedDict):
    Terms: NotRequired["TermsType" | None]

class CreateUserImportJobRequest(TypedDict):
    JobName: str
    UserPoolId: str
    CloudWatchLogsRoleArn: str
    PasswordHashingAlgorithm: NotRequired[str | None]

class CreateUserImportJobResponse(TypedDict):
    UserImportJob: NotRequired["UserImportJobType" | None]

class CreateUserPoolClientRequest(TypedDict):
    UserPoolId: str
    ClientName: str
    GenerateSecret: NotRequired[bool | None]
    ClientSecret: NotRequired[str | None]
    RefreshTokenValidity: NotRequired[int | None]
    AccessTokenValidity: NotRequired[int | None]
    IdTokenValidity: NotRequired[int | None]
    TokenValidityUnits: NotRequired["TokenValidityUnitsType" | None]
    ReadAttributes: NotRequired[list[str] | None]
    WriteAttributes: NotRequired[list[str] | None]
    ExplicitAuthFlows: NotRequired[list[str] | None]
    SupportedIdentityProviders: NotRequired[list[str] | None]
    CallbackURLs: NotRequired[list[str] | None]
    LogoutURLs: NotRequired[list[str] | None]
    DefaultRedirectURI: NotRequired[str | None]
    AllowedOAuthFlows: NotRequired[list[str] | None]
    AllowedOAuthScopes: NotRequired[list[str] | None]
    AllowedOAuthFlowsUserPoolClient: NotRequired[bool | None]
    AnalyticsConfiguration: NotRequired["AnalyticsConfigurationType" | None]
    PreventUserExistenceErrors: NotRequired[str | None]
    EnableTokenRevocation: NotRequired[bool | None]
    EnablePropagateAdditionalUserContextData: NotRequired[bool | None]
    AuthSessionValidity: NotRequired[int | None]
    RefreshTokenRotation: NotRequired["RefreshTokenRotationType" | None]
    PublishSecretsInAWSSecretsManager: NotRequired[bool | None]

class CreateUserPoolClientResponse(TypedDict):
    UserPoolClient: NotRequired["UserPoolClientType" | None]

class CreateUserPoolDomainRequest(TypedDict):
    Domain: str
    UserPoolId: str
    ManagedLoginVersion: NotRequired[int | None]
    CustomDomainConfig: NotRequired["CustomDomainConfigType" | None]
    Routing: NotRequired["RoutingType" | None]

class CreateUserPoolDomainResponse(TypedDict):
    ManagedLoginVersion: NotRequired[int | None]
    CloudFrontDomain: NotRequired[str | None]
    Routing: NotRequired["RoutingType" | None]

class CreateUserPoolReplicaRequest(TypedDict):
    UserPoolId: str
    RegionName: str
    UserPoolTags: NotRequired[dict[str, str] | None]

class CreateUserPoolReplicaResponse(TypedDict):
    UserPoolReplica: NotRequired["UserPoolReplicaType" | None]

class CreateUserPoolRequest(TypedDict):
    PoolName: str
    Policies: NotRequired["UserPoolPolicyType" | None]
    DeletionProtection: NotRequired[str | None]
    LambdaConfig: NotRequired["LambdaConfigType" | None]
    AutoVerifiedAttributes: NotRequired[list[str] | None]
    AliasAttributes: NotRequired[list[str] | None]
    UsernameAttributes: NotRequired[list[str] | None]
    SmsVerificationMessage: NotRequired[str | None]
    EmailVerificationMessage: NotRequired[str | None]
    EmailVerificationSubject: NotRequired[str | None]
    VerificationMessageTemplate: NotRequired["VerificationMessageTemplateType" | None]
    SmsAuthenticationMessage: NotRequired[str | None]
    MfaConfiguration: NotRequired[str | None]
    UserAttributeUpdateSettings: NotRequired["UserAttributeUpdateSettingsType" | None]
    DeviceConfiguration: NotRequired["DeviceConfigurationType" | None]
    EmailConfiguration: NotRequired["EmailConfigurationType" | None]
    SmsConfiguration: NotRequired["SmsConfigurationType" | None]
    UserPoolTags: NotRequired[dict[str, str] | None]
    AdminCreateUserConfig: NotRequired["AdminCreateUserConfigType" | None]
    Schema: NotRequired[list["SchemaAttributeType"] | None]
    UserPoolAddOns: NotRequired["UserPoolAddOnsType" | None]
    DcrConfiguration: NotRequired["DcrConfigurationType" | None]
    UsernameConfiguration: NotRequired["UsernameConfigurationType" | None]
    AccountRecoverySetting: NotRequired["AccountRecoverySettingType" | None]
    UserPoolTier: NotRequired[str | None]
    KeyConfiguration: NotRequired["KeyConfigurationType" | None]
    IssuerConfiguration: NotRequired["IssuerConfigurationType" | None]
    AcrConfiguration: NotRequired[dict[str, "AcrLevelConfigType"] | None]

class CreateUserPoolResponse(TypedDict):
    UserPool: NotRequired["UserPoolType" | None]

class CustomDomainConfigType(TypedDict):
    CertificateArn: str
    SecurityPolicy: NotRequired[str | None]

class CustomEmailLambdaVersionConfigType(TypedDict):
    LambdaVersion: str
    LambdaArn: str

class CustomSMSLambdaVersionConfigType(TypedDict):
    LambdaVersion: str
    LambdaArn: str

class DcrConfigurationType(TypedDict):
    EnableStatus: NotRequired[str | None]
    OpenDcrEnabled: NotRequired[bool | None]
    AuthenticatedGrantTypes: NotRequired[list[str] | None]
    OpenDcrGrantTypes: NotRequired[list[str] | None]
    AllowedScopes: NotRequired[list[str] | None]

class DeleteCIMDPolicyRequest(TypedDict):
    UserPoolId: str
    CIMDPolicyId: str

class DeleteCIMDPolicyResponse(TypedDict):
    pass

class DeleteGroupRequest(TypedDict):
    GroupName: str
    UserPoolId: str

class DeleteIdentityProviderRequest(TypedDict):
    UserPoolId: str
    ProviderName: str

class DeleteManagedLoginBrandingRequest(TypedDict):
    ManagedLoginBrandingId: str
    UserPoolId: str

class DeleteResourceServerRequest(TypedDict):
    UserPoolId: str
    Identifier: str

class DeleteTermsRequest(TypedDict):
    TermsId: str
    UserPoolId: str

class DeleteUserAttributesRequest(TypedDict):
    UserAttributeNames: list[str]
    AccessToken: str

class DeleteUserAttributesResponse(TypedDict):
    pass

class DeleteUserPoolClientRequest(TypedDict):
    UserPoolId: str
    ClientId: str

class DeleteUserPoolClientSecretRequest(TypedDict):
    UserPoolId: str
    ClientId: str
    ClientSecretId: str

class DeleteUserPoolClientSecretResponse(TypedDict):
    pass

class DeleteUserPoolDomainRequest(TypedDict):
    Domain: str
    UserPoolId: str

class DeleteUserPoolDomainResponse(TypedDict):
    pass

class DeleteUserPoolReplicaRequest(TypedDict):
    UserPoolId: str
    RegionName: str

class DeleteUserPoolReplicaResponse(TypedDict):
    UserPoolReplica: NotRequired["UserPoolReplicaType" | None]

class DeleteUserPoolRequest(TypedDict):
    UserPoolId: str

class DeleteUserRequest(TypedDict):
    AccessToken: str

class DeleteWebAuthnCredentialRequest(TypedDict):
    AccessToken: str
    CredentialId: str

class DeleteWebAuthnCredentialResponse(TypedDict):
    pass

class DescribeCIMDPolicyRequest(TypedDict):
    UserPoolId: str
    CIMDPolicyId: str

class DescribeCIMDPolicyResponse(TypedDict):
    CIMDPolicy: NotRequired["CIMDPolicyType" | None]

class DescribeIdentityProviderRequest(TypedDict):
    UserPoolId: str
    ProviderName: str

class DescribeIdentityProviderResponse(TypedDict):
    IdentityProvider: NotRequired["IdentityProviderType" | None]

class DescribeManagedLoginBrandingByClientRequest(TypedDict):
    UserPoolId: str
    ClientId: str
    ReturnMergedResources: NotRequired[bool | None]

class DescribeManagedLoginBrandingByClientResponse(TypedDict):
    ManagedLoginBranding: NotRequired["ManagedLoginBrandingType" | None]

class DescribeManagedLoginBrandingRequest(TypedDict):
    UserPoolId: str
    ManagedLoginBrandingId: str
    ReturnMergedResources: NotRequired[bool | None]

class DescribeManagedLoginBrandingResponse(TypedDict):
    ManagedLoginBranding: NotRequired["ManagedLoginBrandingType" | None]

class DescribePointInTimeRecoveryRequest(TypedDict):
    UserPoolId: str
    RestoreId: str

class DescribePointInTimeRecoveryResponse(TypedDict):
    Restoration: NotRequired["RestorationType" | None]

class DescribeResourceServerRequest(TypedDict):
    UserPoolId: str
    Identifier: str

class DescribeResourceServerResponse(TypedDict):
    ResourceServer: NotRequired["ResourceServerType" | None]

class DescribeRiskConfigurationRequest(TypedDict):
    UserPoolId: str
    ClientId: NotRequired[str | None]

class DescribeRiskConfigurationResponse(TypedDict):
    RiskConfiguration: NotRequired["RiskConfigurationType" | None]

class DescribeTermsByClientRequest(TypedDict):
    ClientId: str
    UserPoolId: str
    TermsName: str

class DescribeTermsByClientResponse(TypedDict):
    Terms: NotRequired["TermsType" | None]

class DescribeTermsRequest(TypedDict):
    TermsId: str
    UserPoolId: str

class DescribeTermsResponse(TypedDict):
    Terms: NotRequired["TermsType" | None]

class DescribeUserImportJobRequest(TypedDict):
    UserPoolId: str
    JobId: str

class DescribeUserImportJobResponse(TypedDict):
    UserImportJob: NotRequired["UserImportJobType" | None]

class DescribeUserPoolClientRequest(TypedDict):
    UserPoolId: str
    ClientId: str

class DescribeUserPoolClientResponse(TypedDict):
    UserPoolClient: NotRequired["UserPoolClientType" | None]

class DescribeUserPoolDomainRequest(TypedDict):
    Domain: str

class DescribeUserPoolDomainResponse(TypedDict):
    DomainDescription: NotRequired["DomainDescriptionType" | None]

class DescribeUserPoolRequest(TypedDict):
    UserPoolId: str

class DescribeUserPoolResponse(TypedDict):
    UserPool: NotRequired["UserPoolType" | None]

class DeviceConfigurationType(TypedDict):
    ChallengeRequiredOnNewDevice: NotRequired[bool | None]
    DeviceOnlyRememberedOnUserPrompt: NotRequired[bool | None]

class DeviceKeyExistsException(TypedDict):
    message: NotRequired[str | None]

class DeviceSecretVerifierConfigType(TypedDict):
    PasswordVerifier: NotRequired[str | None]
    Salt: NotRequired[str | None]

class DeviceType(TypedDict):
    DeviceKey: NotRequired[str | None]
    DeviceAttributes: NotRequired[list["AttributeType"] | None]
    DeviceCreateDate: NotRequired[float | None]
    DeviceLastModifiedDate: NotRequired[float | None]
    DeviceLastAuthenticatedDate: NotRequired[float | None]

class DomainDescriptionType(TypedDict):
    UserPoolId: NotRequired[str | None]
    AWSAccountId: NotRequired[str | None]
    Domain: NotRequired[str | None]
    S3Bucket: NotRequired[str | None]
    CloudFrontDistribution: NotRequired[str | None]
    Version: NotRequired[str | None]
    Status: NotRequired[str | None]
    CustomDomainConfig: NotRequired["CustomDomainConfigType" | None]
    ManagedLoginVersion: NotRequired[int | None]
    Routing: NotRequired["RoutingType" | None]

class DuplicateProviderException(TypedDict):
    message: NotRequired[str | None]

class EmailConfigurationType(TypedDict):
    SourceArn: NotRequired[str | None]
    ReplyToEmailAddress: NotRequired[str | None]
    EmailSendingAccount: NotRequired[str | None]
    From: NotRequired[str | None]
    ConfigurationSet: NotRequired[str | None]

class EmailMfaConfigType(TypedDict):
    Message: NotRequired[str | None]
    Subject: NotRequired[str | None]

class EmailMfaSettingsType(TypedDict):
    Enabled: NotRequired[bool | None]
    PreferredMfa: NotRequired[bool | None]

class EnableSoftwareTokenMFAException(TypedDict):
    message: NotRequired[str | None]

class EumsSmsConfigurationType(TypedDict):
    CallerArn: str
    ExternalId: NotRequired[str | None]
    OriginationIdentity: NotRequired[str | None]
    ConfigurationSetName: NotRequired[str | None]
    InEntityId: NotRequired[str | None]
    InTemplateId: NotRequired[str | None]
    Region: NotRequired[str | None]

class EventContextDataType(TypedDict):
    IpAddress: NotRequired[str | None]
    DeviceName: NotRequired[str | None]
    Timezone: NotRequired[str | None]
    City: NotRequired[str | None]
    Country: NotRequired[str | None]

class EventFeedbackType(TypedDict):
    FeedbackValue: str
    Provider: str
    FeedbackDate: NotRequired[float | None]

class EventRiskType(TypedDict):
    RiskDecision: NotRequired[str | None]
    RiskLevel: NotRequired[str | None]
    CompromisedCredentialsDetected: NotRequired[bool | None]

class ExpiredCodeException(TypedDict):
    message: NotRequired[str | None]

class FailoverType(TypedDict):
    SecondaryRegion: str
    PrimaryRoute53HealthCheckId: str

class FeatureUnavailableInTierException(TypedDict):
    message: NotRequired[str | None]

class FirehoseConfigurationType(TypedDict):
    StreamArn: NotRequired[str | None]

class ForbiddenException(TypedDict):
    message: NotRequired[str | None]

class ForgetDeviceRequest(TypedDict):
    AccessToken: NotRequired[str | None]
    DeviceKey: str

class ForgotPasswordRequest(TypedDict):
    ClientId: str
    SecretHash: NotRequired[str | None]
    UserContextData: NotRequired["UserContextDataType" | None]
    Username: str
    AnalyticsMetadata: NotRequired["AnalyticsMetadataType" | None]
    ClientMetadata: NotRequired[dict[str, str] | None]

class ForgotPasswordResponse(TypedDict):
    CodeDeliveryDetails: NotRequired["CodeDeliveryDetailsType" | None]

class GetCSVHeaderRequest(TypedDict):
    UserPoolId: str

class GetCSVHeaderResponse(TypedDict):
    UserPoolId: NotRequired[str | None]
    CSVHeader: NotRequired[list[str] | None]

class GetClientTokenRequest(TypedDict):
    ClientId: str
    Secret: str
    Scopes: NotRequired[list[str] | None]
    ClientMetadata: NotRequired[dict[str, str] | None]

class GetClientTokenResponse(TypedDict):
    ClientAuthenticationResult: NotRequired["ClientAuthenticationResultType" | None]

class GetDerivedTokenRequest(TypedDict):
    ClientId: str
    ClientSecret: NotRequired[str | None]
    SubjectToken: str
    SubjectTokenType: str
    SubjectTokenProviderName: NotRequired[str | None]
    ActorToken: NotRequired[str | None]
    ActorTokenType: NotRequired[str | None]
    ActorTokenProviderName: NotRequired[str | None]
    Scopes: NotRequired[list[str] | None]
    Audiences: NotRequired[list[str] | None]
    Resources: NotRequired[list[str] | None]
    RequestedTokenType: NotRequired[str | None]

class GetDerivedTokenResponse(TypedDict):
    IssuedToken: NotRequired[str | None]
    IssuedTokenType: NotRequired[str | None]
    TokenType: NotRequired[str | None]
    ExpiresIn: NotRequired[int | None]
    Scopes: NotRequired[list[str] | None]

class GetDeviceRequest(TypedDict):
    DeviceKey: str
    AccessToken: NotRequired[str | None]

class GetDeviceResponse(TypedDict):
    Device: NotRequired["DeviceType" | None]

class GetGroupRequest(TypedDict):
    GroupName: str
    UserPoolId: str

class GetGroupResponse(TypedDict):
    Group: NotRequired["GroupType" | None]

class GetIdentityProviderByIdentifierRequest(TypedDict):
    UserPoolId: str
    IdpIdentifier: str

class GetIdentityProviderByIdentifierResponse(TypedDict):
    IdentityProvider: NotRequired["IdentityProviderType" | None]

class GetLogDeliveryConfigurationRequest(TypedDict):
    UserPoolId: str

class GetLogDeliveryConfigurationResponse(TypedDict):
    LogDeliveryConfiguration: NotRequired["LogDeliveryConfigurationType" | None]

class GetProvisionedLimitRequest(TypedDict):
    LimitDefinition: "LimitDefinitionType"

class GetProvisionedLimitResponse(TypedDict):
    Limit: NotRequired["LimitType" | None]

class GetSigningCertificateRequest(TypedDict):
    UserPoolId: str

class GetSigningCertificateResponse(TypedDict):
    Certificate: NotRequired[str | None]

class GetTokensFromRefreshTokenRequest(TypedDict):
    RefreshToken: str
    ClientId: str
    ClientSecret: NotRequired[str | None]
    DeviceKey: NotRequired[str | None]
    ClientMetadata: NotRequired[dict[str, str] | None]

class GetTokensFromRefreshTokenResponse(TypedDict):
    AuthenticationResult: NotRequired["AuthenticationResultType" | None]

class GetUICustomizationRequest(TypedDict):
    UserPoolId: str
    ClientId: NotRequired[str | None]

class GetUICustomizationResponse(TypedDict):
    UICustomization: NotRequired["UICustomizationType" | None]

class GetUserAttributeVerificationCodeRequest(TypedDict):
    AccessToken: str
    AttributeName: str
    ClientMetadata: NotRequired[dict[str, str] | None]

class GetUserAttributeVerificationCodeResponse(TypedDict):
    CodeDeliveryDetails: NotRequired["CodeDeliveryDetailsType" | None]

class GetUserAuthFactorsRequest(TypedDict):
    AccessToken: str

class GetUserAuthFactorsResponse(TypedDict):
    Username: NotRequired[str | None]
    PreferredMfaSetting: NotRequired[str | None]
    UserMFASettingList: NotRequired[list[str] | None]
    ConfiguredUserAuthFactors: NotRequired[list[str] | None]

class GetUserPoolClientSessionConfigurationRequest(TypedDict):
    UserPoolId: str
    ClientId: str

class GetUserPoolClientSessionConfigurationResponse(TypedDict):
    UserPoolId: NotRequired[str | None]
    ClientId: NotRequired[str | None]
    SSOSession: NotRequired["ClientSSOSessionConfigType" | None]

class GetUserPoolMfaConfigRequest(TypedDict):
    UserPoolId: str

class GetUserPoolMfaConfigResponse(TypedDict):
    SmsMfaConfiguration: NotRequired["SmsMfaConfigType" | None]
    SoftwareTokenMfaConfiguration: NotRequired["SoftwareTokenMfaConfigType" | None]
    EmailMfaConfiguration: NotRequired["EmailMfaConfigType" | None]
    MfaConfiguration: NotRequired[str | None]
    WebAuthnConfiguration: NotRequired["WebAuthnConfigurationType" | None]

class GetUserPoolSessionConfigurationRequest(TypedDict):
    UserPoolId: str

class GetUserPoolSessionConfigurationResponse(TypedDict):
    UserPoolId: NotRequired[str | None]
    UserSessionTracking: NotRequired[str | None]
    TokenSession: NotRequired["UserPoolTokenSessionConfigType" | None]

class GetUserRequest(TypedDict):
    AccessToken: str

class GetUserResponse(TypedDict):
    Username: NotRequired[str | None]
    UserAttributes: NotRequired[list["AttributeType"] | None]
    MFAOptions: NotRequired[list["MFAOptionType"] | None]
    PreferredMfaSetting: NotRequired[str | None]
    UserMFASettingList: NotRequired[list[str] | None]

class GlobalSignOutRequest(TypedDict):
    AccessToken: str

class GlobalSignOutResponse(TypedDict):
    pass

class GroupExistsException(TypedDict):
    message: NotRequired[str | None]

class GroupType(TypedDict):
    GroupName: NotRequired[str | None]
    UserPoolId: NotRequired[str | None]
    Description: NotRequired[str | None]
    RoleArn: NotRequired[str | None]
    Precedence: NotRequired[int | None]
    LastModifiedDate: NotRequired[float | None]
    CreationDate: NotRequired[float | None]

class HttpHeader(TypedDict):
    headerName: NotRequired[str | None]
    headerValue: NotRequired[str | None]

class IdentityProviderType(TypedDict):
    UserPoolId: NotRequired[str | None]
    ProviderName: NotRequired[str | None]
    ProviderType: NotRequired[str | None]
    ProviderDetails: NotRequired[dict[str, str] | None]
    AttributeMapping: NotRequired[dict[str, str] | None]
    IdpIdentifiers: NotRequired[list[str] | None]
    AcrMapping: NotRequired[dict[str, str] | None]
    LastModifiedDate: NotRequired[float | None]
    CreationDate: NotRequired[float | None]

class InboundFederationLambdaType(TypedDict):
    LambdaVersion: str
    LambdaArn: str

class InitiateAuthRequest(TypedDict):
    AuthFlow: str
    AuthParameters: NotRequired[dict[str, str] | None]
    ClientMetadata: NotRequired[dict[str, str] | None]
    ClientId: str
    AnalyticsMetadata: NotRequired["AnalyticsMetadataType" | None]
    UserContextData: NotRequired["UserContextDataType" | None]
    Session: NotRequired[str | None]

class InitiateAuthResponse(TypedDict):
    ChallengeName: NotRequired[str | None]
    Session: NotRequired[str | None]
    ChallengeParameters: NotRequired[dict[str, str] | None]
    AuthenticationResult: NotRequired["AuthenticationResultType" | None]
    AvailableChallenges: NotRequired[list[str] | None]

class InitiatePointInTimeRecoveryRequest(TypedDict):
    UserPoolId: str
    RestoreTimestamp: float

class InitiatePointInTimeRecoveryResponse(TypedDict):
    Restoration: NotRequired["RestorationType" | None]

class InternalErrorException(TypedDict):
    message: NotRequired[str | None]

class InternalServerException(TypedDict):
    message: NotRequired[str | None]

class InvalidEmailRoleAccessPolicyException(TypedDict):
    message: NotRequired[str | None]

class InvalidLambdaResponseException(TypedDict):
    message: NotRequired[str | None]

class InvalidOAuthFlowException(TypedDict):
    message: NotRequired[str | None]

class InvalidParameterException(TypedDict):
    message: NotRequired[str | None]
    reasonCode: NotRequired[str | None]

class InvalidPasswordException(TypedDict):
    message: NotRequired[str | None]

class InvalidSmsRoleAccessPolicyException(TypedDict):
    message: NotRequired[str | None]

class InvalidSmsRoleTrustRelationshipException(TypedDict):
    message: NotRequired[str | None]

class InvalidUserPoolConfigurationException(TypedDict):
    message: NotRequired[str | None]

class IssuerConfigurationType(TypedDict):
    Type: NotRequired[str | None]

class KeyConfigurationType(TypedDict):
    KeyType: NotRequired[str | None]
    KmsKeyArn: NotRequired[str | None]

class LambdaConfigType(TypedDict):
    PreSignUp: NotRequired[str | None]
    CustomMessage: NotRequired[str | None]
    PostConfirmation: NotRequired[str | None]
    PreAuthentication: NotRequired[str | None]
    PostAuthentication: NotRequired[str | None]
    DefineAuthChallenge: NotRequired[str | None]
    CreateAuthChallenge: NotRequired[str | None]
    VerifyAuthChallengeResponse: NotRequired[str | None]
    PreTokenGeneration: NotRequired[str | None]
    UserMigration: NotRequired[str | None]
    PreTokenGenerationConfig: NotRequired["PreTokenGenerationVersionConfigType" | None]
    CustomSMSSender: NotRequired["CustomSMSLambdaVersionConfigType" | None]
    CustomEmailSender: NotRequired["CustomEmailLambdaVersionConfigType" | None]
    KMSKeyID: NotRequired[str | None]
    InboundFederation: NotRequired["InboundFederationLambdaType" | None]

class LimitDefinitionType(TypedDict):
    LimitClass: str
    Attributes: dict[str, str]

class LimitExceededException(TypedDict):
    message: NotRequired[str | None]

class LimitType(TypedDict):
    LimitDefinition: "LimitDefinitionType"
    ProvisionedLimitValue: int
    FreeLimitValue: int

class ListCIMDPoliciesRequest(TypedDict):
    UserPoolId: str
    NextToken: NotRequired[str | None]
    MaxResults: NotRequired[int | None]

class ListCIMDPoliciesResponse(TypedDict):
    NextToken: NotRequired[str | None]
    CIMDPolicies: NotRequired[list["CIMDPolicySummaryType"] | None]

class ListClientMetadataURLsRequest(TypedDict):
    UserPoolId: str
    CIMDPolicyId: str
    NextToken: NotRequired[str | None]
    MaxResults: NotRequired[int | None]

class ListClientMetadataURLsResponse(TypedDict):
    NextToken: NotRequired[str | None]
    ClientMetadataURLs: NotRequired[list["ClientMetadataURLType"] | None]

class ListDevicesRequest(TypedDict):
    AccessToken: str
    Limit: NotRequired[int | None]
    PaginationToken: NotRequired[str | None]

class ListDevicesResponse(TypedDict):
    Devices: NotRequired[list["DeviceType"] | None]
    PaginationToken: NotRequired[str | None]

class ListGroupsRequest(TypedDict):
    UserPoolId: str
    Limit: NotRequired[int | None]
    NextToken: NotRequired[str | None]

class ListGroupsResponse(TypedDict):
    Groups: NotRequired[list["GroupType"] | None]
    NextToken: NotRequired[str | None]

class ListIdentityProvidersRequest(TypedDict):
    UserPoolId: str
    MaxResults: NotRequired[int | None]
    NextToken: NotRequired[str | None]

class ListIdentityProvidersResponse(TypedDict):
    Providers: NotRequired[list["ProviderDescription"] | None]
    NextToken: NotRequired[str | None]

class ListPointInTimeRecoveriesRequest(TypedDict):
    UserPoolId: str
    NextToken: NotRequired[str | None]
    MaxResults: NotRequired[int | None]

class ListPointInTimeRecoveriesResponse(TypedDict):
    Restorations: NotRequired[list["RestorationDescriptionType"] | None]
    NextToken: NotRequired[str | None]

class ListResourceServersRequest(TypedDict):
    UserPoolId: str
    MaxResults: NotRequired[int | None]
    NextToken: NotRequired[str | None]

class ListResourceServersResponse(TypedDict):
    ResourceServers: NotRequired[list["ResourceServerType"] | None]
    NextToken: NotRequired[str | None]

class ListTagsForResourceRequest(TypedDict):
    ResourceArn: str

class ListTagsForResourceResponse(TypedDict):
    Tags: NotRequired[dict[str, str] | None]

class ListTermsRequest(TypedDict):
    UserPoolId: str
    MaxResults: NotRequired[int | None]
    NextToken: NotRequired[str | None]

class ListTermsResponse(TypedDict):
    Terms: NotRequired[list["TermsDescriptionType"] | None]
    NextToken: NotRequired[str | None]

class ListUserImportJobsRequest(TypedDict):
    UserPoolId: str
    MaxResults: int
    PaginationToken: NotRequired[str | None]

class ListUserImportJobsResponse(TypedDict):
    UserImportJobs: NotRequired[list["UserImportJobType"] | None]
    PaginationToken: NotRequired[str | None]

class ListUserPoolClientSecretsRequest(TypedDict):
    UserPoolId: str
    ClientId: str
    NextToken: NotRequired[str | None]

class ListUserPoolClientSecretsResponse(TypedDict):
    ClientSecrets: NotRequired[list["ClientSecretDescriptorType"] | None]
    NextToken: NotRequired[str | None]

class ListUserPoolClientsRequest(TypedDict):
    UserPoolId: str
    MaxResults: NotRequired[int | None]
    NextToken: NotRequired[str | None]
    ClientType: NotRequired[str | None]

class ListUserPoolClientsResponse(TypedDict):
    UserPoolClients: NotRequired[list["UserPoolClientDescription"] | None]
    NextToken: NotRequired[str | None]

class ListUserPoolReplicasRequest(TypedDict):
    UserPoolId: str
    NextToken: NotRequired[str | None]

class ListUserPoolReplicasResponse(TypedDict):
    UserPoolReplicas: NotRequired[list["UserPoolReplicaType"] | None]
    NextToken: NotRequired[str | None]

class ListUserPoolsRequest(TypedDict):
    NextToken: NotRequired[str | None]
    MaxResults: int

class ListUserPoolsResponse(TypedDict):
    UserPools: NotRequired[list["UserPoolDescriptionType"] | None]
    NextToken: NotRequired[str | None]

class ListUserSessionsRequest(TypedDict):
    AccessToken: str
    NextToken: NotRequired[str | None]

class ListUserSessionsResponse(TypedDict):
    Sessions: NotRequired[list["SessionDescriptionType"] | None]
    NextToken: NotRequired[str | None]

class ListUsersInGroupRequest(TypedDict):
    UserPoolId: str
    GroupName: str
    Limit: NotRequired[int | None]
    NextToken: NotRequired[str | None]

class ListUsersInGroupResponse(TypedDict):
    Users: NotRequired[list["UserType"] | None]
    NextToken: NotRequired[str | None]

class ListUsersRequest(TypedDict):
    UserPoolId: str
    AttributesToGet: NotRequired[list[str] | None]
    Limit: NotRequired[int | None]
    PaginationToken: NotRequired[str | None]
    Filter: NotRequired[str | None]

class ListUsersResponse(TypedDict):
    Users: NotRequired[list["UserType"] | None]
    PaginationToken: NotRequired[str | None]

class ListWebAuthnCredentialsRequest(TypedDict):
    AccessToken: str
    NextToken: NotRequired[str | None]
    MaxResults: NotRequired[int | None]

class ListWebAuthnCredentialsResponse(TypedDict):
    Credentials: NotRequired[list["WebAuthnCredentialDescription"] | None]
    NextToken: NotRequired[str | None]

class LogConfigurationType(TypedDict):
    LogLevel: str
    EventSource: str
    CloudWatchLogsConfiguration: NotRequired["CloudWatchLogsConfigurationType" | None]
    S3Configuration: NotRequired["S3ConfigurationType" | None]
    FirehoseConfiguration: NotRequired["FirehoseConfigurationType" | None]

class LogDeliveryConfigurationType(TypedDict):
    UserPoolId: str
    LogConfigurations: list["LogConfigurationType"]

class MFAMethodNotFoundException(TypedDict):
    message: NotRequired[str | None]

class MFAOptionType(TypedDict):
    DeliveryMedium: NotRequired[str | None]
    AttributeName: NotRequired[str | None]

class ManagedLoginBrandingExistsException(TypedDict):
    message: NotRequired[str | None]

class ManagedLoginBrandingType(TypedDict):
    ManagedLoginBrandingId: NotRequired[str | None]
    UserPoolId: NotRequired[str | None]
    UseCognitoProvidedValues: NotRequired[bool | None]
    Settings: NotRequired[Any | None]
    Assets: NotRequired[list["AssetType"] | None]
    CreationDate: NotRequired[float | None]
    LastModifiedDate: NotRequired[float | None]

class MessageTemplateType(TypedDict):
    SMSMessage: NotRequired[str | None]
    EmailMessage: NotRequired[str | None]
    EmailSubject: NotRequired[str | None]

class NewDeviceMetadataType(TypedDict):
    DeviceKey: NotRequired[str | None]
    DeviceGroupKey: NotRequired[str | None]

class NotAuthorizedException(TypedDict):
    message: NotRequired[str | None]

class NotifyConfigurationType(TypedDict):
    From: NotRequired[str | None]
    ReplyTo: NotRequired[str | None]
    SourceArn: str
    BlockEmail: NotRequired["NotifyEmailType" | None]
    NoActionEmail: NotRequired["NotifyEmailType" | None]
    MfaEmail: NotRequired["NotifyEmailType" | None]

class NotifyEmailType(TypedDict):
    Subject: str
    HtmlBody: NotRequired[str | None]
    TextBody: NotRequired[str | None]

class NumberAttributeConstraintsType(TypedDict):
    MinValue: NotRequired[str | None]
    MaxValue: NotRequired[str | None]

class OperationNotEnabledException(TypedDict):
    message: NotRequired[str | None]

class PasswordHistoryPolicyViolationException(TypedDict):
    message: NotRequired[str | None]

class PasswordPolicyType(TypedDict):
    MinimumLength: NotRequired[int | None]
    RequireUppercase: NotRequired[bool | None]
    RequireLowercase: NotRequired[bool | None]
    RequireNumbers: NotRequired[bool | None]
    RequireSymbols: NotRequired[bool | None]
    PasswordHistorySize: NotRequired[int | None]
    TemporaryPasswordValidityDays: NotRequired[int | None]

class PasswordResetRequiredException(TypedDict):
    message: NotRequired[str | None]

class PreTokenGenerationVersionConfigType(TypedDict):
    LambdaVersion: str
    LambdaArn: str

class PreconditionNotMetException(TypedDict):
    message: NotRequired[str | None]

class ProviderDescription(TypedDict):
    ProviderName: NotRequired[str | None]
    ProviderType: NotRequired[str | None]
    LastModifiedDate: NotRequired[float | None]
    CreationDate: NotRequired[float | None]

class ProviderUserIdentifierType(TypedDict):
    ProviderName: NotRequired[str | None]
    ProviderAttributeName: NotRequired[str | None]
    ProviderAttributeValue: NotRequired[str | None]

class RecoveryOptionType(TypedDict):
    Priority: int
    Name: str

class RefreshTokenReuseException(TypedDict):
    message: NotRequired[str | None]

class RefreshTokenRotationType(TypedDict):
    Feature: str
    RetryGracePeriodSeconds: NotRequired[int | None]

class ResendConfirmationCodeRequest(TypedDict):
    ClientId: str
    SecretHash: NotRequired[str | None]
    UserContextData: NotRequired["UserContextDataType" | None]
    Username: str
    AnalyticsMetadata: NotRequired["AnalyticsMetadataType" | None]
    ClientMetadata: NotRequired[dict[str, str] | None]

class ResendConfirmationCodeResponse(TypedDict):
    CodeDeliveryDetails: NotRequired["CodeDeliveryDetailsType" | None]

class ResourceNotFoundException(TypedDict):
    message: NotRequired[str | None]

class ResourceServerScopeType(TypedDict):
    ScopeName: str
    ScopeDescription: str

class ResourceServerType(TypedDict):
    UserPoolId: NotRequired[str | None]
    Identifier: NotRequired[str | None]
    Name: NotRequired[str | None]
    Scopes: NotRequired[list["ResourceServerScopeType"] | None]
    ManagedBy: NotRequired[str | None]

class RespondToAuthChallengeRequest(TypedDict):
    ClientId: str
    ChallengeName: str
    Session: NotRequired[str | None]
    ChallengeResponses: NotRequired[dict[str, str] | None]
    AnalyticsMetadata: NotRequired["AnalyticsMetadataType" | None]
    UserContextData: NotRequired["UserContextDataType" | None]
    ClientMetadata: NotRequired[dict[str, str] | None]

class RespondToAuthChallengeResponse(TypedDict):
    ChallengeName: NotRequired[str | None]
    Session: NotRequired[str | None]
    ChallengeParameters: NotRequired[dict[str, str] | None]
    AuthenticationResult: NotRequired["AuthenticationResultType" | None]
    AvailableChallenges: NotRequired[list[str] | None]

class RestorationDescriptionType(TypedDict):
    RestoreId: NotRequired[str | None]
    RestoreStatus: NotRequired[str | None]
    RestoreTimestamp: NotRequired[float | None]

class RestorationType(TypedDict):
    RestoreId: NotRequired[str | None]
    RestoreStatus: NotRequired[str | None]
    RestoreTimestamp: NotRequired[float | None]
    TriggerTimestamp: NotRequired[float | None]
    RestorePreview: NotRequired[list["RestorePreviewType"] | None]

class RestorePreviewType(TypedDict):
    Entity: NotRequired[str | None]
    CreateCount: NotRequired[int | None]
    UpdateCount: NotRequired[int | None]
    DeleteCount: NotRequired[int | None]

class RevokeTokenRequest(TypedDict):
    Token: str
    ClientId: str
    ClientSecret: NotRequired[str | None]
    RevokeAssociatedSessions: NotRequired[str | None]

class RevokeTokenResponse(TypedDict):
    pass

class RevokeUserSessionRequest(TypedDict):
    AccessToken: str
    SessionId: str
    RevokeAssociatedSessions: NotRequired[str | None]

class RevokeUserSessionResponse(TypedDict):
    pass

class RiskConfigurationType(TypedDict):
    UserPoolId: NotRequired[str | None]
    ClientId: NotRequired[str | None]
    CompromisedCredentialsRiskConfiguration: NotRequired["CompromisedCredentialsRiskConfigurationType" | None]
    AccountTakeoverRiskConfiguration: NotRequired["AccountTakeoverRiskConfigurationType" | None]
    RiskExceptionConfiguration: NotRequired["RiskExceptionConfigurationType" | None]
    LastModifiedDate: NotRequired[float | None]

class RiskExceptionConfigurationType(TypedDict):
    BlockedIPRangeList: NotRequired[list[str] | None]
    SkippedIPRangeList: NotRequired[list[str] | None]

class RoutingType(TypedDict):
    Failover: NotRequired["FailoverType" | None]

class S3ConfigurationType(TypedDict):
    BucketArn: NotRequired[str | None]

class SMSMfaSettingsType(TypedDict):
    Enabled: NotRequired[bool | None]
    PreferredMfa: NotRequired[bool | None]

class SchemaAttributeType(TypedDict):
    Name: NotRequired[str | None]
    AttributeDataType: NotRequired[str | None]
    DeveloperOnlyAttribute: NotRequired[bool | None]
    Mutable: NotRequired[bool | None]
    Required: NotRequired[bool | None]
    NumberAttributeConstraints: NotRequired["NumberAttributeConstraintsType" | None]
    StringAttributeConstraints: NotRequired["StringAttributeConstraintsType" | None]

class ScopeDoesNotExistException(TypedDict):
    message: NotRequired[str | None]

class ServiceQuotaExceededException(TypedDict):
    message: NotRequired[str | None]

class SessionDescriptionType(TypedDict):
    SessionId: NotRequired[str | None]
    SessionType: NotRequired[str | None]
    ClientId: NotRequired[str | None]
    CreateDate: NotRequired[float | None]
    LastActiveDate: NotRequired[float | None]
    DeviceType: NotRequired[str | None]
    LastIPAddress: NotRequired[str | None]
    LastLocation: NotRequired["SessionLocationType" | None]
    OriginSessionId: NotRequired[str | None]
    IsCurrentSession: NotRequired[bool | None]

class SessionLocationType(TypedDict):
    City: NotRequired[str | None]
    Country: NotRequired[str | None]

class SetLogDeliveryConfigurationRequest(TypedDict):
    UserPoolId: str
    LogConfigurations: list["LogConfigurationType"]

class SetLogDeliveryConfigurationResponse(TypedDict):
    LogDeliveryConfiguration: NotRequired["LogDeliveryConfigurationType" | None]

class SetRiskConfigurationRequest(TypedDict):
    UserPoolId: str
    ClientId: NotRequired[str | None]
    CompromisedCredentialsRiskConfiguration: NotRequired["CompromisedCredentialsRiskConfigurationType" | None]
    AccountTakeoverRiskConfiguration: NotRequired["AccountTakeoverRiskConfigurationType" | None]
    RiskExceptionConfiguration: NotRequired["RiskExceptionConfigurationType" | None]

class SetRiskConfigurationResponse(TypedDict):
    RiskConfiguration: NotRequired["RiskConfigurationType" | None]

class SetUICustomizationRequest(TypedDict):
    UserPoolId: str
    ClientId: NotRequired[str | None]
    CSS: NotRequired[str | None]
    ImageFile: NotRequired[bytes | None]

class SetUICustomizationResponse(TypedDict):
    UICustomization: NotRequired["UICustomizationType" | None]

class SetUserMFAPreferenceRequest(TypedDict):
    SMSMfaSettings: NotRequired["SMSMfaSettingsType" | None]
    SoftwareTokenMfaSettings: NotRequired["SoftwareTokenMfaSettingsType" | None]
    EmailMfaSettings: NotRequired["EmailMfaSettingsType" | None]
    WebAuthnMfaSettings: NotRequired["WebAuthnMfaSettingsType" | None]
    AccessToken: str

class SetUserMFAPreferenceResponse(TypedDict):
    pass

class SetUserPoolClientSessionConfigurationRequest(TypedDict):
    UserPoolId: str
    ClientId: str
    SSOSession: "ClientSSOSessionConfigType"

class SetUserPoolClientSessionConfigurationResponse(TypedDict):
    UserPoolId: NotRequired[str | None]
    ClientId: NotRequired[str | None]
    SSOSession: NotRequired["ClientSSOSessionConfigType" | None]

class SetUserPoolMfaConfigRequest(TypedDict):
    UserPoolId: str
    SmsMfaConfiguration: NotRequired["SmsMfaConfigType" | None]
    SoftwareTokenMfaConfiguration: NotRequired["SoftwareTokenMfaConfigType" | None]
    EmailMfaConfiguration: NotRequired["EmailMfaConfigType" | None]
    MfaConfiguration: NotRequired[str | None]
    WebAuthnConfiguration: NotRequired["WebAuthnConfigurationType" | None]

class SetUserPoolMfaConfigResponse(TypedDict):
    SmsMfaConfiguration: NotRequired["SmsMfaConfigType" | None]
    SoftwareTokenMfaConfiguration: NotRequired["SoftwareTokenMfaConfigType" | None]
    EmailMfaConfiguration: NotRequired["EmailMfaConfigType" | None]
    MfaConfiguration: NotRequired[str | None]
    WebAuthnConfiguration: NotRequired["WebAuthnConfigurationType" | None]

class SetUserPoolSessionConfigurationRequest(TypedDict):
    UserPoolId: str
    UserSessionTracking: str
    TokenSession: "UserPoolTokenSessionConfigType"

class SetUserPoolSessionConfigurationResponse(TypedDict):
    UserPoolId: NotRequired[str | None]
    UserSessionTracking: NotRequired[str | None]
    TokenSession: NotRequired["UserPoolTokenSessionConfigType" | None]

class SetUserSettingsRequest(TypedDict):
    AccessToken: str
    MFAOptions: list["MFAOptionType"]

class SetUserSettingsResponse(TypedDict):
    pass

class SignInPolicyType(TypedDict):
    AllowedFirstAuthFactors: NotRequired[list[str] | None]

class SignUpRequest(TypedDict):
    ClientId: str
    SecretHash: NotRequired[str | None]
    Username: str
    Password: NotRequired[str | None]
    UserAttributes: NotRequired[list["AttributeType"] | None]
    ValidationData: NotRequired[list["AttributeType"] | None]
    AnalyticsMetadata: NotRequired["AnalyticsMetadataType" | None]
    UserContextData: NotRequired["UserContextDataType" | None]
    ClientMetadata: NotRequired[dict[str, str] | None]

class SignUpResponse(TypedDict):
    UserConfirmed: NotRequired[bool | None]
    CodeDeliveryDetails: NotRequired["CodeDeliveryDetailsType" | None]
    UserSub: NotRequired[str | None]
    Session: NotRequired[str | None]

class SmsConfigurationType(TypedDict):
    SnsCallerArn: NotRequired[str | None]
    ExternalId: NotRequired[str | None]
    SnsRegion: NotRequired[str | None]
    EumsSms: NotRequired["EumsSmsConfigurationType" | None]

class SmsMfaConfigType(TypedDict):
    SmsAuthenticationMessage: NotRequired[str | None]
    SmsConfiguration: NotRequired["SmsConfigurationType" | None]

class SoftwareTokenMFANotFoundException(TypedDict):
    message: NotRequired[str | None]

class SoftwareTokenMfaConfigType(TypedDict):
    Enabled: NotRequired[bool | None]

class SoftwareTokenMfaSettingsType(TypedDict):
    Enabled: NotRequired[bool | None]
    PreferredMfa: NotRequired[bool | None]

class StartPointInTimeRecoveryRequest(TypedDict):
    UserPoolId: str
    RestoreId: str

class StartPointInTimeRecoveryResponse(TypedDict):
    Restoration: NotRequired["RestorationType" | None]

class StartUserImportJobRequest(TypedDict):
    UserPoolId: str
    JobId: str

class StartUserImportJobResponse(TypedDict):
    UserImportJob: NotRequired["UserImportJobType" | None]

class StartWebAuthnRegistrationRequest(TypedDict):
    AccessToken: str

class StartWebAuthnRegistrationResponse(TypedDict):
    CredentialCreationOptions: NotRequired[Any | None]

class StopUserImportJobRequest(TypedDict):
    UserPoolId: str
    JobId: str

class StopUserImportJobResponse(TypedDict):
    UserImportJob: NotRequired["UserImportJobType" | None]

class StringAttributeConstraintsType(TypedDict):
    MinLength: NotRequired[str | None]
    MaxLength: NotRequired[str | None]

class TagResourceRequest(TypedDict):
    ResourceArn: str
    Tags: dict[str, str]

class TagResourceResponse(TypedDict):
    pass

class TermsDescriptionType(TypedDict):
    TermsId: str
    TermsName: str
    Enforcement: str
    CreationDate: float
    LastModifiedDate: float

class TermsExistsException(TypedDict):
    message: NotRequired[str | None]

class TermsType(TypedDict):
    TermsId: str
    UserPoolId: str
    ClientId: str
    TermsName: str
    TermsSource: str
    Enforcement: str
    Links: dict[str, str]
    CreationDate: float
    LastModifiedDate: float

class TierChangeNotAllowedException(TypedDict):
    message: NotRequired[str | None]

class TokenValidityUnitsType(TypedDict):
    AccessToken: NotRequired[str | None]
    IdToken: NotRequired[str | None]
    RefreshToken: NotRequired[str | None]

class TooManyFailedAttemptsException(TypedDict):
    message: NotRequired[str | None]

class TooManyRequestsException(TypedDict):
    message: NotRequired[str | None]

class UICustomizationType(TypedDict):
    UserPoolId: NotRequired[str | None]
    ClientId: NotRequired[str | None]
    ImageUrl: NotRequired[str | None]
    CSS: NotRequired[str | None]
    CSSVersion: NotRequired[str | None]
    LastModifiedDate: NotRequired[float | None]
    CreationDate: NotRequired[float | None]

class UnauthorizedException(TypedDict):
    message: NotRequired[str | None]

class UnexpectedLambdaException(TypedDict):
    message: NotRequired[str | None]

class UnsupportedIdentityProviderException(TypedDict):
    message: NotRequired[str | None]

class UnsupportedOperationException(TypedDict):
    message: NotRequired[str | None]

class UnsupportedTokenTypeException(TypedDict):
    message: NotRequired[str | None]

class UnsupportedUserStateException(TypedDict):
    message: NotRequired[str | None]

class UntagResourceRequest(TypedDict):
    ResourceArn: str
    TagKeys: list[str]

class UntagResourceResponse(TypedDict):
    pass

class UpdateAuthEventFeedbackRequest(TypedDict):
    UserPoolId: str
    Username: str
    EventId: str
    FeedbackToken: str
    FeedbackValue: str

class UpdateAuthEventFeedbackResponse(TypedDict):
    pass

class UpdateCIMDPolicyRequest(TypedDict):
    UserPoolId: str
    CIMDPolicyId: str
    ClientId: str
    PolicyName: NotRequired[str | None]
    CacheDuration: NotRequired[int | None]
    URLPatterns: list[str]

class UpdateCIMDPolicyResponse(TypedDict):
    CIMDPolicy: NotRequired["CIMDPolicyType" | None]

class UpdateClientMetadataURLStateRequest(TypedDict):
    UserPoolId: str
    CIMDPolicyId: str
    URL: str
    Action: str

class UpdateClientMetadataURLStateResponse(TypedDict):
    pass

class UpdateDeviceStatusRequest(TypedDict):
    AccessToken: str
    DeviceKey: str
    DeviceRememberedStatus: NotRequired[str | None]

class UpdateDeviceStatusResponse(TypedDict):
    pass

class UpdateGroupRequest(TypedDict):
    GroupName: str
    UserPoolId: str
    Description: NotRequired[str | None]
    RoleArn: NotRequired[str | None]
    Precedence: NotRequired[int | None]

class UpdateGroupResponse(TypedDict):
    Group: NotRequired["GroupType" | None]

class UpdateIdentityProviderRequest(TypedDict):
    UserPoolId: str
    ProviderName: str
    ProviderDetails: NotRequired[dict[str, str] | None]
    AttributeMapping: NotRequired[dict[str, str] | None]
    IdpIdentifiers: NotRequired[list[str] | None]
    AcrMapping: NotRequired[dict[str, str] | None]

class UpdateIdentityProviderResponse(TypedDict):
    IdentityProvider: NotRequired["IdentityProviderType" | None]

class UpdateManagedLoginBrandingRequest(TypedDict):
    UserPoolId: NotRequired[str | None]
    ManagedLoginBrandingId: NotRequired[str | None]
    UseCognitoProvidedValues: NotRequired[bool | None]
    Settings: NotRequired[Any | None]
    Assets: NotRequired[list["AssetType"] | None]

class UpdateManagedLoginBrandingResponse(TypedDict):
    ManagedLoginBranding: NotRequired["ManagedLoginBrandingType" | None]

class UpdateProvisionedLimitRequest(TypedDict):
    LimitDefinition: "LimitDefinitionType"
    RequestedLimitValue: int

class UpdateProvisionedLimitResponse(TypedDict):
    Limit: NotRequired["LimitType" | None]

class UpdateResourceServerRequest(TypedDict):
    UserPoolId: str
    Identifier: str
    Name: str
    Scopes: NotRequired[list["ResourceServerScopeType"] | None]

class UpdateResourceServerResponse(TypedDict):
    ResourceServer: NotRequired["ResourceServerType" | None]

class UpdateTermsRequest(TypedDict):
    TermsId: str
    UserPoolId: str
    TermsName: NotRequired[str | None]
    TermsSource: NotRequired[str | None]
    Enforcement: NotRequired[str | None]
    Links: NotRequired[dict[str, str] | None]

class UpdateTermsResponse(TypedDict):
    Terms: NotRequired["TermsType" | None]

class UpdateUserAttributesRequest(TypedDict):
    UserAttributes: list["AttributeType"]
    AccessToken: str
    ClientMetadata: NotRequired[dict[str, str] | None]

class UpdateUserAttributesResponse(TypedDict):
    CodeDeliveryDetailsList: NotRequired[list["CodeDeliveryDetailsType"] | None]

class UpdateUserPoolClientRequest(TypedDict):
    UserPoolId: str
    ClientId: str
    ClientName: NotRequired[str | None]
    RefreshTokenValidity: NotRequired[int | None]
    AccessTokenValidity: NotRequired[int | None]
    IdTokenValidity: NotRequired[int | None]
    TokenValidityUnits: NotRequired["TokenValidityUnitsType" | None]
    ReadAttributes: NotRequired[list[str] | None]
    WriteAttributes: NotRequired[list[str] | None]
    ExplicitAuthFlows: NotRequired[list[str] | None]
    SupportedIdentityProviders: NotRequired[list[str] | None]
    CallbackURLs: NotRequired[list[str] | None]
    LogoutURLs: NotRequired[list[str] | None]
    DefaultRedirectURI: NotRequired[str | None]
    AllowedOAuthFlows: NotRequired[list[str] | None]
    AllowedOAuthScopes: NotRequired[list[str] | None]
    AllowedOAuthFlowsUserPoolClient: NotRequired[bool | None]
    AnalyticsConfiguration: NotRequired["AnalyticsConfigurationType" | None]
    PreventUserExistenceErrors: NotRequired[str | None]
    EnableTokenRevocation: NotRequired[bool | None]
    EnablePropagateAdditionalUserContextData: NotRequired[bool | None]
    AuthSessionValidity: NotRequired[int | None]
    RefreshTokenRotation: NotRequired["RefreshTokenRotationType" | None]
    PublishSecretsInAWSSecretsManager: NotRequired[bool | None]

class UpdateUserPoolClientResponse(TypedDict):
    UserPoolClient: NotRequired["UserPoolClientType" | None]

class UpdateUserPoolDomainRequest(TypedDict):
    Domain: str
    UserPoolId: str
    ManagedLoginVersion: NotRequired[int | None]
    CustomDomainConfig: NotRequired["CustomDomainConfigType" | None]
    Routing: NotRequired["RoutingType" | None]

class UpdateUserPoolDomainResponse(TypedDict):
    ManagedLoginVersion: NotRequired[int | None]
    CloudFrontDomain: NotRequired[str | None]
    Routing: NotRequired["RoutingType" | None]

class UpdateUserPoolReplicaRequest(TypedDict):
    UserPoolId: str
    RegionName: str
    Status: str

class UpdateUserPoolReplicaResponse(TypedDict):
    UserPoolReplica: NotRequired["UserPoolReplicaType" | None]

class UpdateUserPoolRequest(TypedDict):
    UserPoolId: str
    Policies: NotRequired["UserPoolPolicyType" | None]
    DeletionProtection: NotRequired[str | None]
    LambdaConfig: NotRequired["LambdaConfigType" | None]
    AutoVerifiedAttributes: NotRequired[list[str] | None]
    SmsVerificationMessage: NotRequired[str | None]
    EmailVerificationMessage: NotRequired[str | None]
    EmailVerificationSubject: NotRequired[str | None]
    VerificationMessageTemplate: NotRequired["VerificationMessageTemplateType" | None]
    SmsAuthenticationMessage: NotRequired[str | None]
    UserAttributeUpdateSettings: NotRequired["UserAttributeUpdateSettingsType" | None]
    MfaConfiguration: NotRequired[str | None]
    DeviceConfiguration: NotRequired["DeviceConfigurationType" | None]
    EmailConfiguration: NotRequired["EmailConfigurationType" | None]
    SmsConfiguration: NotRequired["SmsConfigurationType" | None]
    UserPoolTags: NotRequired[dict[str, str] | None]
    AdminCreateUserConfig: NotRequired["AdminCreateUserConfigType" | None]
    UserPoolAddOns: NotRequired["UserPoolAddOnsType" | None]
    DcrConfiguration: NotRequired["DcrConfigurationType" | None]
    AccountRecoverySetting: NotRequired["AccountRecoverySettingType" | None]
    PoolName: NotRequired[str | None]
    UserPoolTier: NotRequired[str | None]
    KeyConfiguration: NotRequired["KeyConfigurationType" | None]
    IssuerConfiguration: NotRequired["IssuerConfigurationType" | None]
    AcrConfiguration: NotRequired[dict[str, "AcrLevelConfigType"] | None]

class UpdateUserPoolResponse(TypedDict):
    pass

class UserAttributeUpdateSettingsType(TypedDict):
    AttributesRequireVerificationBeforeUpdate: NotRequired[list[str] | None]

class UserContextDataType(TypedDict):
    IpAddress: NotRequired[str | None]
    EncodedData: NotRequired[str | None]

class UserImportInProgressException(TypedDict):
    message: NotRequired[str | None]

class UserImportJobType(TypedDict):
    JobName: NotRequired[str | None]
    JobId: NotRequired[str | None]
    UserPoolId: NotRequired[str | None]
    PreSignedUrl: NotRequired[str | None]
    CreationDate: NotRequired[float | None]
    StartDate: NotRequired[float | None]
    CompletionDate: NotRequired[float | None]
    Status: NotRequired[str | None]
    CloudWatchLogsRoleArn: NotRequired[str | None]
    ImportedUsers: NotRequired[int | None]
    SkippedUsers: NotRequired[int | None]
    FailedUsers: NotRequired[int | None]
    CompletionMessage: NotRequired[str | None]
    PasswordHashingAlgorithm: NotRequired[str | None]

class UserLambdaValidationException(TypedDict):
    message: NotRequired[str | None]

class UserNotConfirmedException(TypedDict):
    message: NotRequired[str | None]

class UserNotFoundException(TypedDict):
    message: NotRequired[str | None]

class UserPoolAddOnNotEnabledException(TypedDict):
    message: NotRequired[str | None]

class UserPoolAddOnsType(TypedDict):
    AdvancedSecurityMode: str
    AdvancedSecurityAdditionalFlows: NotRequired["AdvancedSecurityAdditionalFlowsType" | None]

class UserPoolClientDescription(TypedDict):
    ClientId: NotRequired[str | None]
    UserPoolId: NotRequired[str | None]
    ClientName: NotRequired[str | None]

class UserPoolClientType(TypedDict):
    UserPoolId: NotRequired[str | None]
    ClientName: NotRequired[str | None]
    ClientId: NotRequired[str | None]
    ClientSecret: NotRequired[str | None]
    ClientSecretArn: NotRequired[str | None]
    LastModifiedDate: NotRequired[float | None]
    CreationDate: NotRequired[float | None]
    RefreshTokenValidity: NotRequired[int | None]
    AccessTokenValidity: NotRequired[int | None]
    IdTokenValidity: NotRequired[int | None]
    TokenValidityUnits: NotRequired["TokenValidityUnitsType" | None]
    ReadAttributes: NotRequired[list[str] | None]
    WriteAttributes: NotRequired[list[str] | None]
    ExplicitAuthFlows: NotRequired[list[str] | None]
    SupportedIdentityProviders: NotRequired[list[str] | None]
    CallbackURLs: NotRequired[list[str] | None]
    LogoutURLs: NotRequired[list[str] | None]
    DefaultRedirectURI: NotRequired[str | None]
    AllowedOAuthFlows: NotRequired[list[str] | None]
    AllowedOAuthScopes: NotRequired[list[str] | None]
    AllowedOAuthFlowsUserPoolClient: NotRequired[bool | None]
    AnalyticsConfiguration: NotRequired["AnalyticsConfigurationType" | None]
    PreventUserExistenceErrors: NotRequired[str | None]
    EnableTokenRevocation: NotRequired[bool | None]
    EnablePropagateAdditionalUserContextData: NotRequired[bool | None]
    AuthSessionValidity: NotRequired[int | None]
    RefreshTokenRotation: NotRequired["RefreshTokenRotationType" | None]
    ClientType: NotRequired[str | None]

class UserPoolDescriptionType(TypedDict):
    Id: NotRequired[str | None]
    Name: NotRequired[str | None]
    LambdaConfig: NotRequired["LambdaConfigType" | None]
    Status: NotRequired[str | None]
    LastModifiedDate: NotRequired[float | None]
    CreationDate: NotRequired[float | None]
    ReplicaRegions: NotRequired[list[str] | None]

class UserPoolPolicyType(TypedDict):
    PasswordPolicy: NotRequired["PasswordPolicyType" | None]
    SignInPolicy: NotRequired["SignInPolicyType" | None]

class UserPoolReplicaType(TypedDict):
    RegionName: NotRequired[str | None]
    Status: NotRequired[str | None]
    Role: NotRequired[str | None]
    UserPoolArn: NotRequired[str | None]

class UserPoolTaggingException(TypedDict):
    message: NotRequired[str | None]

class UserPoolTokenSessionConfigType(TypedDict):
    MaxPerUser: int

class UserPoolType(TypedDict):
    Id: NotRequired[str | None]
    Name: NotRequired[str | None]
    Policies: NotRequired["UserPoolPolicyType" | None]
    DeletionProtection: NotRequired[str | None]
    LambdaConfig: NotRequired["LambdaConfigType" | None]
    Status: NotRequired[str | None]
    LastModifiedDate: NotRequired[float | None]
    CreationDate: NotRequired[float | None]
    SchemaAttributes: NotRequired[list["SchemaAttributeType"] | None]
    AutoVerifiedAttributes: NotRequired[list[str] | None]
    AliasAttributes: NotRequired[list[str] | None]
    UsernameAttributes: NotRequired[list[str] | None]
    SmsVerificationMessage: NotRequired[str | None]
    EmailVerificationMessage: NotRequired[str | None]
    EmailVerificationSubject: NotRequired[str | None]
    VerificationMessageTemplate: NotRequired["VerificationMessageTemplateType" | None]
    SmsAuthenticationMessage: NotRequired[str | None]
    UserAttributeUpdateSettings: NotRequired["UserAttributeUpdateSettingsType" | None]
    MfaConfiguration: NotRequired[str | None]
    DeviceConfiguration: NotRequired["DeviceConfigurationType" | None]
    EstimatedNumberOfUsers: NotRequired[int | None]
    EmailConfiguration: NotRequired["EmailConfigurationType" | None]
    SmsConfiguration: NotRequired["SmsConfigurationType" | None]
    UserPoolTags: NotRequired[dict[str, str] | None]
    SmsConfigurationFailure: NotRequired[str | None]
    EmailConfigurationFailure: NotRequired[str | None]
    Domain: NotRequired[str | None]
    CustomDomain: NotRequired[str | None]
    AdminCreateUserConfig: NotRequired["AdminCreateUserConfigType" | None]
    UserPoolAddOns: NotRequired["UserPoolAddOnsType" | None]
    DcrConfiguration: NotRequired["DcrConfigurationType" | None]
    UsernameConfiguration: NotRequired["UsernameConfigurationType" | None]
    Arn: NotRequired[str | None]
    AccountRecoverySetting: NotRequired["AccountRecoverySettingType" | None]
    UserPoolTier: NotRequired[str | None]
    KeyConfiguration: NotRequired["KeyConfigurationType" | None]
    IssuerConfiguration: NotRequired["IssuerConfigurationType" | None]
    AcrConfiguration: NotRequired[dict[str, "AcrLevelConfigType"] | None]

class UserType(TypedDict):
    Username: NotRequired[str | None]
    Attributes: NotRequired[list["AttributeType"] | None]
    UserCreateDate: NotRequired[float | None]
    UserLastModifiedDate: NotRequired[float | None]
    Enabled: NotRequired[bool | None]
    UserStatus: NotRequired[str | None]
    MFAOptions: NotRequired[list["MFAOptionType"] | None]

class UsernameConfigurationType(TypedDict):
    CaseSensitive: bool

class UsernameExistsException(TypedDict):
    message: NotRequired[str | None]

class VerificationMessageTemplateType(TypedDict):
    SmsMessage: NotRequired[str | None]
    EmailMessage: NotRequired[str | None]
    EmailSubject: NotRequired[str | None]
    EmailMessageByLink: NotRequired[str | None]
    EmailSubjectByLink: NotRequired[str | None]
    DefaultEmailOption: NotRequired[str | None]

class VerifySoftwareTokenRequest(TypedDict):
    AccessToken: NotRequired[str | None]
    Session: NotRequired[str | None]
    UserCode: str
    FriendlyDeviceName: NotRequired[str | None]

class VerifySoftwareTokenResponse(TypedDict):
    Status: NotRequired[str | None]
    Session: NotRequired[str | None]

class VerifyUserAttributeRequest(TypedDict):
    AccessToken: str
    AttributeName: str
    Code: str

class VerifyUserAttributeResponse(TypedDict):
    pass

class WebAuthnChallengeNotFoundException(TypedDict):
    message: NotRequired[str | None]

class WebAuthnClientMismatchException(TypedDict):
    message: NotRequired[str | None]

class WebAuthnConfigurationMissingException(TypedDict):
    message: NotRequired[str | None]

class WebAuthnConfigurationType(TypedDict):
    RelyingPartyId: NotRequired[str | None]
    UserVerification: NotRequired[str | None]
    FactorConfiguration: NotRequired[str | None]

class WebAuthnCredentialDescription(TypedDict):
    CredentialId: str
    FriendlyCredentialName: str
    RelyingPartyId: str
    AuthenticatorAttachment: NotRequired[str | None]
    AuthenticatorTransports: list[str]
    CreatedAt: float

class WebAuthnCredentialNotSupportedException(TypedDict):
    message: NotRequired[str | None]

class WebAuthnMfaSettingsType(TypedDict):
    Enabled: NotRequired[bool | None]

class WebAuthnNotEnabledException(TypedDict):
    message: NotRequired[str | None]

class WebAuthnOriginNotAllowedException(TypedDict):
    message: NotRequired[str | None]

class WebAuthnRelyingPartyMismatchException(TypedDict):
    message: NotRequired[str | None]

