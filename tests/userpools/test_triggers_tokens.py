"""Claims, scopes and groups as a pool's function wants them."""

from __future__ import annotations

import pytest
from support.pool_env import refused
from support.pool_settings import FUNCTION
from support.sign_in import FLOWS, password_of, read, refresh
from support.triggers import answering, configured, error_of

GARBLED = "Invalid lambda function output : Invalid JSON"
ROLES = "arn:aws:iam::123456789012:role/"
FIXED = [
    "acr", "amr", "at_hash", "auth_time", "azp", "exp", "iat", "iss", "jti", "nbf", "nonce", "origin_jti", "sub",
    "token_use",
]  # fmt: skip


class Mint:
    """A pool with a function for its tokens, and one user."""

    def __init__(self, found, cognito, version):
        self.cognito = cognito
        config = {"PreTokenGenerationConfig": {"LambdaVersion": version, "LambdaArn": FUNCTION + "claims"}}
        self.env = found(LambdaConfig=config, client={"ExplicitAuthFlows": FLOWS})
        self.env.add_user(email="ada@example.com", nickname="ace")

    def __call__(self, details):
        """The claims of both tokens when the function answers so."""
        self.cognito.functions["claims"] = lambda _event, _context: {"response": self.wrapped(details)}
        return self.signed_in()

    def signed_in(self):
        result = password_of(self.env)["AuthenticationResult"]
        return read(result["IdToken"]), read(result["AccessToken"])

    def wrapped(self, details):
        return {self.member: details}

    def join(self, *names, role=True):
        for precedence, name in enumerate(names):
            more = {"RoleArn": ROLES + name} if role else {}
            self.env.idp.create_group(
                UserPoolId=self.env.pool_id, GroupName=name, Precedence=precedence, **more
            )
            self.env.idp.admin_add_user_to_group(UserPoolId=self.env.pool_id, Username="ada", GroupName=name)


@pytest.fixture
def first(found, cognito):
    mint = Mint(found, cognito, "V1_0")
    mint.member = "claimsOverrideDetails"
    return mint


@pytest.fixture(params=["V2_0", "V3_0"])
def second(found, cognito, request):
    mint = Mint(found, cognito, request.param)
    mint.member = "claimsAndScopeOverrideDetails"
    mint.version = request.param[1]
    return mint


class TestEvents:
    def test_the_first_version(self, first, cognito):
        first.join("red", "blue")
        cognito.functions["claims"] = answering()
        first.signed_in()
        event = cognito.functions.calls[-1].event
        assert event["version"] == "1"
        assert event["triggerSource"] == "TokenGeneration_Authentication"
        assert event["request"] == {
            "userAttributes": {
                "sub": first.env.attributes()["sub"],
                "cognito:user_status": "CONFIRMED",
                "email": "ada@example.com",
                "nickname": "ace",
            },
            "groupConfiguration": {
                "groupsToOverride": ["red", "blue"],
                "iamRolesToOverride": [f"{ROLES}red", f"{ROLES}blue"],
                "preferredRole": f"{ROLES}red",
            },
        }
        assert event["response"] == {"claimsOverrideDetails": None}

    def test_the_second_and_third_bring_scopes(self, second, cognito):
        cognito.functions["claims"] = answering()
        second.signed_in()
        event = cognito.functions.calls[-1].event
        assert event["version"] == second.version
        assert event["request"]["scopes"] == ["aws.cognito.signin.user.admin"]
        assert event["request"]["groupConfiguration"] == {
            "groupsToOverride": [],
            "iamRolesToOverride": [],
            "preferredRole": None,
        }
        assert event["response"] == {"claimsAndScopeOverrideDetails": None}

    def test_it_runs_once_for_both_tokens(self, second, cognito):
        cognito.functions["claims"] = answering()
        second.signed_in()
        assert len(cognito.functions.calls) == 1

    def test_the_older_member_of_the_configuration_means_the_first_version(self, found, cognito):
        cognito.functions["claims"] = answering()
        env = found(LambdaConfig=configured(PreTokenGeneration="claims"))
        env.add_user()
        password_of(env)
        assert cognito.functions.calls[-1].event["version"] == "1"


