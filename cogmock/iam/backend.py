"""The operations of IAM and STS, and the module of each."""

from __future__ import annotations

from cogmock.core.backend import Backend
from cogmock.errors import ValidationError
from cogmock.services import IAM, STS


class IamBackend(Backend):
    service = IAM.name
    package = "cogmock.iam.operations"
    refusal = ValidationError
    subjects = {
        "roles": """CreateRole GetRole ListRoles UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy DeleteRole
            PutRolePermissionsBoundary DeleteRolePermissionsBoundary TagRole UntagRole ListRoleTags""",
        "role_policies": """PutRolePolicy GetRolePolicy DeleteRolePolicy ListRolePolicies AttachRolePolicy
            DetachRolePolicy ListAttachedRolePolicies ListEntitiesForPolicy""",
        "policies": """CreatePolicy GetPolicy ListPolicies DeletePolicy CreatePolicyVersion GetPolicyVersion
            ListPolicyVersions DeletePolicyVersion SetDefaultPolicyVersion TagPolicy UntagPolicy ListPolicyTags""",
        "users": """CreateUser GetUser ListUsers DeleteUser PutUserPermissionsBoundary DeleteUserPermissionsBoundary
            ListGroupsForUser TagUser UntagUser ListUserTags""",
        "user_policies": """PutUserPolicy GetUserPolicy DeleteUserPolicy ListUserPolicies AttachUserPolicy
            DetachUserPolicy ListAttachedUserPolicies""",
        "groups": "CreateGroup GetGroup ListGroups DeleteGroup AddUserToGroup RemoveUserFromGroup",
        "group_policies": """PutGroupPolicy GetGroupPolicy DeleteGroupPolicy ListGroupPolicies AttachGroupPolicy
            DetachGroupPolicy ListAttachedGroupPolicies""",
        "oidc_providers": """CreateOpenIDConnectProvider GetOpenIDConnectProvider ListOpenIDConnectProviders
            DeleteOpenIDConnectProvider AddClientIDToOpenIDConnectProvider RemoveClientIDFromOpenIDConnectProvider
            UpdateOpenIDConnectProvider UpdateOpenIDConnectProviderThumbprint TagOpenIDConnectProvider
            UntagOpenIDConnectProvider ListOpenIDConnectProviderTags""",
        "saml_providers": """CreateSAMLProvider GetSAMLProvider ListSAMLProviders UpdateSAMLProvider
            DeleteSAMLProvider TagSAMLProvider UntagSAMLProvider ListSAMLProviderTags""",
        "outbound_federation": """EnableOutboundWebIdentityFederation DisableOutboundWebIdentityFederation
            GetOutboundWebIdentityFederationInfo""",
        "delegation_requests": """CreateDelegationRequest GetDelegationRequest ListDelegationRequests
            AssociateDelegationRequest UpdateDelegationRequest AcceptDelegationRequest RejectDelegationRequest
            SendDelegationToken""",
        "simulation": """SimulateCustomPolicy SimulatePrincipalPolicy GetContextKeysForCustomPolicy
            GetContextKeysForPrincipalPolicy""",
    }


class StsBackend(Backend):
    service = STS.name
    package = "cogmock.iam.operations"
    refusal = ValidationError
    subjects = {
        "assume_role": "AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot",
        "sts": """GetCallerIdentity GetAccessKeyInfo GetSessionToken GetFederationToken DecodeAuthorizationMessage
""",
        "delegated_access": "GetDelegatedAccessToken",
        "scoped_credentials": "GetScopedCredentials",
        "web_identity_tokens": "GetWebIdentityToken",
    }
