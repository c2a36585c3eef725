"""Who may reach what: from a user or guest, through the identity pool's role mapping, to the deciding statement.

Nothing is kept: neither a session nor an identity, and edited policies are evaluated and forgotten.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from cogmock.control.authorize import action_of, context_of, short
from cogmock.control.requests import ControlError, ControlRequest, document, invalid, text
from cogmock.core.call import Call
from cogmock.core.tokens import identity_tokens, pool_tokens
from cogmock.core.triggers import token_generation
from cogmock.core.world import World
from cogmock.errors import AwsError
from cogmock.iam.policy import Caller, Decision, PolicyError
from cogmock.iam.rules import documents, effective_policies, trust
from cogmock.iam.sessions import authorize, temporary_credentials, web_identity
from cogmock.iam.sessions.assertion import Assertion
from cogmock.identitypools.rules import guests, identities, logins, principal_tags, providers, role_mapping
from cogmock.identitypools.rules.login import Login
from cogmock.state.credentials import Credentials
from cogmock.state.iam import Role
from cogmock.state.identity_pool import IdentityPool
from cogmock.state.region import Region
from cogmock.userpools.rules import lookup
from cogmock.userpools.sign_in import grant
from cogmock.wire import arns

ACTION = "sts:AssumeRoleWithWebIdentity"
MEMBERS = (
    *("identity_pool_id", "user_pool_id", "client_id", "username", "custom_role_arn"),
    *("action", "resource", "context", "policies", "trust_policy"),
)
LONGEST_POLICY = 10_240


class Ended(Exception):
    """A step refused; those after it are not reached."""


@dataclass(slots=True)
class Walk:
    """What has been found so far, step by step."""

    call: Call
    pool: IdentityPool
    content: dict[str, Any]
    steps: list[dict[str, Any]] = field(default_factory=list)
    policies: list[dict[str, Any]] = field(default_factory=list)

    def passed(self, name: str, what: str, **facts: Any) -> None:
        self.steps.append({"step": name, "ok": True, "text": what, **facts})

    def refused(self, name: str, what: str, **facts: Any) -> NoReturn:
        self.steps.append({"step": name, "ok": False, "text": what, **facts})
        raise Ended


def walk(world: World, request: ControlRequest) -> dict[str, Any]:
    """The steps, each with its reason, and the decision; null where a step before it refused."""
    content = document(request, *MEMBERS)
    region, pool = _pool(world, text(content, "identity_pool_id"))
    action, resource = action_of(text(content, "action")), short(text(content, "resource"), "resource")
    context = context_of(content.get("context", {}))
    answer: dict[str, Any] = {"decision": None, "explanation": None, "role_arn": None, "principal_tags": {}}
    with Call(world, region, world.entropy.uuid(), origin=request.origin) as call:
        steps = Walk(call, pool, content)
        try:
            login = _login(steps)
            role_arn = answer["role_arn"] = _chosen(steps, login)
            role, session = _assumed(steps, login, role_arn)
            answer["principal_tags"] = temporary_credentials.tags(session, role)
            decision = _decided(steps, role, session, action, resource, authorize.texts(context))
            answer |= {"decision": decision.decision, "explanation": decision.explain()}
        except Ended:
            pass
    return answer | {"steps": steps.steps, "policies": steps.policies}


def _pool(world: World, pool_id: str) -> tuple[Region, IdentityPool]:
    for region in world.regions():
        found = region.identity_pools.get(pool_id)
        if found is not None:
            return region, found
    raise ControlError(404, "ResourceNotFoundException", f"IdentityPool '{pool_id}' not found.")


def _login(steps: Walk) -> list[Login]:
    """The login of the user; none for a guest."""
    username = steps.content.get("username")
    if not username:
        if not steps.pool.settings.get("AllowUnauthenticatedIdentities"):
            steps.refused(
                "login", "Nobody is signed in, and the pool takes no guests: AllowUnauthenticatedIdentities"
            )
        steps.passed("login", "A guest: no login is given, and the pool takes guests.")
        return []
    if not isinstance(username, str):
        raise invalid("'username' must be a string; leave it out for a guest.")
    return [_user_login(steps, username)]


def _user_login(steps: Walk, username: str) -> Login:
    call, content = steps.call, steps.content
    pool_id, client_id = text(content, "user_pool_id"), text(content, "client_id")
    found = call.world.find_pool(pool_id)
    if found is None:
        raise ControlError(404, "ResourceNotFoundException", f"User pool {pool_id} does not exist.")
    provider = f"{arns.host('cognito-idp', found[1].region)}/{pool_id}"
    clients = providers.clients(steps.pool, pool_id)
    if client_id not in clients:
        known = f"only the clients {', '.join(clients)}" if clients else "no client of this user pool"
        steps.refused(
            "login", f"The identity pool takes {known}: CognitoIdentityProviders lacks {client_id}."
        )
    user_pool = found[1]
    client = found[0].clients.get(client_id)
    try:
        user = lookup.user(user_pool, username)
    except AwsError as refused:
        raise ControlError(404, refused.code, refused.message) from None
    if client is None:
        steps.refused("login", f"The user pool has no client {client_id} any more.")
    if not user.enabled:
        steps.refused("login", f"{user.name} is disabled, and gets no tokens.")
    claims, _ = pool_tokens.claims(call, user_pool, client, user, grant.new_session(call, client, call.id))
    note = " Its pre token generation trigger, which could change claims, is not run here."
    steps.passed(
        "login",
        f"{user.name} signs in to {user_pool.name} by {client.name}; the ID token is accepted as {provider}."
        + (note if token_generation.is_on(user_pool) else ""),
        groups=claims.get("cognito:groups", []),
    )
    amr = (provider, f"{provider}:CognitoSignIn:{user.sub}")
    return Login(
        provider=provider, subject=user.sub, mapping_key=f"{provider}:{client_id}", amr=amr, claims=claims
    )


def _chosen(steps: Walk, login: list[Login]) -> str:
    """The role of the mapping, with how it came about."""
    facts = _mapping(steps.pool, login)
    try:
        arn = role_mapping.chosen(steps.pool, login, steps.content.get("custom_role_arn"))
    except AwsError as refused:
        steps.refused("role", f"{refused.message} {refused.reason or ''}".strip(), **facts)
    steps.passed("role", f"{facts.pop('how')} → {arn}", **facts)
    return arn


def _mapping(pool: IdentityPool, login: list[Login]) -> dict[str, Any]:
    """How the role is chosen, and each rule with whether it fits."""
    if not login:
        return {"how": "the role for guests (unauthenticated)"}
    mapping = providers.mapping_of(pool, login[0].mapping_key)
    if mapping is None:
        return {"how": "no role mapping for this client: the default role (authenticated)"}
    if mapping["Type"] == "Token":
        claims = login[0].claims
        told = {name: claims.get(name) for name in ("cognito:roles", "cognito:preferred_role")}
        return {"how": "role mapping by token: the role of the user's foremost group", "claims": told}
    rules = [
        {
            **rule,
            "fits": role_mapping.fits(rule, login[0].claims),
            "claim": login[0].claims.get(rule["Claim"]),
        }
        for rule in role_mapping.rules_of(mapping)
    ]
    fitting = next((number for number, rule in enumerate(rules, 1) if rule["fits"]), None)
    how = f"role mapping: rule {fitting} is the first that fits" if fitting else "role mapping: no rule fits"
    return {"how": how, "rules": rules}


def _assumed(steps: Walk, login: list[Login], role_arn: str) -> tuple[Role, Credentials]:
    """The role and the session, if the trust policy allows it."""
    call, pool = steps.call, steps.pool
    account = call.account
    role = account.iam.roles.get(role_arn.rpartition("/")[2])
    if role is None or role.arn != role_arn:
        steps.refused("trust", f"There is no role {role_arn} in this account.")
    edited = steps.content.get("trust_policy")
    written = role.trust_policy if edited is None else _document(edited, "trust_policy", "trust")
    role = replace(role, trust_policy=_laid_out(written))
    tags = principal_tags.of_logins(pool, login)
    members = identities.of_logins(pool, login) if login else []
    identity_id = members[0].id if members else f"{call.region.name}:00000000-0000-4000-8000-000000000000"
    claims = identity_tokens.claims(call, pool, identity_id, logins.amr(login), tags, identity_tokens.SECONDS)
    assertion = web_identity.of_identity_pool(claims)
    decision = trust.decide(role, ACTION, Caller(federated=assertion.provider), _trust_keys(assertion))
    _tell_policies(steps, decision, {f"trust policy of {role.name}": role.trust_policy})
    if not decision.allowed:
        steps.refused("trust", f"The trust policy of {role.name} refuses.", why=decision.explain())
    steps.passed("trust", f"The trust policy of {role.name} lets this identity in.", why=decision.explain())
    limits = None if login else guests.POLICIES
    if limits:
        steps.passed("session", "Credentials of guests are limited by session policies (enhanced flow).")
    elif tags:
        steps.passed(
            "session", f"Principal tags: {', '.join(f'{key}={value}' for key, value in tags.items())}."
        )
    return role, _session(call, role, assertion, limits)


def _trust_keys(assertion: Assertion) -> dict[str, str | list[str]]:
    return {**assertion.context, **{f"aws:RequestTag/{key}": value for key, value in assertion.tags.items()}}


def _session(
    call: Call, role: Role, assertion: Assertion, limits: list[tuple[str, str]] | None
) -> Credentials:
    return Credentials(
        access_key_id="",
        secret_access_key="",
        session_token="",
        expires=call.now + identity_tokens.SECONDS,
        issued=call.now,
        role_name=role.name,
        role_id=role.id,
        session_name="CognitoIdentityCredentials",
        region=call.region.name,
        context=assertion.context | {"aws:FederatedProvider": assertion.provider},
        principal_tags=assertion.tags,
        session_policies=limits,
    )


def _decided(
    steps: Walk,
    role: Role,
    session: Credentials,
    action: str,
    resource: str,
    given: dict[str, str | list[str]],
) -> Decision:
    account = steps.call.account
    keys = temporary_credentials.context(steps.call.world, account, session, role, given)
    asked = authorize.question(steps.call.world, account, session, role, action, resource, keys)
    texts = {each.name: _laid_out(each.text) for each in effective_policies.all_of(account, role)}
    texts |= _edited(steps.content.get("policies", {}), texts)
    asked = replace(asked, identity=[(name, documents.compiled(each)) for name, each in texts.items()])
    decision = asked.decide()
    limits = dict(session.session_policies or ())
    _tell_policies(steps, decision, texts | limits)
    what = f"{action} on {resource}: {decision.decision}"
    steps.steps.append({"step": "decision", "ok": decision.allowed, "text": what, "why": decision.explain()})
    return decision


def _edited(policies: Any, present: dict[str, str]) -> dict[str, str]:
    if not isinstance(policies, dict):
        raise invalid("'policies' must be an object: name → policy document, as text or as an object.")
    if len(policies) + len(present) > 100:
        raise invalid("'policies' has too many policies.")
    return {name: _document(each, name, "identity") for name, each in policies.items()}


def _document(given: Any, name: str, kind: Any) -> str:
    """A policy document as text. Raises ControlError where it is none."""
    written = given if isinstance(given, str) else json.dumps(given)
    if len(written) > LONGEST_POLICY:
        raise invalid(f"{name}: a policy has at most {LONGEST_POLICY} characters.")
    try:
        documents.compiled(written, kind)
    except PolicyError as fault:
        raise ControlError(400, "MalformedPolicyDocument", f"{name}: {fault.message}") from None
    return written


def _laid_out(written: str) -> str:
    """A document of one line on several, so that its statements have lines of their own."""
    return written if "\n" in written.strip() else json.dumps(json.loads(written), indent=2)


def _tell_policies(steps: Walk, decision: Decision, texts: dict[str, str]) -> None:
    """The policies of a decision, their statements with where they stand and whether they decided."""
    told = {(match.policy, match.start.line): {"decided": True, "reasons": []} for match in decision.matched}
    for miss in decision.near_misses():
        place = (miss.policy, miss.statement.start.line)
        told.setdefault(place, {"decided": False, "reasons": list(miss.reasons)})
    for layer, policies in decision.layers.items():
        for name, compiled in policies:
            steps.policies.append(
                {
                    "name": name,
                    "layer": layer,
                    "document": texts.get(name, ""),
                    "statements": [
                        {
                            "effect": statement.effect,
                            "sid": statement.sid,
                            "start": statement.start.line,
                            "end": statement.end.line,
                            **told.get((name, statement.start.line), {"decided": False, "reasons": []}),
                        }
                        for statement in compiled.statements
                    ],
                }
            )
