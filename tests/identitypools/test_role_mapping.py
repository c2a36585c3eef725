"""Roles by rules, as credentials show them."""

import pytest
from people import refused
from society import ACCOUNT, Society

from cogmock.identitypools.rules.role_mapping import fits


def arn(name):
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def rule(claim, match, value, role="gold"):
    return {"Claim": claim, "MatchType": match, "Value": value, "RoleARN": arn(role)}


@pytest.fixture
def society(cognito):
    society = Society(cognito)
    for name in ("member", "guest", "gold", "silver"):
        society.role(name)
    return society


def mapped(society, *rules, ambiguous="Deny"):
    key = f"{society.provider}:{society.client_id}"
    society.identity.set_identity_pool_roles(
        IdentityPoolId=society.pool_id,
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


def role_of(society, name="ada", **more):
    return society.caller(society.credentials(name, **more))["Arn"].split("/")[1]


class TestRules:
    def test_the_first_that_fits_wins(self, society):
        society.resident(email="ada@example.com")
        mapped(
            society,
            rule("email", "Contains", "@other", "guest"),
            rule("email", "Contains", "@example", "silver"),
            rule("email", "Equals", "ada@example.com", "gold"),
        )
        assert role_of(society) == "silver"

    def test_a_custom_role_picks_another_that_fits(self, society):
        society.resident(email="ada@example.com")
        denied = mapped(
            society,
            rule("email", "Contains", "@example", "silver"),
            rule("email", "StartsWith", "ada", "gold"),
            rule("email", "StartsWith", "bob", "guest"),
        )
        assert role_of(society, CustomRoleArn=arn("gold")) == "gold"
        with denied:
            role_of(society, CustomRoleArn=arn("guest"))

    def test_none_that_fits_is_ambiguous(self, society):
        society.resident()
        with mapped(society, rule("email", "Equals", "x")):
            role_of(society)
        mapped(society, rule("email", "Equals", "x"), ambiguous="AuthenticatedRole")
        assert role_of(society) == "member"

    def test_one_group_of_many_will_do(self, society):
        society.group("staff")
        society.resident("ada", ["staff"])
        mapped(society, rule("cognito:groups", "Contains", "sta"))
        assert role_of(society) == "gold"

    def test_rules_leave_guests_alone(self, society):
        mapped(society, rule("email", "NotEqual", "x"))
        assert role_of(society, None) == "guest"


class TestFits:
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