class TestFirstVersion:
    def test_changes_the_id_token_alone(self, first):
        identity, access = first(
            {"claimsToAddOrOverride": {"plan": "gold", "nickname": "king"}, "claimsToSuppress": ["email"]}
        )
        assert (identity["plan"], identity["nickname"]) == ("gold", "king")
        assert "email" not in identity
        assert "plan" not in access

    def test_its_values_are_texts(self, first):
        assert first({"claimsToAddOrOverride": {"age": 7, "old": True}})[0]["age"] == "7"
        for value in ([1], {"a": 1}):
            first.cognito.functions["claims"] = answering(
                claimsOverrideDetails={"claimsToAddOrOverride": {"x": value}}
            )
            assert error_of(password_of, first.env) == ("InvalidLambdaResponseException", GARBLED)

    @pytest.mark.parametrize("details", [None, {}])
    def test_nothing_changes_nothing(self, first, details):
        first.join("red")
        identity, access = first(details)
        assert identity["email"] == "ada@example.com"
        assert identity["cognito:groups"] == access["cognito:groups"] == ["red"]

    def test_groups_and_roles_are_overridden_in_both_tokens(self, first):
        first.join("red")
        groups = {
            "groupsToOverride": ["gold"],
            "iamRolesToOverride": [f"{ROLES}gold"],
            "preferredRole": f"{ROLES}gold",
        }
        identity, access = first({"groupOverrideDetails": groups})
        assert identity["cognito:groups"] == access["cognito:groups"] == ["gold"]
        assert identity["cognito:roles"] == [f"{ROLES}gold"]
        assert identity["cognito:preferred_role"] == f"{ROLES}gold"
        assert "cognito:roles" not in access

    @pytest.mark.parametrize("groups", [None, {}])
    def test_empty_group_details_take_the_groups_away(self, first, groups):
        first.join("red")
        for claims in first({"claimsToAddOrOverride": {"x": "y"}, "groupOverrideDetails": groups}):
            assert not [name for name in claims if name in ("cognito:groups", "cognito:roles")]

    def test_absent_group_details_leave_them(self, first):
        first.join("red")
        for claims in first({"claimsToAddOrOverride": {"x": "y"}}):
            assert claims["cognito:groups"] == ["red"]


class TestSecondVersion:
    def test_values_of_any_kind_go_into_both_tokens(self, second):
        values = {"number": 7, "yes": True, "list": ["a", 1], "object": {"deep": {"er": None}}, "text": "t"}
        identity, access = second(
            {
                "idTokenGeneration": {"claimsToAddOrOverride": values},
                "accessTokenGeneration": {"claimsToAddOrOverride": {**values, "only": "access"}},
            }
        )
        assert {name: identity[name] for name in values} == values
        assert {name: access[name] for name in values} == values
        assert access["only"] == "access"
        assert "only" not in identity

    def test_what_is_added_and_suppressed_is_suppressed(self, second):
        both = {"claimsToAddOrOverride": {"plan": "gold"}, "claimsToSuppress": ["plan"]}
        identity, access = second({"idTokenGeneration": both, "accessTokenGeneration": both})
        assert "plan" not in identity
        assert "plan" not in access

    def test_some_claims_are_fixed_and_attempts_ignored(self, second):
        plain_id, plain_access = second(None)
        names = [*FIXED, "aud", "identities", "cognito:username", "cognito:groups", "cognito:other", "dev:x"]
        of_id = {
            "claimsToAddOrOverride": dict.fromkeys(names, "mine"),
            "claimsToSuppress": names,
        }
        names = [
            *FIXED,
            "username",
            "client_id",
            "scope",
            "device_key",
            "event_id",
            "version",
            "aud",
            "dev:x",
        ]
        of_access = {
            "claimsToAddOrOverride": dict.fromkeys(names, "mine"),
            "claimsToSuppress": [name for name in names if name != "aud"],
        }
        identity, access = second({"idTokenGeneration": of_id, "accessTokenGeneration": of_access})
        assert identity.keys() == plain_id.keys()
        assert access.keys() == plain_access.keys()
        assert "mine" not in [*identity.values(), *access.values()]

    def test_the_audience_of_an_access_token_may_be_its_client(self, second):
        client = second.env.client_id
        for aud, there in ((client, True), ("other", False)):
            _, access = second({"accessTokenGeneration": {"claimsToAddOrOverride": {"aud": aud}}})
            assert (access.get("aud") == client) is there

    def test_scopes_are_added_and_taken_away(self, second):
        generation = {
            "scopesToAdd": ["shop/read", "two words", "aws.cognito.new", ""],
            "scopesToSuppress": ["aws.cognito.signin.user.admin"],
        }
        second.cognito.functions["claims"] = answering(
            claimsAndScopeOverrideDetails={"accessTokenGeneration": generation}
        )
        token = password_of(second.env)["AuthenticationResult"]["AccessToken"]
        assert read(token)["scope"] == "shop/read"
        with refused("NotAuthorizedException", "Access Token does not have required scopes"):
            second.env.idp.get_user(AccessToken=token)

    def test_groups_are_overridden(self, second):
        second.join("red")
        identity, access = second({"groupOverrideDetails": {"groupsToOverride": ["gold"]}})
        assert identity["cognito:groups"] == access["cognito:groups"] == ["gold"]
        assert "cognito:roles" not in identity

    def test_a_refresh_asks_again(self, second, cognito):
        cognito.functions["claims"] = answering()
        token = password_of(second.env)["AuthenticationResult"]["RefreshToken"]
        details = {"accessTokenGeneration": {"claimsToAddOrOverride": {"plan": "gold"}}}
        cognito.functions["claims"] = answering(claimsAndScopeOverrideDetails=details)
        assert read(refresh(second.env, token)["AccessToken"])["plan"] == "gold"
        assert cognito.functions.calls[-1].source == "TokenGeneration_RefreshTokens"

    @pytest.mark.parametrize(
        "details",
        [
            "text",
            ["list"],
            {"idTokenGeneration": "text"},
            {"idTokenGeneration": {"claimsToAddOrOverride": ["a"]}},
            {"idTokenGeneration": {"claimsToSuppress": "a"}},
            {"accessTokenGeneration": {"scopesToAdd": {"a": 1}}},
            {"groupOverrideDetails": ["a"]},
            {"groupOverrideDetails": {"groupsToOverride": "a"}},
        ],
    )
    def test_what_is_of_the_wrong_type_is_refused(self, second, cognito, details):
        cognito.functions["claims"] = answering(claimsAndScopeOverrideDetails=details)
        assert error_of(password_of, second.env) == ("InvalidLambdaResponseException", GARBLED)
        assert cognito.functions.calls[-1].outcome == "InvalidLambdaResponseException"

    def test_lite_pools_do_not_have_it(self, found):
        config = {"PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": FUNCTION + "claims"}}
        code, _ = error_of(found, LambdaConfig=config, UserPoolTier="LITE")
        assert code == "FeatureUnavailableInTierException"


