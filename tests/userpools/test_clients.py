"""App clients: AWS's defaults, what is kept, what an update resets, what is refused, and their secrets."""

from __future__ import annotations

import jwt
import pytest
from support.pool_env import refused
from support.pool_settings import impatient

OWN_SECRET = "x" * 24
PINPOINT = "arn:aws:mobiletargeting:us-east-1:123456789012:apps/d70b2ba36a8c4dc5a04a0451a31a1e12"
ROLE = "arn:aws:iam::123456789012:role/pinpoint"
OAUTH = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid"],
    "CallbackURLs": ["https://app.example.com/in"],
}


@pytest.fixture
def pool_id(idp):
    return pool_of(idp)


def pool_of(idp, **settings):
    return idp.create_user_pool(PoolName="shop", **settings)["UserPool"]["Id"]


def made(idp, pool_id, name="web", **settings):
    answer = idp.create_user_pool_client(UserPoolId=pool_id, ClientName=name, **settings)
    return answer["UserPoolClient"]


def described(idp, client):
    answer = idp.describe_user_pool_client(UserPoolId=client["UserPoolId"], ClientId=client["ClientId"])
    return answer["UserPoolClient"]


def updated(idp, client, **settings):
    answer = idp.update_user_pool_client(
        UserPoolId=client["UserPoolId"], ClientId=client["ClientId"], **settings
    )
    return answer["UserPoolClient"]


class TestCreateUserPoolClient:
    def test_a_client_with_a_name_alone_has_the_defaults_of_aws(self, idp, pool_id):
        client = made(idp, pool_id)
        for member in ("ClientId", "CreationDate", "LastModifiedDate"):
            assert client.pop(member)
        assert client == {
            "UserPoolId": pool_id,
            "ClientName": "web",
            "RefreshTokenValidity": 30,
            "TokenValidityUnits": {},
            "AllowedOAuthFlowsUserPoolClient": False,
            "EnableTokenRevocation": True,
            "EnablePropagateAdditionalUserContextData": False,
            "AuthSessionValidity": 3,
            "ClientType": "REGULAR",
        }

    def test_answers_what_describe_answers(self, idp, pool_id):
        client = made(idp, pool_id, GenerateSecret=True, **OAUTH)
        assert described(idp, client) == client

    def test_the_id_is_26_small_letters_and_digits(self, idp, pool_id):
        client_id = made(idp, pool_id)["ClientId"]
        assert len(client_id) == 26
        assert client_id.isalnum()
        assert client_id == client_id.lower()

    def test_a_generated_secret_is_50_to_52_small_letters_and_digits(self, idp, pool_id):
        secret = made(idp, pool_id, GenerateSecret=True)["ClientSecret"]
        assert 50 <= len(secret) <= 52
        assert secret.isalnum()
        assert secret == secret.lower()

    def test_a_secret_may_be_brought(self, idp, pool_id):
        assert made(idp, pool_id, ClientSecret=OWN_SECRET)["ClientSecret"] == OWN_SECRET
        assert made(idp, pool_id, ClientSecret=OWN_SECRET, GenerateSecret=False)["ClientSecret"] == OWN_SECRET

    def test_a_secret_is_brought_or_generated_not_both(self, idp, pool_id):
        with refused("InvalidParameterException"):
            made(idp, pool_id, ClientSecret=OWN_SECRET, GenerateSecret=True)

    def test_the_flow_of_client_tokens_stands_alone(self, idp, pool_id):
        flows = ["ALLOW_CLIENT_TOKEN_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        with refused("InvalidParameterException"):
            made(idp, pool_id, ExplicitAuthFlows=flows, GenerateSecret=True)

    @pytest.mark.parametrize("secret", ["x" * 65, "with blanks and so on here"])
    def test_a_secret_that_is_brought_has_24_to_64_plain_characters(self, idp, pool_id, secret):
        with refused("InvalidParameterException"):
            made(idp, pool_id, ClientSecret=secret)

    @pytest.mark.parametrize(
        ("member", "value"),
        [
            ("ExplicitAuthFlows", ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]),
            ("ExplicitAuthFlows", ["ADMIN_NO_SRP_AUTH", "USER_PASSWORD_AUTH"]),
            ("ExplicitAuthFlows", ["ALLOW_CLIENT_TOKEN_AUTH"]),
            ("ReadAttributes", ["email", "email_verified"]),
            ("WriteAttributes", ["email", "custom:shop"]),
            ("PreventUserExistenceErrors", "ENABLED"),
            ("EnableTokenRevocation", False),
            ("AuthSessionValidity", 15),
            ("SupportedIdentityProviders", ["COGNITO"]),
            ("LogoutURLs", ["https://app.example.com/out"]),
            ("RefreshTokenRotation", {"Feature": "ENABLED", "RetryGracePeriodSeconds": 30}),
            ("AnalyticsConfiguration", {"ApplicationArn": PINPOINT}),
            ("AnalyticsConfiguration", {"ApplicationId": PINPOINT[-32:], "RoleArn": ROLE, "ExternalId": "x"}),
        ],
    )
    def test_keeps_and_shows_what_is_set(self, idp, member, value):
        pool_id = pool_of(idp, Schema=[{"Name": "shop", "AttributeDataType": "String"}])
        assert described(idp, made(idp, pool_id, **{member: value}))[member] == value

    def test_empty_lists_are_as_good_as_absent(self, idp, pool_id):
        lists = (
            "ReadAttributes",
            "CallbackURLs",
            "AllowedOAuthFlows",
            "AllowedOAuthScopes",
            "ExplicitAuthFlows",
        )
        assert set(lists).isdisjoint(made(idp, pool_id, **{member: [] for member in lists}))

    def test_refuses_a_pool_that_is_not_there(self, idp):
        with refused("ResourceNotFoundException", "User pool us-east-1_Nowhere does not exist."):
            made(idp, "us-east-1_Nowhere")

    def test_a_pool_has_at_most_1000_clients(self, idp, pool_id, monkeypatch):
        # A thousand calls would say no more than five do.
        from cogmock.userpools.operations import clients

        assert clients.MOST == 1000
        monkeypatch.setattr(clients, "MOST", 5)
        for _ in range(5):
            made(idp, pool_id)
        with refused("LimitExceededException"):
            made(impatient(), pool_id)
        assert made(idp, pool_of(idp)), "the limit is each pool's own"


