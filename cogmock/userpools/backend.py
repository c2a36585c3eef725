"""The backend of user pools: which module in `operations` has which operation."""

from __future__ import annotations

from typing import Any

from cogmock.core.backend import Backend
from cogmock.core.call import Call
from cogmock.services import COGNITO_IDP
from cogmock.userpools.rules.admission import replicas, writes


class UserPoolsBackend(Backend):
    service = COGNITO_IDP.name
    package = "cogmock.userpools.operations"
    # The model requires a signature for both, but says of the first that IAM policies are not evaluated.
    unsigned_too = frozenset({"GetClientToken", "GetDerivedToken"})
    subjects = {
        "pools": """CreateUserPool DescribeUserPool ListUserPools UpdateUserPool DeleteUserPool AddCustomAttributes
            GetUserPoolMfaConfig SetUserPoolMfaConfig GetSigningCertificate""",
        "clients": """CreateUserPoolClient DescribeUserPoolClient ListUserPoolClients UpdateUserPoolClient
            DeleteUserPoolClient AddUserPoolClientSecret ListUserPoolClientSecrets DeleteUserPoolClientSecret""",
        "users": """AdminCreateUser AdminGetUser AdminDeleteUser AdminEnableUser AdminDisableUser AdminConfirmSignUp
            AdminSetUserPassword AdminResetUserPassword ListUsers GetUser DeleteUser""",
        "attributes": """AdminUpdateUserAttributes AdminDeleteUserAttributes UpdateUserAttributes
            DeleteUserAttributes GetUserAttributeVerificationCode VerifyUserAttribute""",
        "sign_up": "SignUp ConfirmSignUp ResendConfirmationCode",
        "passwords": "ForgotPassword ConfirmForgotPassword ChangePassword",
        "authentication": """InitiateAuth AdminInitiateAuth RespondToAuthChallenge AdminRespondToAuthChallenge
            GetTokensFromRefreshToken RevokeToken GlobalSignOut AdminUserGlobalSignOut GetUserAuthFactors
            AdminGetUserAuthFactors GetClientToken GetDerivedToken""",
        "sessions": """ListUserSessions AdminListUserSessions RevokeUserSession AdminRevokeUserSession
            GetUserPoolSessionConfiguration SetUserPoolSessionConfiguration GetUserPoolClientSessionConfiguration
            SetUserPoolClientSessionConfiguration""",
        "groups": """CreateGroup GetGroup UpdateGroup DeleteGroup ListGroups ListUsersInGroup AdminAddUserToGroup
            AdminRemoveUserFromGroup AdminListGroupsForUser""",
        "mfa": """AssociateSoftwareToken VerifySoftwareToken SetUserMFAPreference AdminSetUserMFAPreference
            AdminDeleteSoftwareToken SetUserSettings AdminSetUserSettings""",
        "passkeys": """StartWebAuthnRegistration CompleteWebAuthnRegistration ListWebAuthnCredentials
            DeleteWebAuthnCredential""",
        "devices": """ConfirmDevice GetDevice ListDevices ForgetDevice UpdateDeviceStatus AdminGetDevice
            AdminListDevices AdminForgetDevice AdminUpdateDeviceStatus""",
        "providers": """CreateIdentityProvider DescribeIdentityProvider UpdateIdentityProvider DeleteIdentityProvider
            ListIdentityProviders GetIdentityProviderByIdentifier AdminLinkProviderForUser
            AdminDisableProviderForUser""",
        "resource_servers": """CreateResourceServer DescribeResourceServer UpdateResourceServer DeleteResourceServer
            ListResourceServers""",
        "domains": "CreateUserPoolDomain DescribeUserPoolDomain UpdateUserPoolDomain DeleteUserPoolDomain",
        "branding": "GetUICustomization SetUICustomization",
        "managed_branding": """CreateManagedLoginBranding DescribeManagedLoginBranding
            DescribeManagedLoginBrandingByClient UpdateManagedLoginBranding DeleteManagedLoginBranding""",
        "terms": "CreateTerms DescribeTerms DescribeTermsByClient UpdateTerms DeleteTerms ListTerms",
        "risk": """DescribeRiskConfiguration SetRiskConfiguration AdminListUserAuthEvents
            AdminUpdateAuthEventFeedback UpdateAuthEventFeedback""",
        "client_metadata": """CreateCIMDPolicy DescribeCIMDPolicy UpdateCIMDPolicy DeleteCIMDPolicy ListCIMDPolicies
            ListClientMetadataURLs UpdateClientMetadataURLState""",
        "imports": """CreateUserImportJob DescribeUserImportJob ListUserImportJobs StartUserImportJob
            StopUserImportJob GetCSVHeader""",
        "recovery": """InitiatePointInTimeRecovery DescribePointInTimeRecovery StartPointInTimeRecovery
            CancelPointInTimeRecovery ListPointInTimeRecoveries""",
        "replicas": """CreateUserPoolReplica ListUserPoolReplicas UpdateUserPoolReplica
            DeleteUserPoolReplica""",
        "service": """TagResource UntagResource ListTagsForResource GetLogDeliveryConfiguration
            SetLogDeliveryConfiguration GetProvisionedLimit UpdateProvisionedLimit""",
    }

    @classmethod
    def admit(cls, call: Call, name: str, params: dict[str, Any]) -> None:
        if call.is_throttled:
            from cogmock.userpools.rules.admission import throttling

            throttling.check(call, name, params)
        replicas.enter(call, name, params)
        if name in writes.OF_USER_DATA:
            from cogmock.userpools.rules.restoring import before

            before.write(call, name, params)
