"""What a provider's claims make of a user's attributes, at each sign-in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from cogmock.errors import AwsError
from cogmock.federation.refusals import FederationRefused
from cogmock.federation.saml_response import REFUSED
from cogmock.state.client import UserPoolClient
from cogmock.state.identity_provider import IdentityProvider
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import attributes

_PLAIN = re.compile(r"[a-zA-Z0-9.*_-]*", re.ASCII)
FINAL = "Attribute cannot be updated."


def mapped(
    pool: UserPool, client: UserPoolClient, provider: IdentityProvider, claims: Mapping[str, Any]
) -> dict[str, str]:
    """Pool attribute → the value of its claim; "" where the claim is blank. Absent claims are left out.

    What the client may not write is left out as well (AWS dev guide: attribute mapping).
    """
    return {
        name: _text(claims[claim])
        for name, claim in provider.mapping.items()
        if name != "username"
        and claims.get(claim) is not None
        and name in pool.schema
        and _is_writable(pool, client, name)
    }


def with_flags(values: dict[str, str]) -> dict[str, str]:
    """Addresses count as unverified unless the provider's own word for it is mapped."""
    flags = {
        f"{name}_verified": "false"
        for name in attributes.VERIFIABLE
        if values.get(name) and f"{name}_verified" not in values
    }
    return values | flags


def check(pool: UserPool, provider: IdentityProvider, values: dict[str, str], user: User | None) -> None:
    """Refuses what a user may not be given: `user` is None for one who is to be made. Raises FederationRefused."""
    held = user.attributes if user else {}
    final = [name for name in values if user and not pool.schema[name]["Mutable"]]
    if final:
        raise _refused(provider, f"user.{final[0]}: {FINAL}", f"{final[0]} is mapped, but not mutable")
    required = [name for name, of in pool.schema.items() if of["Required"] and name != "sub"]
    cleared = [name for name in required if values.get(name) == "" and held.get(name)]
    if cleared:
        raise _refused(provider, f"{cleared[0]}: Required attribute cannot be deleted", "its claim is blank")
    missing = [name for name in required if not (values.get(name) or held.get(name))]
    if missing:
        raise _missing(provider, missing)
    try:
        attributes.check_values(pool, values, held)
    except AwsError as fault:
        raise _refused(provider, fault.message.strip(), fault.reason or fault.message) from None


def _missing(provider: IdentityProvider, names: list[str]) -> FederationRefused:
    reason = f"the provider gave no claim that is mapped to {', '.join(names)}"
    if provider.type == "SAML":
        return _refused(provider, f"{names[0]}: The attribute is required", reason)
    return FederationRefused(f"attributes required: [{', '.join(names)}]", reason=reason)


def _refused(provider: IdentityProvider, words: str, reason: str) -> FederationRefused:
    if provider.type != "SAML":
        return FederationRefused(words, reason=reason)
    prefix = "" if words.startswith("user.") else "Invalid user attributes: "
    return FederationRefused(f"{REFUSED}{prefix}{words} ", error="server_error", reason=reason)


def _is_writable(pool: UserPool, client: UserPoolClient, name: str) -> bool:
    """`email_verified` and its like can be no client's WriteAttributes, and are taken all the same."""
    writable = client.settings.get("WriteAttributes")
    if name in attributes.FLAGS or not writable:
        return True
    return bool(name in writable or pool.schema[name]["Required"])


def _text(value: Any) -> str:
    """A claim as an attribute's value. Several values are `[v1,v2]`, each form-encoded where it needs to be."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{','.join(_encoded(_text(of)) for of in value)}]"
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _encoded(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else quote(text, safe=" .*_-").replace(" ", "+").replace("~", "%7E")