class TestTokenValidity:
    def test_units_come_back_as_they_were_given(self, idp, pool_id):
        units = {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours"}
        client = made(
            idp,
            pool_id,
            AccessTokenValidity=5,
            IdTokenValidity=10,
            RefreshTokenValidity=1,
            TokenValidityUnits=units,
        )
        assert client["TokenValidityUnits"] == units
        assert (client["AccessTokenValidity"], client["IdTokenValidity"]) == (5, 10)
        assert client["RefreshTokenValidity"] == 1

    def test_units_that_were_not_given_do_not_show(self, idp, pool_id):
        client = made(idp, pool_id, AccessTokenValidity=2, RefreshTokenValidity=10)
        assert client["TokenValidityUnits"] == {}

    @pytest.mark.parametrize(
        ("token", "amount", "unit"),
        [
            ("AccessToken", 299, "seconds"),
            ("AccessToken", 4, "minutes"),
            ("AccessToken", 25, None),
            ("AccessToken", 2, "days"),
            ("IdToken", 299, "seconds"),
            ("IdToken", 1441, "minutes"),
            ("RefreshToken", 59, "minutes"),
            ("RefreshToken", 3599, "seconds"),
            ("RefreshToken", 3651, None),
        ],
    )
    def test_refuses_what_is_out_of_range(self, idp, pool_id, token, amount, unit):
        settings = {f"{token}Validity": amount, "TokenValidityUnits": {token: unit} if unit else {}}
        with refused("InvalidParameterException", "Invalid range for token validity."):
            made(idp, pool_id, **settings)
        client = made(idp, pool_id)
        with refused("InvalidParameterException", "Invalid range for token validity."):
            updated(idp, client, **settings)

    @pytest.mark.parametrize(
        ("token", "amount", "unit"),
        [
            ("AccessToken", 300, "seconds"),
            ("AccessToken", 24, None),
            ("IdToken", 1, "days"),
            ("RefreshToken", 60, "minutes"),
            ("RefreshToken", 3650, None),
        ],
    )
    def test_takes_the_bounds_themselves(self, idp, pool_id, token, amount, unit):
        settings = {f"{token}Validity": amount, "TokenValidityUnits": {token: unit} if unit else {}}
        assert made(idp, pool_id, **settings)[f"{token}Validity"] == amount

    def test_zero_stands_for_thirty_days_in_any_unit(self, idp, pool_id):
        assert made(idp, pool_id, RefreshTokenValidity=0)["RefreshTokenValidity"] == 30
        hours = made(idp, pool_id, RefreshTokenValidity=0, TokenValidityUnits={"RefreshToken": "hours"})
        assert hours["RefreshTokenValidity"] == 720

    def test_a_unit_alone_changes_nothing(self, idp, pool_id, cognito):
        client_id = made(idp, pool_id, TokenValidityUnits={"AccessToken": "minutes", "IdToken": "seconds"})[
            "ClientId"
        ]
        idp.admin_create_user(UserPoolId=pool_id, Username="ada", MessageAction="SUPPRESS")
        tokens = cognito.tokens("ada", client=client_id)
        for token in (tokens.id_token, tokens.access_token):
            claims = jwt.decode(token, options={"verify_signature": False})
            assert claims["exp"] - claims["iat"] == 3600

    def test_tokens_live_as_long_as_the_client_says(self, idp, pool_id, cognito):
        client_id = made(
            idp,
            pool_id,
            AccessTokenValidity=2,
            IdTokenValidity=5,
            TokenValidityUnits={"IdToken": "minutes"},
        )["ClientId"]
        idp.admin_create_user(UserPoolId=pool_id, Username="ada", MessageAction="SUPPRESS")
        tokens = cognito.tokens("ada", client=client_id)
        lifetimes = []
        for token in (tokens.id_token, tokens.access_token):
            claims = jwt.decode(token, options={"verify_signature": False})
            lifetimes.append(claims["exp"] - claims["iat"])
        assert lifetimes == [300, 7200]


class TestFlows:
    @pytest.mark.parametrize("old", ["ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"])
    def test_old_and_new_names_do_not_mix(self, idp, pool_id, old):
        with refused("InvalidParameterException"):
            made(idp, pool_id, ExplicitAuthFlows=[old, "ALLOW_USER_SRP_AUTH"])
        assert made(idp, pool_id, ExplicitAuthFlows=[old])["ExplicitAuthFlows"] == [old]

    def test_lite_has_no_sign_in_by_choice(self, idp):
        pool_id = pool_of(idp, UserPoolTier="LITE")
        with refused("FeatureUnavailableInTierException"):
            made(idp, pool_id, ExplicitAuthFlows=["ALLOW_USER_AUTH"])
        client = made(idp, pool_id)
        with refused("FeatureUnavailableInTierException"):
            updated(idp, client, ExplicitAuthFlows=["ALLOW_USER_AUTH"])

    def test_rotation_and_the_old_way_to_refresh_exclude_each_other(self, idp, pool_id):
        rotation = {"Feature": "ENABLED"}
        with refused("InvalidParameterException"):
            made(
                idp,
                pool_id,
                RefreshTokenRotation=rotation,
                ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            )
        assert made(idp, pool_id, RefreshTokenRotation=rotation, ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
        assert made(
            idp,
            pool_id,
            RefreshTokenRotation={"Feature": "DISABLED"},
            ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"],
        )

    def test_rotation_that_is_off_has_a_grace_period_of_0_seconds(self, idp, pool_id):
        off = {"Feature": "DISABLED", "RetryGracePeriodSeconds": 0}
        client = made(
            idp, pool_id, RefreshTokenRotation={"Feature": "DISABLED", "RetryGracePeriodSeconds": 30}
        )
        assert client["RefreshTokenRotation"] == off
        on = updated(idp, client, RefreshTokenRotation={"Feature": "ENABLED"})["RefreshTokenRotation"]
        assert on == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}

    def test_an_update_that_leaves_rotation_out_switches_it_off_and_shows_it(self, idp, pool_id):
        client = made(
            idp, pool_id, RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 30}
        )
        flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        rotation = updated(idp, client, ExplicitAuthFlows=flows)["RefreshTokenRotation"]
        assert rotation == {"Feature": "DISABLED", "RetryGracePeriodSeconds": 0}
        assert described(idp, client)["RefreshTokenRotation"] == rotation
        assert "RefreshTokenRotation" not in updated(idp, made(idp, pool_id))

    @pytest.mark.parametrize("settings", [{"RetryGracePeriodSeconds": 61}, {"Feature": "MAYBE"}])
    def test_rotation_is_checked(self, idp, pool_id, settings):
        with refused("InvalidParameterException"):
            made(idp, pool_id, RefreshTokenRotation={"Feature": "ENABLED", **settings})

    def test_context_data_of_users_need_a_secret(self, idp, pool_id):
        wish = {"EnablePropagateAdditionalUserContextData": True}
        with refused("InvalidParameterException"):
            made(idp, pool_id, **wish)
        assert made(idp, pool_id, GenerateSecret=True, **wish)["EnablePropagateAdditionalUserContextData"]
        client = made(idp, pool_id)
        with refused("InvalidParameterException"):
            updated(idp, client, **wish)


class TestReadAndWriteAttributes:
    @pytest.mark.parametrize("name", ["custom:nowhere", "nowhere"])
    def test_refuses_attributes_that_the_schema_does_not_have(self, idp, pool_id, name):
        with refused(
            "InvalidParameterException", "Invalid write attributes specified while creating a client"
        ):
            made(idp, pool_id, WriteAttributes=["email", name])
        with refused(
            "InvalidParameterException", "Invalid read attributes specified while creating a client"
        ):
            made(idp, pool_id, ReadAttributes=["email", name])
        client = made(idp, pool_id)
        with refused(
            "InvalidParameterException", "Invalid write attributes specified while updating a client"
        ):
            updated(idp, client, WriteAttributes=[name])

    @pytest.mark.parametrize("name", ["sub", "email_verified", "phone_number_verified"])
    def test_refuses_to_let_users_write_what_only_cognito_writes(self, idp, pool_id, name):
        with refused("InvalidParameterException"):
            made(idp, pool_id, WriteAttributes=[name])
        assert made(idp, pool_id, ReadAttributes=[name])["ReadAttributes"] == [name]


class TestOAuthSettings:
    @pytest.mark.parametrize("missing", ["AllowedOAuthFlows", "AllowedOAuthScopes"])
    def test_a_client_that_may_use_oauth_needs_flows_and_scopes(self, idp, pool_id, missing):
        settings = {key: of for key, of in OAUTH.items() if key != missing}
        with refused(
            "InvalidParameterException",
            "AllowedOAuthFlows and AllowedOAuthScopes are required "
            "if user pool client is allowed to use OAuth flows.",
        ):
            made(idp, pool_id, **settings)

    @pytest.mark.parametrize("flow", ["code", "implicit"])
    def test_users_need_a_place_to_come_back_to(self, idp, pool_id, flow):
        with refused(
            "InvalidOAuthFlowException",
            "CallbackUrls can not be empty when code flow or implicit flow is selected",
        ):
            made(idp, pool_id, **OAUTH | {"AllowedOAuthFlows": [flow], "CallbackURLs": []})

    @pytest.mark.parametrize("flow", ["code", "implicit"])
    def test_machines_and_users_do_not_share_a_client(self, idp, pool_id, flow):
        with refused(
            "InvalidOAuthFlowException",
            "client_credentials flow can not be selected along with code flow or implicit flow.",
        ):
            made(
                idp,
                pool_id,
                GenerateSecret=True,
                **OAUTH | {"AllowedOAuthFlows": [flow, "client_credentials"]},
            )

    def test_machines_need_a_secret(self, idp, pool_id):
        with refused(
            "InvalidOAuthFlowException",
            "client_credentials flow can not be selected if client does not have a client secret.",
        ):
            made(idp, pool_id, **OAUTH | {"AllowedOAuthFlows": ["client_credentials"]})

    def test_are_kept_though_the_client_may_not_use_oauth_yet(self, idp, pool_id):
        """The domain refuses the client until it may (tests of /oauth2/authorize and /oauth2/token)."""
        kept = made(idp, pool_id, **OAUTH | {"AllowedOAuthFlowsUserPoolClient": False})
        assert {name: kept[name] for name in OAUTH} == OAUTH | {"AllowedOAuthFlowsUserPoolClient": False}

    def test_machines_have_scopes_of_resource_servers_alone(self, idp, pool_id):
        idp.create_resource_server(
            UserPoolId=pool_id,
            Identifier="https://api.example.com/v1",
            Name="api",
            Scopes=[{"ScopeName": "read", "ScopeDescription": "to read"}],
        )
        machine = {
            "GenerateSecret": True,
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthFlows": ["client_credentials"],
        }
        scopes = ["https://api.example.com/v1/read"]
        assert made(idp, pool_id, AllowedOAuthScopes=scopes, **machine)["AllowedOAuthScopes"] == scopes
        with refused("InvalidOAuthFlowException"):
            made(idp, pool_id, AllowedOAuthScopes=["openid"], **machine)

    @pytest.mark.parametrize("scope", ["api/read", "address", "openid/x", "api"])
    def test_refuses_scopes_that_nobody_defined(self, idp, pool_id, scope):
        idp.create_resource_server(UserPoolId=pool_id, Identifier="api", Name="api")
        with refused("ScopeDoesNotExistException", f"Invalid scope requested: {scope}"):
            made(idp, pool_id, **OAUTH | {"AllowedOAuthScopes": ["openid", scope]})

    def test_the_scope_for_registering_clients_is_there_where_registration_is_on(self, idp, pool_id):
        settings = OAUTH | {"AllowedOAuthScopes": ["aws.cognito/dcr/register"]}
        with refused("ScopeDoesNotExistException"):
            made(idp, pool_id, **settings)
        assert made(idp, pool_of(idp, DcrConfiguration={"EnableStatus": "Enabled"}), **settings)

    def test_takes_all_scopes_of_aws(self, idp, pool_id):
        scopes = ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"]
        assert made(idp, pool_id, **OAUTH | {"AllowedOAuthScopes": scopes})["AllowedOAuthScopes"] == scopes

    @pytest.mark.parametrize(
        "url",
        [
            "https://app.example.com",
            "http://localhost",
            "http://localhost:3000/in?x=1",
            "http://127.0.0.1:8080/",
            "http://[::1]:8080/in",
            "myapp://in",
            "com.example.app:/in",
        ],
    )
    def test_takes_urls_that_aws_takes(self, idp, pool_id, url):
        assert made(idp, pool_id, **OAUTH | {"CallbackURLs": [url]})["CallbackURLs"] == [url]
        assert made(idp, pool_id, LogoutURLs=[url])["LogoutURLs"] == [url]

    @pytest.mark.parametrize(
        "url",
        [
            "http://app.example.com",
            "http://localhost.example.com/",
            "http://localhost@example.com/",
            "https://app.example.com/#in",
            "app.example.com",
            "/in",
            "https://",
            "https:app",
            "javascript:alert(1)",
        ],
    )
    @pytest.mark.parametrize("member", ["CallbackURLs", "LogoutURLs"])
    def test_refuses_urls_that_are_relative_in_clear_or_with_a_fragment(self, idp, pool_id, member, url):
        with refused("InvalidParameterException"):
            made(idp, pool_id, **{member: [url]})

    def test_takes_at_most_100_urls(self, idp, pool_id):
        with refused("InvalidParameterException"):
            made(idp, pool_id, CallbackURLs=[f"https://example.com/{n}" for n in range(101)])

    def test_the_default_url_is_one_of_the_others(self, idp, pool_id):
        url = OAUTH["CallbackURLs"][0]
        assert made(idp, pool_id, DefaultRedirectURI=url, **OAUTH)["DefaultRedirectURI"] == url
        with refused("InvalidParameterException"):
            made(idp, pool_id, DefaultRedirectURI="https://app.example.com/other", **OAUTH)

    def test_refuses_a_provider_that_is_not_there(self, idp, pool_id):
        with refused(
            "InvalidParameterException", f"The provider Google does not exist for User Pool {pool_id}."
        ):
            made(idp, pool_id, SupportedIdentityProviders=["COGNITO", "Google"])


class TestDescribeUserPoolClient:
    def test_refuses_a_client_that_is_not_there(self, idp, pool_id):
        with refused("ResourceNotFoundException", "User pool client nobody does not exist."):
            idp.describe_user_pool_client(UserPoolId=pool_id, ClientId="nobody")

    def test_a_client_of_another_pool_is_not_there(self, idp, pool_id):
        client_id = made(idp, pool_of(idp))["ClientId"]
        with refused("ResourceNotFoundException", f"User pool client {client_id} does not exist."):
            idp.describe_user_pool_client(UserPoolId=pool_id, ClientId=client_id)


class TestListUserPoolClients:
    def test_shows_ids_and_names_alone(self, idp, pool_id):
        client = made(idp, pool_id, GenerateSecret=True)
        made(idp, pool_of(idp))
        assert idp.list_user_pool_clients(UserPoolId=pool_id)["UserPoolClients"] == [
            {key: client[key] for key in ("ClientId", "UserPoolId", "ClientName")}
        ]

    def test_pages_stay_where_they_are_while_clients_go(self, idp, pool_id):
        ids = [made(idp, pool_id)["ClientId"] for _ in range(5)]
        first = idp.list_user_pool_clients(UserPoolId=pool_id, MaxResults=2)
        assert [client["ClientId"] for client in first["UserPoolClients"]] == ids[:2]
        idp.delete_user_pool_client(UserPoolId=pool_id, ClientId=ids[0])
        second = idp.list_user_pool_clients(UserPoolId=pool_id, MaxResults=3, NextToken=first["NextToken"])
        assert [client["ClientId"] for client in second["UserPoolClients"]] == ids[2:]
        assert "NextToken" not in second

    def test_finds_clients_by_how_they_came(self, idp, pool_id):
        client_id = made(idp, pool_id)["ClientId"]
        regular = idp.list_user_pool_clients(UserPoolId=pool_id, ClientType="REGULAR")["UserPoolClients"]
        assert [client["ClientId"] for client in regular] == [client_id]
        assert idp.list_user_pool_clients(UserPoolId=pool_id, ClientType="DCR")["UserPoolClients"] == []

    def test_refuses_the_token_of_another_question(self, idp, pool_id):
        for _ in range(2):
            made(idp, pool_id)
        token = idp.list_user_pool_clients(UserPoolId=pool_id, MaxResults=1)["NextToken"]
        with refused("InvalidParameterException"):
            idp.list_user_pool_clients(UserPoolId=pool_of(idp), NextToken=token)


