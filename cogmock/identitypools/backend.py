"""The operations of identity pools, and the module of each."""

from __future__ import annotations

from typing import Any

from cogmock.core.backend import Backend
from cogmock.core.call import Call
from cogmock.errors import TooManyRequestsException, ValidationException
from cogmock.services import COGNITO_IDENTITY

RATES = {
    "GetId": 25,
    "GetOpenIdToken": 200,
    "GetOpenIdTokenForDeveloperIdentity": 200,
    "GetCredentialsForIdentity": 200,
}
"""Operation → requests a second of an account and Region (AWS dev guide: Quotas). The others have no limit here."""


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

    @classmethod
    def admit(cls, call: Call, name: str, params: dict[str, Any]) -> None:
        """With the setting `throttle`, refuses what is above AWS's rates."""
        del params
        limit = RATES.get(name)
        if limit is None or not call.is_throttled:
            return
        if not call.world.throttle.admits((call.region.account, call.region.name, name), limit, call.now):
            raise TooManyRequestsException(
                "Rate exceeded", reason=f"--throttle is on, and {name} had {limit} requests this second"
            )
