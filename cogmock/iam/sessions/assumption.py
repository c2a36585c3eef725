"""Assumes a role: with an assertion of an identity provider, or as a principal of AWS."""

from __future__ import annotations

from typing import Any

from cogmock.core.call import Call
from cogmock.errors import AccessDenied, InvalidParameterValue, ValidationError
from cogmock.iam import policy
from cogmock.iam.policy import AccessRequest, Caller, Decision
from cogmock.iam.rules import documents, effective_policies, lookup, trust
from cogmock.iam.sessions import authorize, temporary_credentials
from cogmock.iam.sessions.assertion import Assertion
from cogmock.iam.sessions.session_policies import SessionRequest
from cogmock.state.credentials import Credentials
from cogmock.state.iam import Role


def with_assertion(
    call: Call, action: str, request: SessionRequest, assertion: Assertion
) -> tuple[Role, Credentials]:
    """New credentials for the subject of an assertion. Raises AccessDenied, ValidationError."""
    account_id = lookup.account_of(request.role_arn)
    caller = Caller(federated=assertion.provider)
    keys = assertion.context | {f"aws:RequestTag/{key}": value for key, value in assertion.tags.items()}
    if assertion.tags:
        keys["aws:TagKeys"] = list(assertion.tags)
    if assertion.source_identity:
        keys["sts:SourceIdentity"] = assertion.source_identity
    keys |= {
        "sts:RoleSessionName": request.session_name,
        "aws:FederatedProvider": assertion.provider,
        "aws:CurrentTime": temporary_credentials.moment(call.now),
        "aws:EpochTime": str(int(call.now)),
        "aws:SourceIp": call.source_ip,
        "aws:SecureTransport": "true",
    }
    role = lookup.role_by_arn(call.world, request.role_arn)
    if role is None:
        raise AccessDenied(
            f"Not authorized to perform {action}", reason=f"there is no role {request.role_arn}"
        )
    for wanted in _actions(action, assertion.tags, assertion.source_identity):
        decision = trust.decide(role, wanted, caller, keys)
        if not decision.allowed:
            raise AccessDenied(f"Not authorized to perform {action}", reason=decision.explain())
        if assertion.account not in {"", account_id}:
            _check_foreign(decision, action, assertion)
    _within(role, request)
    credentials = temporary_credentials.issue(
        call,
        call.world.account(account_id),
        role,
        request.session_name,
        request.seconds,
        request.least,
        context=assertion.context
        | {"aws:FederatedProvider": assertion.provider}
        | ({"aws:SourceIdentity": assertion.source_identity} if assertion.source_identity else {}),
        principal_tags=assertion.tags,
        transitive=assertion.transitive,
        session_policies=request.policies,
    )
    return role, credentials


def by_principal(
    call: Call, request: SessionRequest, asked: dict[str, Any], tags: dict[str, str]
) -> tuple[Role, Credentials]:
    """New credentials for the signer of the call: the account's own keys, or a session (role chaining)."""
    session, account = temporary_credentials.find(call), call.account
    arn = temporary_credentials.arn(account, session) if session else temporary_credentials.root(call)
    refusal = f"User: {arn} is not authorized to perform: sts:AssumeRole on resource: {request.role_arn}"
    inherited = {} if session is None else _transitive(session)
    _check_conflict(inherited, tags)
    role = lookup.role_by_arn(call.world, request.role_arn)
    if role is None:
        raise AccessDenied(refusal, reason=f"there is no role {request.role_arn}")
    source = _source_identity(session, asked, refusal)
    keys = _keys_of(call, session, request, {**asked, "SourceIdentity": source}, tags)
    for action in _actions("sts:AssumeRole", tags, source):
        decision = _decided(call, session, role, action, keys)
        if not decision.allowed:
            raise AccessDenied(refusal, reason=decision.explain())
    if session is not None and request.seconds > 3600:
        raise ValidationError(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
        )
    _within(role, request)
    context: dict[str, str | list[str]] = {"aws:SourceIdentity": source} if source else {}
    credentials = temporary_credentials.issue(
        call,
        call.world.account(lookup.account_of(role.arn)),
        role,
        request.session_name,
        request.seconds,
        request.least,
        context=context,
        principal_tags=tags | inherited,
        transitive=tuple(dict.fromkeys([*inherited, *(asked.get("TransitiveTagKeys") or ())])),
        session_policies=request.policies,
    )
    return role, credentials


