"""Operations that change no state, by their names."""

from __future__ import annotations

import re
from functools import cache

_READING = re.compile(r"(Admin)?(Get|List|Describe)[A-Z]")
WRITING = frozenset(
    {
        "DescribeUserImportJob",
        "GetCredentialsForIdentity",
        "GetId",
        "GetOpenIdToken",
        "GetOpenIdTokenForDeveloperIdentity",
        "GetSigningCertificate",
        "GetTokensFromRefreshToken",
        "GetUserAttributeVerificationCode",
        "ListUserImportJobs",
    }
)
"""Those that begin like a reading one and change state."""


@cache
def is_reading(operation: str) -> bool:
    """Whether an operation of cognito-idp or cognito-identity leaves all state as it is."""
    return bool(_READING.match(operation)) and operation not in WRITING
