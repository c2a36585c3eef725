"""The operations of identity pools, and the module of each."""

from __future__ import annotations

from cogmock.core.backend import Backend
from cogmock.errors import ValidationException
from cogmock.services import COGNITO_IDENTITY


class IdentityPoolsBackend(Backend):
    service = COGNITO_IDENTITY.name
    package = "cogmock.identitypools.operations"
    refusal = ValidationException
    subjects = {
        "pools": """CreateIdentityPool DescribeIdentityPool ListIdentityPools UpdateIdentityPool DeleteIdentityPool
            TagResource UntagResource ListTagsForResource""",
        "identities": "GetId DescribeIdentity ListIdentities DeleteIdentities UnlinkIdentity",
        "credentials": "GetCredentialsForIdentity GetOpenIdToken",
        "developer": """GetOpenIdTokenForDeveloperIdentity LookupDeveloperIdentity MergeDeveloperIdentities
            UnlinkDeveloperIdentity""",
        "roles": """GetIdentityPoolRoles SetIdentityPoolRoles GetPrincipalTagAttributeMap
            SetPrincipalTagAttributeMap""",
    }
