"""Temporary credentials: issuing, checking, and the condition keys of requests made with them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.entropy import UPPER
from cogmock.core.world import World
from cogmock.errors import ExpiredToken, InvalidClientTokenId
from cogmock.iam.sessions import session_tokens
from cogmock.state.account import Account
from cogmock.state.credentials import Credentials
from cogmock.state.iam import Role
from cogmock.wire import arns
from cogmock.wire.query import LAST_SECOND

if TYPE_CHECKING:
    from cogmock.aws import sts as aws

OWN_KEYS = (
    "aws:userid",
    "aws:username",
    "aws:principal",
    "aws:federatedprovider",
    "aws:tokenissuetime",
    "aws:multifactorauth",
    "cognito-identity.",
    "cognito-identity-us-gov.",
    "saml:",
    "aws:originidentity/",
    "aws:transactioncontext/",
    "aws:identitycenterinstancearn",
    "aws:identitystorearn",
)
"""Condition keys that come from the session; callers cannot set them."""


def issue(
    call: Call,
    account: Account,
    role: Role | None,
    session_name: str,
    seconds: int,
    least: int | None = None,
    **about: Any,
) -> Credentials:
    """New credentials of a role; without a role, of the account itself or of a federated user.

    `least` is the MinimumSessionTokenSize of the request, in characters of the session token.
    """
    entropy = call.world.entropy
    if not account.seal_key:
        account.seal_key = entropy.bytes(32)
    key_id = f"ASIA{entropy.text(16, UPPER)}"
    expires = float(int(call.now) + seconds)
    credentials = Credentials(
        access_key_id=key_id,
        secret_access_key=base64.b64encode(entropy.bytes(30)).decode(),
        session_token=session_tokens.make(call, account, key_id, expires, session_tokens.room(least, about)),
        expires=expires,
        issued=call.now,
        region=call.region.name,
        role_name=role.name if role else "",
        role_id=role.id if role else "",
        session_name=session_name,
        **about,
    )
    account.credentials.keep(key_id, credentials, call.now)
    return credentials


def scoped(
    call: Call, session: Credentials, expires: float, policy: tuple[str, str] | None, least: int | None
) -> Credentials:
    """New credentials of the same session, narrowed by a scope-down policy, until `expires` at the latest."""
    entropy, account = call.world.entropy, call.account
    key_id = f"ASIA{entropy.text(16, UPPER)}"
    scopes = [*session.scopes, policy] if policy else session.scopes
    kept = {"session_policies": session.session_policies, "principal_tags": session.principal_tags}
    narrowed = replace(
        session,
        access_key_id=key_id,
        secret_access_key=base64.b64encode(entropy.bytes(30)).decode(),
        session_token=session_tokens.make(
            call, account, key_id, expires, session_tokens.room(least, {**kept, "scopes": scopes})
        ),
        expires=expires,
        scopes=scopes,
    )
    account.credentials.keep(key_id, narrowed, call.now)
    return narrowed


def check(world: World, key_id: str, token: str | None) -> tuple[Account, Credentials]:
    """The credentials of an access key id, if the token belongs to them and they have not expired.

    Raises InvalidClientTokenId, ExpiredToken.
    """
    for _, account in tuple(world.accounts.unwatched()):
        expires = session_tokens.expiry(account, key_id, token or "")
        if expires is None:
            continue
        if expires <= world.clock.now():
            raise ExpiredToken
        found = account.credentials.get(key_id)
        if found is not None:
            return account, found
    raise InvalidClientTokenId


def find(call: Call) -> Credentials | None:
    """The session that signed a call; None for the account's own keys."""
    return call.account.credentials.get(call.principal or "")


def role_of(account: Account, session: Credentials | None) -> Role | None:
    """The role of a session; None where it has none, or where that was deleted, even if there is one of its name."""
    role = account.iam.roles.get(session.role_name) if session else None
    # inferred: what AWS does with sessions of the older one
    return role if role and session and role.id == session.role_id else None


def arn(account: Account, session: Credentials) -> str:
    if session.role_name:
        return arns.arn(
            "sts", session.region, account.id, f"assumed-role/{session.role_name}/{session.session_name}"
        )
    if session.session_name:
        return arns.arn("sts", session.region, account.id, f"federated-user/{session.session_name}")
    return arns.arn("iam", session.region, account.id, "root")


def root(call: Call) -> str:
    """The ARN of the account's root user: the identity of keys that cogmock did not issue."""
    return arns.arn("iam", call.region.name, call.region.account, "root")


def user_id(account: Account, session: Credentials) -> str:
    name = session.role_id or account.id
    return f"{name}:{session.session_name}" if session.session_name else name


def context(
    world: World,
    account: Account,
    session: Credentials,
    role: Role | None,
    given: Mapping[str, str | list[str]],
) -> dict[str, str | list[str]]:
    """The condition keys of a request: those of the session, and `given`, which cannot override them."""
    now = world.clock.now()
    keys: dict[str, str | list[str]] = {
        "aws:CurrentTime": moment(now),
        "aws:EpochTime": str(int(now)),
        "aws:SourceIp": "127.0.0.1",
        "aws:SecureTransport": "true",
        "aws:ViaAWSService": "false",
        "aws:PrincipalIsAWSService": "false",
    }
    for key, value in given.items():
        if not key.lower().startswith(OWN_KEYS):
            _put(keys, key, value)
    keys |= {
        "aws:userid": user_id(account, session),
        "aws:PrincipalArn": role.arn if role else arn(account, session),
        "aws:PrincipalAccount": account.id,
        "aws:PrincipalType": _kind(session),
        "aws:TokenIssueTime": moment(session.issued),
        **session.context,
    }
    for key, value in tags(session, role).items():
        keys[f"aws:PrincipalTag/{key}"] = value
    return keys


def tags(session: Credentials, role: Role | None) -> dict[str, str]:
    """The principal tags. Session tags override tags of the role, without regard to the case of the key."""
    folded = {key.lower() for key in session.principal_tags}
    of_role = role.tags.items() if role else ()
    return {key: value for key, value in of_role if key.lower() not in folded} | session.principal_tags


def answered(credentials: Credentials) -> aws.Credentials:
    """Credentials, as the answers of STS have them."""
    return {
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key,
        "SessionToken": credentials.session_token,
        "Expiration": credentials.expires,
    }


def _kind(session: Credentials) -> str:
    if session.role_name:
        return "AssumedRole"
    return "FederatedUser" if session.session_name else "Account"


def moment(at: float) -> str:
    """Epoch seconds as ISO 8601 in UTC, as condition keys have them; at most the end of the year 9999."""
    return datetime.fromtimestamp(min(int(at), LAST_SECOND), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _put(keys: dict[str, str | list[str]], key: str, value: str | list[str]) -> None:
    """Condition keys have no case; the last value given counts."""
    for known in [known for known in keys if known.lower() == key.lower()]:
        del keys[known]
    keys[key] = value
