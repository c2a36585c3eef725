"""Which role a caller of GetCredentialsForIdentity gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogmock.errors import InvalidIdentityPoolConfigurationException, NotAuthorizedException
from cogmock.identitypools.rules import providers
from cogmock.identitypools.rules.login import Login
from cogmock.state.identity_pool import IdentityPool

if TYPE_CHECKING:
    from cogmock.aws import cognito_identity as aws


def chosen(pool: IdentityPool, verified: list[Login], custom: str | None) -> str:
    """The ARN of the role: the guests' role, the one that the login's role mapping selects, or the members' default."""
    if not verified:
        return _default(pool, "unauthenticated")
    for login in verified:
        mapping = providers.mapping_of(pool, login.mapping_key)
        if mapping is not None:
            return _mapped(pool, mapping, login, custom)
    offered = next((login for login in verified if login.assertion is not None), None)
    if offered is not None:
        return _offered(offered, custom)
    role = _default(pool, "authenticated")
    if custom not in {None, role}:
        raise _denied(verified[0].mapping_key, f"no role mapping allows {custom}")
    return role


def _offered(login: Login, custom: str | None) -> str:
    """The roles of a SAML assertion. Of several, the caller must choose one by CustomRoleArn."""
    if custom is None and len(login.roles) == 1:
        return login.roles[0]
    if custom is None or custom not in login.roles:
        raise _denied(login.mapping_key, f"the assertion offers {login.roles}, {custom} is asked for")
    return custom


def _default(pool: IdentityPool, kind: str) -> str:
    role = pool.roles.get(kind)
    if role is None:
        raise InvalidIdentityPoolConfigurationException(reason=f"the pool has no role for the {kind}")
    return role


def rules_of(mapping: aws.RoleMapping) -> list[aws.MappingRule]:
    return (mapping.get("RulesConfiguration") or {"Rules": []})["Rules"]


def _mapped(pool: IdentityPool, mapping: aws.RoleMapping, login: Login, custom: str | None) -> str:
    candidates = _by_token(login.claims) if mapping["Type"] == "Token" else _by_rules(mapping, login.claims)
    if custom is not None:
        if custom not in candidates.all:
            raise _denied(login.mapping_key, f"{custom} is not among {candidates.all}")
        return custom
    if candidates.preferred is not None:
        return candidates.preferred
    if mapping.get("AmbiguousRoleResolution") == "AuthenticatedRole":
        return _default(pool, "authenticated")
    raise _denied(login.mapping_key, "no role is preferred" if candidates.all else "no role fits")


class Candidates:
    """The roles that a mapping permits, and the preferred one."""

    __slots__ = ("all", "preferred")

    def __init__(self, every: list[str], preferred: str | None) -> None:
        self.all = every
        self.preferred = preferred


def _by_token(claims: dict[str, Any]) -> Candidates:
    roles = claims.get("cognito:roles")
    preferred = claims.get("cognito:preferred_role")
    return Candidates(
        [str(role) for role in roles] if isinstance(roles, list) else [],
        preferred if isinstance(preferred, str) else None,
    )


def _by_rules(mapping: aws.RoleMapping, claims: dict[str, Any]) -> Candidates:
    """The first matching rule's role is preferred."""
    fitting = [rule["RoleARN"] for rule in rules_of(mapping) if fits(rule, claims)]
    return Candidates(fitting, fitting[0] if fitting else None)


def fits(rule: aws.MappingRule, claims: dict[str, Any]) -> bool:
    """Whether a claim matches a rule. An absent claim matches none, not even NotEqual."""
    # inferred: of a list of values, as cognito:groups has, one must match; under NotEqual all must differ.
    claim = claims.get(rule["Claim"])
    if claim is None:
        return False
    values = [_text(each) for each in claim] if isinstance(claim, list) else [_text(claim)]
    wanted = rule["Value"]
    match rule["MatchType"]:
        case "Equals":
            return wanted in values
        case "NotEqual":
            return wanted not in values
        case "StartsWith":
            return any(value.startswith(wanted) for value in values)
        case _:
            return any(wanted in value for value in values)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _denied(key: str, reason: str) -> NotAuthorizedException:
    return NotAuthorizedException(
        f"The ambiguous role mapping rules for: {key} denied this request.", reason=reason
    )