def _actions(action: str, tags: dict[str, str], source_identity: str | None) -> list[str]:
    """What must be allowed to assume a role with these tags and this source identity (IAM guide)."""
    return [
        action,
        *(["sts:TagSession"] if tags else ()),
        *(["sts:SetSourceIdentity"] if source_identity else ()),
    ]


def _source_identity(session: Credentials | None, asked: dict[str, Any], refusal: str) -> str | None:
    """The source identity of the new session. Once set, it stays for all chained sessions (service model).

    Raises AccessDenied.
    """
    set_before = session.context.get("aws:SourceIdentity") if session else None
    wanted: str | None = asked.get("SourceIdentity")
    if isinstance(set_before, str) and wanted not in (None, set_before):
        # inferred: the error.
        raise AccessDenied(refusal, reason=f"the session has the source identity {set_before}, which stays")
    return set_before if isinstance(set_before, str) else wanted


def _transitive(session: Credentials) -> dict[str, str]:
    """The tags that a chained session inherits."""
    return {key: session.principal_tags[key] for key in session.transitive if key in session.principal_tags}


def _check_conflict(inherited: dict[str, str], tags: dict[str, str]) -> None:
    if {key.lower() for key in inherited} & {key.lower() for key in tags}:
        raise InvalidParameterValue(
            "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key "
            "from the calling session."
        )


def _keys_of(
    call: Call,
    session: Credentials | None,
    request: SessionRequest,
    asked: dict[str, Any],
    tags: dict[str, str],
) -> dict[str, str | list[str]]:
    given: dict[str, str | list[str]] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    given |= {"sts:RoleSessionName": request.session_name, "aws:SourceIp": call.source_ip}
    if tags:
        given["aws:TagKeys"] = list(tags)
    if asked.get("TransitiveTagKeys"):
        given["sts:TransitiveTagKeys"] = asked["TransitiveTagKeys"]
    for name, key in (("ExternalId", "sts:ExternalId"), ("SourceIdentity", "sts:SourceIdentity")):
        if asked.get(name):
            given[key] = asked[name]
    if session is None:
        return given | {
            "aws:CurrentTime": temporary_credentials.moment(call.now),
            "aws:PrincipalArn": temporary_credentials.root(call),
            "aws:PrincipalAccount": call.account.id,
            "aws:SecureTransport": "true",
        }
    role = temporary_credentials.role_of(call.account, session)
    return temporary_credentials.context(call.world, call.account, session, role, given)


def _decided(
    call: Call,
    session: Credentials | None,
    role: Role,
    action: str,
    keys: dict[str, str | list[str]],
) -> Decision:
    """Evaluates the trust policy; if it only names the account, the caller's own policies must allow the action too."""
    account = call.account
    own = temporary_credentials.role_of(account, session)
    arn = temporary_credentials.arn(account, session) if session else temporary_credentials.root(call)
    caller = Caller(arn=arn, role_arn=own.arn if own else "", account=account.id)
    asked = AccessRequest(action, role.arn, keys, caller, lookup.account_of(role.arn))
    trusted = (f"trust policy of {role.name}", documents.compiled(role.trust_policy, "trust"))
    return policy.evaluate(
        asked,
        authorize.identity_of(account, session),
        boundary=effective_policies.boundary_of(account, own),
        session=authorize.session_policies(session) if session else None,
        scopes=authorize.scopes(session) if session else (),
        resource=trusted,
    )


def _check_foreign(decision: Decision, action: str, assertion: Assertion) -> None:
    """Across accounts, the trust policy must have conditions on aud and amr (AWS dev guide: role trust)."""
    asked = {condition.key.lower() for match in decision.matched for condition in match.statement.conditions}
    prefixes = {key.rpartition(":")[0] for key in assertion.context}
    if not any({f"{prefix}:aud", f"{prefix}:amr"} <= asked for prefix in prefixes):
        raise AccessDenied(
            f"Not authorized to perform {action}",
            reason=f"across accounts the trust policy must have conditions on {assertion.provider}:aud and :amr",
        )


def _within(role: Role, request: SessionRequest) -> None:
    if request.seconds > role.max_session_duration:
        raise ValidationError(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )
