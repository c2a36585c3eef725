"""Sign-in through the stand-in providers in a real browser: buttons, redirects, posted forms and their cookies."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

SOCIAL = {"client_id": "app", "client_secret": "secret", "authorize_scopes": "openid email profile"}


def providers(server):
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    idp = f"{server.url}/_cogmock/idp"
    return {
        "Google": ("Google", SOCIAL),
        "Facebook": ("Facebook", SOCIAL | {"authorize_scopes": "public_profile, email"}),
        "Amazon": ("LoginWithAmazon", SOCIAL | {"authorize_scopes": "profile"}),
        "Apple": (
            "SignInWithApple",
            {
                "client_id": "com.example.app",
                "team_id": "TEAM",
                "key_id": "KEY",
                "private_key": key.decode(),
                "authorize_scopes": "email name",
            },
        ),
        "Company": ("OIDC", SOCIAL | {"oidc_issuer": f"{idp}/oidc/company"}),
        "Firm": (
            "SAML",
            {"MetadataURL": f"{idp}/saml/firm/metadata", "EncryptedResponses": "true", "IDPSignout": "true"},
        ),
    }


@pytest.fixture(params=[2, 1], ids=["managed", "classic"])
def shop(cognito_server, request):
    idp = cognito_server.client("cognito-idp")
    pool = idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
    names = []
    for label, (kind, details) in providers(cognito_server).items():
        name = kind if kind not in {"OIDC", "SAML"} else label
        names.append(name)
        idp.create_identity_provider(
            UserPoolId=pool,
            ProviderName=name,
            ProviderType=kind,
            ProviderDetails=details,
            AttributeMapping={"email": "email"},
        )
    idp.create_user_pool_domain(UserPoolId=pool, Domain="shop", ManagedLoginVersion=request.param)
    home = f"{cognito_server.url}/_cogmock/health"
    client = idp.create_user_pool_client(
        UserPoolId=pool,
        ClientName="web",
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "email"],
        CallbackURLs=[home],
        LogoutURLs=[home],
        SupportedIdentityProviders=["COGNITO", *names],
    )["UserPoolClient"]["ClientId"]
    if request.param == 2:
        idp.create_managed_login_branding(UserPoolId=pool, ClientId=client, UseCognitoProvidedValues=True)
    query = urlencode({"client_id": client, "redirect_uri": home, "response_type": "code", "state": "s"})
    shop = type("Shop", (), {})()
    shop.idp, shop.pool, shop.home, shop.client = idp, pool, home, client
    shop.url, shop.version = f"{cognito_server.url}/oauth2/authorize?{query}", request.param
    shop.server = cognito_server
    return shop


@pytest.mark.parametrize("label", ["Google", "Facebook", "Amazon", "Apple", "Company", "Firm"])
def test_a_click_and_a_persona_sign_in(page, shop, label):
    page.goto(shop.url)
    words = label if shop.version == 1 and label in {"Company", "Firm"} else f"Continue with {label}"
    page.locator("a:visible", has_text=words).click()
    page.get_by_role("button", name="Ada Lovelace").click()
    page.wait_for_url(f"{shop.home}?code=*&state=s*")
    (user,) = shop.idp.list_users(UserPoolId=shop.pool)["Users"]
    assert user["UserStatus"] == "EXTERNAL_PROVIDER"
    page.goto(shop.url)
    page.wait_for_url(f"{shop.home}?code=*")
    assert not {"csrf-state", "csrf-state-legacy"} & {of["name"] for of in page.context.cookies()}


def test_a_saml_session_is_signed_out_at_the_provider_too(page, shop):
    page.goto(shop.url + "&identity_provider=Firm")
    page.get_by_role("button", name="Ada Lovelace").click()
    page.wait_for_url(f"{shop.home}?code=*")
    query = urlencode({"client_id": shop.client, "logout_uri": shop.home})
    page.goto(f"{shop.server.url}/logout?{query}")
    page.wait_for_url(shop.home)
    page.goto(shop.url)
    assert "/login" in page.url
