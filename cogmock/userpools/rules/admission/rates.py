"""The categories of operations, and how many requests a second AWS answers in each."""

from __future__ import annotations

from cogmock.core.call import Call

FREE = {
    "UserAuthentication": 120,
    "UserCreation": 50,
    "UserFederation": 25,
    "UserAccountRecovery": 30,
    "UserRead": 120,
    "UserUpdate": 25,
    "UserToken": 120,
    "UserResourceRead": 50,
    "UserResourceUpdate": 25,
    "UserList": 30,
    "UserPoolRead": 15,
    "UserPoolUpdate": 15,
    "UserPoolResourceRead": 20,
    "UserPoolResourceUpdate": 15,
    "UserPoolClientRead": 15,
    "UserPoolClientUpdate": 15,
    "ClientAuthentication": 150,
}
"""Category → requests per second free of charge (AWS dev guide: Quotas in Amazon Cognito)."""
HIGHEST = 10
"""The largest limit, as a multiple of the free one. AWS has a maximum for each account. inferred: this number"""
PER_USER = 10
"""Reads, and writes, of one user in a second (AWS dev guide). They have no category, and no limit can raise them."""

# AWS dev guide: API request rate categories. inferred: the categories of operations that are newer than that page.
OPERATIONS = {
    "UserAuthentication": "InitiateAuth AdminInitiateAuth RespondToAuthChallenge AdminRespondToAuthChallenge",
    "UserCreation": "SignUp ConfirmSignUp AdminCreateUser AdminConfirmSignUp",
    "UserAccountRecovery": """ChangePassword ForgotPassword ConfirmForgotPassword AdminResetUserPassword
        AdminSetUserPassword""",
    "UserRead": "GetUser AdminGetUser GetUserAuthFactors AdminGetUserAuthFactors",
    "UserUpdate": """AdminAddUserToGroup AdminRemoveUserFromGroup AdminUpdateUserAttributes
        AdminDeleteUserAttributes UpdateUserAttributes DeleteUserAttributes VerifyUserAttribute AdminDeleteUser
        DeleteUser AdminDisableUser AdminEnableUser AdminLinkProviderForUser AdminDisableProviderForUser""",
    "UserToken": """GetTokensFromRefreshToken RevokeToken GlobalSignOut AdminUserGlobalSignOut GetDerivedToken
        RevokeUserSession AdminRevokeUserSession""",
    "UserResourceRead": """AdminGetDevice AdminListDevices GetDevice ListDevices AdminListGroupsForUser
        AdminListUserAuthEvents GetUserAttributeVerificationCode ResendConfirmationCode ListUserSessions
        AdminListUserSessions ListWebAuthnCredentials""",
    "UserResourceUpdate": """ConfirmDevice ForgetDevice UpdateDeviceStatus AdminForgetDevice AdminUpdateDeviceStatus
        AssociateSoftwareToken VerifySoftwareToken AdminDeleteSoftwareToken SetUserMFAPreference
        AdminSetUserMFAPreference SetUserSettings AdminSetUserSettings UpdateAuthEventFeedback
        AdminUpdateAuthEventFeedback StartWebAuthnRegistration CompleteWebAuthnRegistration
        DeleteWebAuthnCredential""",
    "UserList": "ListUsers ListUsersInGroup",
    "UserPoolRead": "DescribeUserPool ListUserPools",
    "UserPoolUpdate": "CreateUserPool UpdateUserPool DeleteUserPool",
    "UserPoolResourceRead": """DescribeIdentityProvider GetIdentityProviderByIdentifier ListIdentityProviders
        DescribeResourceServer ListResourceServers DescribeUserImportJob ListUserImportJobs GetCSVHeader
        DescribeUserPoolDomain DescribeRiskConfiguration GetGroup ListGroups GetSigningCertificate
        GetUICustomization GetUserPoolMfaConfig ListTagsForResource GetLogDeliveryConfiguration
        DescribeManagedLoginBranding DescribeManagedLoginBrandingByClient DescribeTerms DescribeTermsByClient
        ListTerms DescribeCIMDPolicy ListCIMDPolicies ListClientMetadataURLs GetUserPoolSessionConfiguration
        GetUserPoolClientSessionConfiguration ListUserPoolReplicas GetProvisionedLimit
        DescribePointInTimeRecovery ListPointInTimeRecoveries""",
    "UserPoolResourceUpdate": """AddCustomAttributes CreateGroup UpdateGroup DeleteGroup CreateIdentityProvider
        UpdateIdentityProvider DeleteIdentityProvider CreateResourceServer UpdateResourceServer
        DeleteResourceServer CreateUserImportJob StartUserImportJob StopUserImportJob CreateUserPoolDomain
        UpdateUserPoolDomain DeleteUserPoolDomain SetRiskConfiguration SetUICustomization SetUserPoolMfaConfig
        TagResource UntagResource SetLogDeliveryConfiguration CreateManagedLoginBranding
        UpdateManagedLoginBranding DeleteManagedLoginBranding CreateTerms UpdateTerms DeleteTerms CreateCIMDPolicy
        UpdateCIMDPolicy DeleteCIMDPolicy UpdateClientMetadataURLState SetUserPoolSessionConfiguration
        SetUserPoolClientSessionConfiguration CreateUserPoolReplica UpdateUserPoolReplica DeleteUserPoolReplica
        UpdateProvisionedLimit InitiatePointInTimeRecovery StartPointInTimeRecovery CancelPointInTimeRecovery""",
    "UserPoolClientRead": "DescribeUserPoolClient ListUserPoolClients ListUserPoolClientSecrets",
    "UserPoolClientUpdate": """CreateUserPoolClient UpdateUserPoolClient DeleteUserPoolClient
        AddUserPoolClientSecret DeleteUserPoolClientSecret""",
    "ClientAuthentication": "GetClientToken",
}
CATEGORY = {name: category for category, names in OPERATIONS.items() for name in names.split()}
"""Operation → its category."""
READS_OF_USER = frozenset({"UserRead", "UserResourceRead"})
WRITES_OF_USER = frozenset({"UserCreation", "UserAccountRecovery", "UserUpdate", "UserResourceUpdate"})


def limit(call: Call, category: str) -> int:
    """The requests a second of a category in the account and Region of a call."""
    return call.region.limits.get(category, FREE[category])
