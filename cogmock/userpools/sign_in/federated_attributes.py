"""Maps a provider's claims to user attributes at each sign-in."""

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
    """Pool attribute → the value of its claim; "" if the claim is empty. Absent claims are left out.

    Attributes that the client may not write are left out as well (AWS dev guide: attribute mapping).
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
    """Adds `email_verified` and `phone_number_verified` as false, unless they are mapped from claims themselves."""
    flags = {
        f"{name}_verified": "false"
        for name in attributes.VERIFIABLE
        if values.get(name) and f"{name}_verified" not in values
    }
    return values | flags


def check(pool: UserPool, provider: IdentityProvider, values: dict[str, str], user: User | None) -> None:
    """Refuses attributes that the user may not have. `user` is None before it is created. Raises FederationRefused."""
    held = user.attributes if user else {}
    final = [name for name in values if user and not pool.schema[name]["Mutable"]]
    if final:
        raise _refused(provider, f"user.{final[0]}: {FINAL}", f"{final[0]} is mapped, but not mutable")
    required = [name for name, definition in pool.schema.items() if definition["Required"] and name != "sub"]
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
    """Whether the client may write an attribute. WriteAttributes cannot contain `email_verified`, which is allowed."""
    writable = client.settings.get("WriteAttributes")
    if name in attributes.FLAGS or not writable:
        return True
    return bool(name in writable or pool.schema[name]["Required"])


def _text(value: Any) -> str:
    """A claim as the text of an attribute. Several values become `[v1,v2]`, each form-encoded."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{','.join(_encoded(_text(each)) for each in value)}]"
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _encoded(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else quote(text, safe=" .*_-").replace(" ", "+").replace("~", "%7E")