class TestTokensOfClients:
    @pytest.fixture
    def machine(self, found, cognito):
        def machine(version):
            config = {
                "PreTokenGenerationConfig": {"LambdaVersion": version, "LambdaArn": FUNCTION + "claims"}
            }
            env = found(
                LambdaConfig=config,
                client={"ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"], "GenerateSecret": True},
            )

            def token(**more):
                answer = env.idp.get_client_token(ClientId=env.client_id, Secret=env.secret, **more)
                return read(answer["ClientAuthenticationResult"]["AccessToken"])

            env.client_token = token
            return env

        return machine

    def test_the_third_version_is_asked(self, machine, cognito):
        details = {
            "idTokenGeneration": {"claimsToAddOrOverride": {"never": 1}},
            "accessTokenGeneration": {
                "claimsToAddOrOverride": {"plan": "gold"},
                "scopesToAdd": ["shop/read"],
            },
            "groupOverrideDetails": {"groupsToOverride": ["gold"]},
        }
        cognito.functions["claims"] = answering(claimsAndScopeOverrideDetails=details)
        env = machine("V3_0")
        claims = env.client_token(ClientMetadata={"k": "v"})
        assert claims["plan"] == "gold"
        assert claims["scope"].strip() == "shop/read"
        assert "never" not in claims
        assert "cognito:groups" not in claims
        event = cognito.functions.calls[-1].event
        assert event["version"] == "3"
        assert event["triggerSource"] == "TokenGeneration_ClientCredentials"
        assert event["userName"] == "ClientCredentials"
        assert event["request"] == {
            "userAttributes": {},
            "groupConfiguration": None,
            "scopes": [],
            "clientMetadata": {"k": "v"},
        }

    @pytest.mark.parametrize("version", ["V1_0", "V2_0"])
    def test_the_others_are_not(self, machine, cognito, version):
        machine(version).client_token()
        assert cognito.functions.calls == []

    def test_its_failure_gives_no_token(self, machine):
        code, message = error_of(machine("V3_0").client_token)
        assert code == "NotAuthorizedException"
        assert message.startswith("PreTokenGeneration invocation failed")


def test_tokens_without_a_sign_in_have_the_claims_too(first, cognito):
    cognito.functions["claims"] = answering(claimsOverrideDetails={"claimsToAddOrOverride": {"plan": "gold"}})
    minted = cognito.tokens("ada", client=first.env.client_id)
    assert read(minted.id_token)["plan"] == "gold"