class TestUpdateUserPoolClient:
    def test_what_is_not_sent_returns_to_its_default(self, idp, pool_id):
        bare = made(idp, pool_id)
        client = made(
            idp,
            pool_id,
            ReadAttributes=["email"],
            WriteAttributes=["email"],
            ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"],
            RefreshTokenValidity=1,
            AccessTokenValidity=5,
            TokenValidityUnits={"AccessToken": "minutes"},
            PreventUserExistenceErrors="ENABLED",
            EnableTokenRevocation=False,
            AuthSessionValidity=15,
            LogoutURLs=["https://app.example.com/out"],
            DefaultRedirectURI=OAUTH["CallbackURLs"][0],
            **OAUTH,
        )
        own = {"ClientId", "CreationDate", "LastModifiedDate"}
        after = updated(idp, client, ClientName="web")
        assert {key: of for key, of in after.items() if key not in own} == {
            key: of for key, of in bare.items() if key not in own
        }

    def test_id_secret_and_creation_stay(self, idp, pool_id, cognito):
        client = made(idp, pool_id, GenerateSecret=True)
        cognito.clock.advance(hours=1)
        after = updated(idp, client, ClientName="other")
        for member in ("ClientId", "ClientSecret", "CreationDate"):
            assert after[member] == client[member]
        assert after["ClientName"] == "other"
        assert after["LastModifiedDate"] > client["LastModifiedDate"]

    def test_keeps_the_name_where_none_is_sent(self, idp, pool_id):
        assert updated(idp, made(idp, pool_id))["ClientName"] == "web"

    def test_answers_what_describe_answers(self, idp, pool_id):
        after = updated(idp, made(idp, pool_id), **OAUTH)
        assert described(idp, after) == after

    def test_a_refused_update_changes_nothing(self, idp, pool_id):
        client = made(idp, pool_id, **OAUTH)
        with refused("ScopeDoesNotExistException"):
            updated(idp, client, **OAUTH | {"AllowedOAuthScopes": ["api/read"]})
        assert described(idp, client) == client

    def test_the_secret_of_the_client_counts(self, idp, pool_id):
        idp.create_resource_server(
            UserPoolId=pool_id,
            Identifier="api",
            Name="api",
            Scopes=[{"ScopeName": "read", "ScopeDescription": "to read"}],
        )
        machine = {
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthFlows": ["client_credentials"],
            "AllowedOAuthScopes": ["api/read"],
        }
        assert updated(idp, made(idp, pool_id, GenerateSecret=True), **machine)
        with refused("InvalidOAuthFlowException"):
            updated(idp, made(idp, pool_id), **machine)

    def test_refuses_a_client_that_is_not_there(self, idp, pool_id):
        with refused("ResourceNotFoundException", "User pool client nobody does not exist."):
            idp.update_user_pool_client(UserPoolId=pool_id, ClientId="nobody")


