"""Role mappings of the type Rules, seen in the credentials."""

import pytest
from support.identity_env import ACCOUNT, IdentityPoolEnv
from support.pool_env import refused

from cogmock.identitypools.rules.role_mapping import fits


def arn(name):
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def rule(claim, match, value, role="gold"):
    return {"Claim": claim, "MatchType": match, "Value": value, "RoleARN": arn(role)}


@pytest.fixture
def identity_env(cognito):
    identity_env = IdentityPoolEnv(cognito)
    for name in ("member", "guest", "gold", "silver"):
        identity_env.role(name)
    return identity_env


def mapped(identity_env, *rules, ambiguous="Deny"):
    key = f"{identity_env.provider}:{identity_env.client_id}"
    identity_env.identity.set_identity_pool_roles(
        IdentityPoolId=identity_env.pool_id,
        Roles={"authenticated": arn("member"), "unauthenticated": arn("guest")},
        RoleMappings={
            key: {
                "Type": "Rules",
                "AmbiguousRoleResolution": ambiguous,
                "RulesConfiguration": {"Rules": list(rules)},
            }
        },
    )
    return refused(
        "NotAuthorizedException", f"The ambiguous role mapping rules for: {key} denied this request."
    )


def role_of(identity_env, name="ada", **more):
    return identity_env.caller(identity_env.credentials(name, **more))["Arn"].split("/")[1]


class TestRules:
    def test_the_first_that_fits_wins(self, identity_env):
        identity_env.add_user(email="ada@example.com")
        mapped(
            identity_env,
            rule("email", "Contains", "@other", "guest"),
            rule("email", "Contains", "@example", "silver"),
            rule("email", "Equals", "ada@example.com", "gold"),
        )
        assert role_of(identity_env) == "silver"

    def test_a_custom_role_picks_another_that_fits(self, identity_env):
        identity_env.add_user(email="ada@example.com")
        denied = mapped(
            identity_env,
            rule("email", "Contains", "@example", "silver"),
            rule("email", "StartsWith", "ada", "gold"),
            rule("email", "StartsWith", "bob", "guest"),
        )
        assert role_of(identity_env, CustomRoleArn=arn("gold")) == "gold"
        with denied:
            role_of(identity_env, CustomRoleArn=arn("guest"))

    def test_none_that_fits_is_ambiguous(self, identity_env):
        identity_env.add_user()
        with mapped(identity_env, rule("email", "Equals", "x")):
            role_of(identity_env)
        mapped(identity_env, rule("email", "Equals", "x"), ambiguous="AuthenticatedRole")
        assert role_of(identity_env) == "member"

    def test_one_group_of_many_will_do(self, identity_env):
        identity_env.group("staff")
        identity_env.add_user("ada", ["staff"])
        mapped(identity_env, rule("cognito:groups", "Contains", "sta"))
        assert role_of(identity_env) == "gold"

    def test_rules_leave_guests_alone(self, identity_env):
        mapped(identity_env, rule("email", "NotEqual", "x"))
        assert role_of(identity_env, None) == "guest"


class TestMatchingRules:
    @pytest.mark.parametrize(
        ("match", "value", "claim", "expected"),
        [
            ("Equals", "a", "a", True),
            ("Equals", "a", "A", False),
            ("Equals", "a", "ab", False),
            ("StartsWith", "a", "ab", True),
            ("StartsWith", "b", "ab", False),
            ("Contains", "b", "abc", True),
            ("Contains", "B", "abc", False),
            ("NotEqual", "a", "b", True),
            ("NotEqual", "a", "a", False),
            ("Equals", "a", None, False),
            ("StartsWith", "a", None, False),
            ("Contains", "a", None, False),
            ("NotEqual", "a", None, False),
            ("Equals", "true", True, True),
            ("Equals", "7", 7, True),
            ("Contains", "adm", ["user", "admins"], True),
            ("Equals", "user", ["user", "admins"], True),
            ("NotEqual", "user", ["user", "admins"], False),
            ("NotEqual", "root", ["user", "admins"], True),
            ("Contains", "x", [], False),
        ],
    )
    def test_a_claim_is_compared_as_aws_compares(self, match, value, claim, expected):
        claims = {} if claim is None else {"custom:x": claim}
        assert fits(rule("custom:x", match, value), claims) is expected
