"""`cogmock env` for front ends: Amplify 6, and the aws-exports.js of Amplify 5. A run with it: clients/test_amplify5.py."""

import json

import pytest

POOL = {
    "PoolName": "shop",
    "UsernameAttributes": ["email"],
    "AutoVerifiedAttributes": ["email"],
    "Policies": {"PasswordPolicy": {"MinimumLength": 12, "RequireNumbers": True, "RequireUppercase": False}},
    "Schema": [{"Name": "email", "Required": True}, {"Name": "family_name", "Required": True}],
}
PAGES = {
    "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code", "implicit"],
    "AllowedOAuthScopes": ["openid", "email"],
    "CallbackURLs": ["http://localhost:3000/"],
    "LogoutURLs": ["http://localhost:3000/bye"],
}


@pytest.fixture
def printed(server, ended):
    def printed(form, *more):
        status, out, err = ended("env", "--format", form, *more)
        assert (status, err) == (0, "")
        return out

    return printed


def exported(text):
    """The object of an aws-exports.js."""
    start, end = "const awsmobile = ", ";\n\nexport default awsmobile;\n"
    assert text.endswith(end)
    return json.loads(text[text.index(start) + len(start) : -len(end)])


class TestAwsExports:
    def test_says_what_amplify_and_its_authenticator_read(self, server, printed):
        pool = server.make_pool(client=PAGES, **POOL)
        server.client("cognito-idp").set_user_pool_mfa_config(
            UserPoolId=pool.id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="OPTIONAL"
        )
        assert exported(printed("aws-exports")) == {
            "aws_project_region": "us-east-1",
            "aws_cognito_region": "us-east-1",
            "aws_user_pools_id": pool.id,
            "aws_user_pools_web_client_id": pool.client_id,
            "oauth": {
                "domain": f"localhost:{server.settings.port}",
                "scope": ["openid", "email"],
                "redirectSignIn": "http://localhost:3000/",
                "redirectSignOut": "http://localhost:3000/bye",
                "responseType": "code",
            },
            "aws_cognito_username_attributes": ["EMAIL"],
            "aws_cognito_signup_attributes": ["FAMILY_NAME", "EMAIL"],
            "aws_cognito_mfa_configuration": "OPTIONAL",
            "aws_cognito_mfa_types": ["TOTP"],
            "aws_cognito_password_protection_settings": {
                "passwordPolicyMinLength": 12,
                "passwordPolicyCharacters": ["REQUIRES_NUMBERS"],
            },
            "aws_cognito_verification_mechanisms": ["EMAIL"],
            "aws_cognito_social_providers": [],
            "Auth": {"endpoint": server.url},
        }

    def test_a_client_without_sign_in_pages_has_no_oauth(self, server, printed):
        server.make_pool(client={"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]})
        assert exported(printed("aws-exports"))["oauth"] == {}

    def test_as_json_it_is_the_object_alone(self, server, printed):
        server.make_pool()
        assert json.loads(printed("aws-exports", "--json")) == exported(printed("aws-exports"))

    def test_several_addresses_have_a_remark(self, server, printed):
        server.make_pool(
            client=PAGES | {"CallbackURLs": ["http://localhost:3000/", "http://localhost:5173/"]}
        )
        text = printed("aws-exports")
        assert text.startswith("// Amplify 5 sends redirectSignIn")
        assert exported(text)["oauth"]["redirectSignIn"] == "http://localhost:3000/,http://localhost:5173/"

    def test_social_providers_have_amplifys_names(self, server, printed):
        pool = server.make_pool(client=PAGES)
        idp = server.client("cognito-idp")
        details = {"client_id": "a", "client_secret": "b", "authorize_scopes": "openid"}
        for name in ("Google", "LoginWithAmazon"):
            idp.create_identity_provider(
                UserPoolId=pool.id,
                ProviderName=name,
                ProviderType=name,
                ProviderDetails=details,
                AttributeMapping={"email": "email"},
            )
        idp.update_user_pool_client(
            UserPoolId=pool.id,
            ClientId=pool.client_id,
            SupportedIdentityProviders=["COGNITO", "Google", "LoginWithAmazon"],
            **PAGES,
        )
        assert exported(printed("aws-exports"))["aws_cognito_social_providers"] == ["GOOGLE", "AMAZON"]


@pytest.mark.parametrize(
    ("form", "read"),
    [
        ("amplify", lambda text: json.loads(text)["Auth"]["Cognito"].get("identityPoolId")),
        ("aws-exports", lambda text: exported(text).get("aws_cognito_identity_pool_id")),
    ],
)
class TestIdentityPool:
    def make(self, server, pool, client_id):
        provider = f"cognito-idp.us-east-1.amazonaws.com/{pool.id}"
        return server.client("cognito-identity").create_identity_pool(
            IdentityPoolName="shop",
            AllowUnauthenticatedIdentities=False,
            CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": client_id}],
        )["IdentityPoolId"]

    def test_the_one_that_takes_the_clients_tokens_is_named(self, server, printed, form, read):
        pool = server.make_pool()
        self.make(server, pool, "another0client")
        assert read(printed(form)) is None
        mine = self.make(server, pool, pool.client_id)
        assert read(printed(form)) == mine

    def test_of_several_none_is_chosen(self, server, printed, form, read):
        pool = server.make_pool()
        self.make(server, pool, pool.client_id)
        self.make(server, pool, pool.client_id)
        assert read(printed(form)) is None