class TestDeleteUserPoolClient:
    def test_the_client_is_gone(self, idp, pool_id):
        client = made(idp, pool_id)
        idp.delete_user_pool_client(UserPoolId=pool_id, ClientId=client["ClientId"])
        assert idp.list_user_pool_clients(UserPoolId=pool_id)["UserPoolClients"] == []
        with refused("ResourceNotFoundException"):
            described(idp, client)

    def test_refuses_a_client_that_is_not_there(self, idp, pool_id):
        with refused("ResourceNotFoundException", "User pool client nobody does not exist."):
            idp.delete_user_pool_client(UserPoolId=pool_id, ClientId="nobody")


def secrets_of(idp, client):
    answer = idp.list_user_pool_client_secrets(UserPoolId=client["UserPoolId"], ClientId=client["ClientId"])
    assert "NextToken" not in answer
    return answer["ClientSecrets"]


def add_secret(idp, client, **more):
    answer = idp.add_user_pool_client_secret(
        UserPoolId=client["UserPoolId"], ClientId=client["ClientId"], **more
    )
    return answer["ClientSecretDescriptor"]


def delete_secret(idp, client, secret_id):
    idp.delete_user_pool_client_secret(
        UserPoolId=client["UserPoolId"], ClientId=client["ClientId"], ClientSecretId=secret_id
    )


