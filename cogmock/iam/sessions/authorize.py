"""What temporary credentials may do: the decision behind `/_cogmock/authorize`, `cognito.authorize()` and the proxy."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.errors import AccessDenied, InvalidClientTokenId
from cogmock.iam import policy
from cogmock.iam.policy import AccessRequest, Caller, Decision
from cogmock.iam.rules import api_policies, documents, effective_policies
from cogmock.iam.sessions import authorization_messages, temporary_credentials
from cogmock.state.account import Account
from cogmock.state.credentials import Credentials
from cogmock.state.iam import Role

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that a decision depends on. Collected under the world's lock; deciding needs no lock."""

    request: AccessRequest
    identity: list[effective_policies.Named]
    boundary: effective_policies.Named | None
    session: list[effective_policies.Named] | None
    scopes: list[effective_policies.Named]
    resource: effective_policies.Named | None = None

    def decide(self) -> Decision:
        return policy.evaluate(
            self.request,
            self.identity,
            boundary=self.boundary,
            session=self.session,
            scopes=self.scopes,
            resource=self.resource,
        )


def authorize(
    world: World,
    *,
    access_key_id: str,
    secret_access_key: str | None = None,
    session_token: str | None = None,
    action: str,
    resource: str = "*",
    context: Given | None = None,
) -> dict[str, Any]:
    """Takes the world's lock itself, and decides after releasing it: long policies must not stop other calls.

    Without a session token the access key id alone identifies the credentials.
    Raises InvalidClientTokenId, ExpiredToken.
    """
    with world.lock:
        account, session = _session(world, access_key_id, secret_access_key, session_token)
        role = temporary_credentials.role_of(account, session)
        keys = temporary_credentials.context(world, account, session, role, texts(context or {}))
        tags = temporary_credentials.tags(session, role)
        asked = question(world, account, session, role, action, resource, keys)
    decision = asked.decide()
    return {
        "decision": decision.decision,
        "role_arn": role.arn if role else None,
        "matched": [
            {"policy": match.policy, "sid": match.sid, "effect": match.effect} for match in decision.matched
        ],
        "principal_tags": tags,
        "variables": {key: value for key, value in keys.items() if not key.startswith("aws:PrincipalTag/")},
        "explanation": decision.explain(),
        "encoded_message": None if decision.allowed else _encoded(world, account, session, decision),
    }


def check(
    call: Call, action: str, resource: str = "*", context: Mapping[str, str | list[str]] | None = None
) -> None:
    """Raises AccessDenied if the caller is a session whose policies do not allow the action.

    The account's own keys may do everything.
    """
    decision = decided(call, action, resource, context)
    if decision and not decision.allowed:
        raise AccessDenied(decision.refusal(), reason=decision.explain())


def check_not_denied(call: Call, action: str) -> None:
    """Raises AccessDenied if a policy denies the action to the caller; none need allow it.

    # inferred: for what only narrows the caller's own permissions.
    """
    decision = decided(call, action, "*", None)
    if decision and decision.decision == "explicitDeny":
        raise AccessDenied(decision.refusal(), reason=decision.explain())


def covers(call: Call, text: str) -> Literal["ALLOWED", "DENIED", "UNSURE"]:
    """Whether the caller has all permissions that a policy allows; unsure about wildcards and conditions."""
    unsure = False
    for statement in documents.compiled(text, "session").statements:
        actions, resources = (
            statement.actions.written,
            statement.resources.written if statement.resources else (),
        )
        if statement.effect == "Deny":
            continue
        vague = statement.negated_actions or statement.negated_resources or statement.conditions
        for action, resource in product(actions, resources):
            if vague or {"*", "?"}.intersection(action + resource):
                unsure = True
            elif (decision := decided(call, action, resource, None)) and not decision.allowed:
                return "DENIED"
    return "UNSURE" if unsure and temporary_credentials.find(call) else "ALLOWED"


def decided(
    call: Call, action: str, resource: str, context: Mapping[str, str | list[str]] | None
) -> Decision | None:
    """The decision about the caller; None for the account's own keys."""
    session = temporary_credentials.find(call)
    if session is None:
        return None
    role = temporary_credentials.role_of(call.account, session)
    given = {"aws:SourceIp": call.source_ip, **(context or {})}
    keys = temporary_credentials.context(call.world, call.account, session, role, given)
    return question(call.world, call.account, session, role, action, resource, keys).decide()


def _encoded(world: World, account: Account, session: Credentials, decision: Decision) -> str | None:
    with world.lock:
        return authorization_messages.encode(
            account, world.entropy, decision, temporary_credentials.user_id(account, session)
        )


def question(
    world: World,
    account: Account,
    session: Credentials,
    role: Role | None,
    action: str,
    resource: str,
    keys: Mapping[str, str | list[str]],
) -> Question:
    """The question to a role's current policies, with its boundary, the session policies and that of the resource."""
    caller = Caller(
        arn=temporary_credentials.arn(account, session), role_arn=role.arn if role else "", account=account.id
    )
    return Question(
        AccessRequest(action, resource, keys, caller, api_policies.owner(resource)),
        identity_of(account, session),
        effective_policies.boundary_of(account, role),
        session_policies(session),
        scopes(session),
        api_policies.of(world, resource),
    )


def identity_of(account: Account, session: Credentials | None) -> list[effective_policies.Named]:
    """The policies of a session's role; for the account's own keys, a policy that allows everything."""
    if session is None or not session.role_name:
        return [EVERYTHING]
    return effective_policies.policies_of(account, temporary_credentials.role_of(account, session))


def session_policies(session: Credentials) -> list[effective_policies.Named] | None:
    if session.session_policies is None:
        return None
    return [(name, documents.compiled(text, "session")) for name, text in session.session_policies]


def scopes(session: Credentials) -> list[effective_policies.Named]:
    return [(name, documents.compiled(text, "session")) for name, text in session.scopes]


def texts(given: Given) -> dict[str, str | list[str]]:
    """Condition values as strings, as policies compare them."""
    return {
        key: [_text(each) for each in value] if isinstance(value, list | tuple) else _text(value)
        for key, value in given.items()
    }


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _session(world: World, key_id: str, secret: str | None, token: str | None) -> tuple[Account, Credentials]:
    if token is None:
        token = next(
            (
                known.session_token
                for _, account in world.accounts.unwatched()
                if (known := account.credentials.get(key_id))
            ),
            None,
        )
    account, session = temporary_credentials.check(world, key_id, token)
    if secret is not None and not hmac.compare_digest(secret.encode(), session.secret_access_key.encode()):
        raise InvalidClientTokenId
    return account, session


EVERYTHING_NAME = "all permissions of the account"
EVERYTHING_TEXT = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
EVERYTHING: effective_policies.Named = (EVERYTHING_NAME, documents.compiled(EVERYTHING_TEXT))