class TestAddUserPoolClientSecret:
    def test_generates_one_and_shows_it_this_once(self, idp, pool_id):
        client = made(idp, pool_id, GenerateSecret=True)
        secret = add_secret(idp, client)
        assert len(secret["ClientSecretValue"]) >= 50
        client_id, _, moment = secret["ClientSecretId"].partition("--")
        assert client_id == client["ClientId"]
        assert moment.isdigit()
        assert [of["ClientSecretId"] for of in secrets_of(idp, client)][1] == secret["ClientSecretId"]

    def test_does_not_show_one_that_was_brought(self, idp, pool_id):
        secret = add_secret(idp, made(idp, pool_id, GenerateSecret=True), ClientSecret=OWN_SECRET)
        assert set(secret) == {"ClientSecretId", "ClientSecretCreateDate"}

    def test_the_client_still_shows_the_older_one(self, idp, pool_id):
        client = made(idp, pool_id, GenerateSecret=True)
        add_secret(idp, client)
        assert described(idp, client)["ClientSecret"] == client["ClientSecret"]

    def test_either_is_good(self, idp, pool_id, found):
        env = found(client={"GenerateSecret": True})
        older = env.secret
        client = {"UserPoolId": env.pool_id, "ClientId": env.client_id}
        newer = add_secret(idp, client)["ClientSecretValue"]
        for name, secret in (("ada", older), ("bob", newer)):
            assert env.sign_up(name, SecretHash=env.hash(name, secret))["UserSub"]
        delete_secret(idp, client, secrets_of(idp, client)[0]["ClientSecretId"])
        with refused("NotAuthorizedException"):
            env.sign_up("cyd", SecretHash=env.hash("cyd", older))

    def test_two_of_one_moment_have_ids_of_their_own(self, idp, pool_id, monkeypatch):
        monkeypatch.setattr("cogmock.core.clock.Clock.now", lambda _: 1_800_000_000.5)
        client = made(idp, pool_id, GenerateSecret=True)
        add_secret(idp, client)
        older, newer = secrets_of(idp, client)
        assert older["ClientSecretId"] == f"{client['ClientId']}--1800000000500"
        assert newer["ClientSecretId"] == f"{client['ClientId']}--1800000000501"

    def test_refuses_a_third(self, idp, pool_id):
        client = made(idp, pool_id, GenerateSecret=True)
        add_secret(idp, client)
        with refused("LimitExceededException"):
            add_secret(impatient(), client)

    def test_refuses_a_client_that_keeps_no_secrets(self, idp, pool_id):
        with refused("InvalidParameterException"):
            add_secret(idp, made(idp, pool_id))

    def test_refuses_a_client_that_is_not_there(self, idp, pool_id):
        with refused("ResourceNotFoundException", "User pool client nobody does not exist."):
            add_secret(idp, {"UserPoolId": pool_id, "ClientId": "nobody"})


class TestListUserPoolClientSecrets:
    def test_shows_ids_and_dates_and_no_value(self, idp, pool_id):
        client = made(idp, pool_id, ClientSecret=OWN_SECRET)
        add_secret(idp, client)
        listed = secrets_of(idp, client)
        assert [set(secret) for secret in listed] == [{"ClientSecretId", "ClientSecretCreateDate"}] * 2
        assert listed[0]["ClientSecretId"] != listed[1]["ClientSecretId"]

    def test_a_client_without_secrets_has_none(self, idp, pool_id):
        assert secrets_of(idp, made(idp, pool_id)) == []


class TestDeleteUserPoolClientSecret:
    def test_the_other_one_stays(self, idp, pool_id):
        client = made(idp, pool_id, GenerateSecret=True)
        newer = add_secret(idp, client)
        delete_secret(idp, client, secrets_of(idp, client)[0]["ClientSecretId"])
        assert described(idp, client)["ClientSecret"] == newer["ClientSecretValue"]
        assert add_secret(idp, client)

    def test_refuses_the_last_one(self, idp, pool_id):
        client = made(idp, pool_id, GenerateSecret=True)
        with refused("InvalidParameterException"):
            delete_secret(idp, client, secrets_of(idp, client)[0]["ClientSecretId"])
        assert described(idp, client)["ClientSecret"] == client["ClientSecret"]

    def test_refuses_one_that_is_not_there(self, idp, pool_id):
        client = made(idp, pool_id, GenerateSecret=True)
        with refused("ResourceNotFoundException"):
            delete_secret(idp, client, f"{client['ClientId']}--1")
