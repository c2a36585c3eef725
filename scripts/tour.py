"""Visits every page of a pool's domain in a browser, for screenshots and accessibility tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import boto3

PASSWORD = "Corr3ct-Horse!"
POLICY = {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]}

DYNAMIC = {"categories": {"global": {"colorSchemeMode": "DYNAMIC"}}}
"""A style with light and dark colours, chosen by the browser's preference."""


class Shop:
    """A pool with the user ada, a domain of the given version, and a client with a style."""

    def __init__(
        self, server: Any, version: int, name: str = "shop", flows: tuple[str, ...] = (), **pool: Any
    ) -> None:
        self.server, self.version, self.host = server, version, "localhost"
        self.home = f"http://localhost:{server.settings.port}/_cogmock/health"
        """The client's callback URL: any address that answers."""
        key = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        self.idp = boto3.client("cognito-idp", endpoint_url=server.url, region_name="us-east-1", **key)
        given = {"AutoVerifiedAttributes": ["email"], **pool}
        self.pool = self.idp.create_user_pool(PoolName=name, **given)["UserPool"]["Id"]
        self.idp.create_user_pool_domain(UserPoolId=self.pool, Domain=name, ManagedLoginVersion=version)
        self.client = self.idp.create_user_pool_client(
            UserPoolId=self.pool,
            ClientName="web",
            ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH", *flows],
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "aws.cognito.signin.user.admin"],
            CallbackURLs=[self.home],
            LogoutURLs=[self.home],
            SupportedIdentityProviders=["COGNITO"],
        )["UserPoolClient"]["ClientId"]
        if version == 2:
            self.idp.create_managed_login_branding(
                UserPoolId=self.pool, ClientId=self.client, Settings=DYNAMIC
            )
        self.user("ada", PASSWORD, email="ada@example.com", email_verified="true", name="Ada Lovelace")

    def user(self, username: str, password: str | None = None, /, **attributes: str) -> None:
        """Creates a user with a permanent or a temporary password."""
        listed = [{"Name": key, "Value": value} for key, value in attributes.items()]
        given = {"UserPoolId": self.pool, "Username": username}
        self.idp.admin_create_user(
            **given, UserAttributes=listed, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
        )
        if password:
            self.idp.admin_set_user_password(**given, Password=password, Permanent=True)

    def provider(self, name: str, kind: str, details: dict[str, str]) -> None:
        self.idp.create_identity_provider(
            UserPoolId=self.pool, ProviderName=name, ProviderType=kind, ProviderDetails=details
        )

    def metadata(self) -> str:
        """A SAML provider's; its certificate is the pool's own, as any will do."""
        found = self.idp.get_signing_certificate(UserPoolId=self.pool)["Certificate"]
        return (
            '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example">'
            '<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
            '<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>'
            f"<X509Certificate>{found}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
            '<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" '
            'Location="https://idp.example/sso"/></IDPSSODescriptor></EntityDescriptor>'
        )

    def supports(self, *providers: str) -> None:
        """The client has these providers from now on."""
        found = self.idp.describe_user_pool_client(UserPoolId=self.pool, ClientId=self.client)
        kept = {
            key: value
            for key, value in found["UserPoolClient"].items()
            if key not in {"CreationDate", "LastModifiedDate", "ClientType"}
        }
        self.idp.update_user_pool_client(**{**kept, "SupportedIdentityProviders": list(providers)})

    def mfa(self, *, app: bool = True, sms: bool = False) -> None:
        """Makes MFA required."""
        role = "arn:aws:iam::123456789012:role/sms"
        texts = {"SmsMfaConfiguration": {"SmsConfiguration": {"SnsCallerArn": role, "ExternalId": "shop"}}}
        self.idp.set_user_pool_mfa_config(
            UserPoolId=self.pool,
            MfaConfiguration="ON",
            **({"SoftwareTokenMfaConfiguration": {"Enabled": True}} if app else {}),
            **(texts if sms else {}),
        )

    def code(self, username: str = "ada") -> str:
        return str(self.server.messages.last(username=username).code)

    def at(self, path: str = "/login", **more: str) -> str:
        given = {"client_id": self.client, "redirect_uri": self.home, "response_type": "code", **more}
        return f"http://{self.host}:{self.server.settings.port}{path}?{urlencode(given)}"


def fill(page: Any, **fields: str) -> None:
    """Fills in the visible fields by name, and sends the form with the Enter key."""
    for name, value in fields.items():
        page.locator(f'[name="{name}"]').locator("visible=true").first.fill(value)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press(page: Any, button: str) -> None:
    with page.expect_navigation():
        page.locator(button).click()


def fresh(page: Any, url: str) -> None:
    """Opens a page in a browser without cookies."""
    page.context.clear_cookies()
    page.goto(url)


def sign_in(server: Any, page: Any, version: int) -> Iterator[str]:
    shop = Shop(server, version, "sign-in")
    fresh(page, shop.at())
    yield "sign-in"
    page.locator("summary").click()
    yield "sign-in-aid"
    fill(page, username="ada", password="wrong")
    yield "sign-in-error"
    fill(page, username="ada", password=PASSWORD)
    page.goto(shop.at())
    yield "account"
    page.goto(shop.at("/oauth2/authorize", redirect_uri="http://localhost:5173/"))
    yield "error"
    page.goto(shop.at("/logout", logout_uri=shop.home))
    page.goto(shop.at())
    yield "signed-out"


def sign_up(server: Any, page: Any, version: int) -> Iterator[str]:
    names = ("email", "phone_number", "birthdate", "gender", "address", "zoneinfo", "website", "updated_at")
    kinds = {"updated_at": "Number"}
    schema = [
        {"Name": name, "Required": True, "AttributeDataType": kinds.get(name, "String")} for name in names
    ]
    shop = Shop(server, version, "sign-up-long", Schema=schema)
    fresh(page, shop.at("/signup", lang="de"))
    yield "sign-up-long"
    page.context.clear_cookies()
    shop = Shop(server, version, "sign-up")
    given = {"UserPoolId": shop.pool, "ClientId": shop.client, "TermsSource": "LINK", "Enforcement": "NONE"}
    for name in ("terms-of-use", "privacy-policy") if version == 2 else ():
        link = f"https://example.com/{name}"
        shop.idp.create_terms(**given, TermsName=name, Links={"cognito:default": link})
    fresh(page, shop.at("/signup"))
    yield "sign-up"
    eve = {"username": "eve", "requiredAttributes[email]": "eve@example.com"}
    fill(page, **eve, password="short")
    yield "sign-up-error"
    fill(page, **eve, password=PASSWORD)
    yield "confirm"
    fill(page, code="wrong")
    yield "confirm-error"
    press(page, "[name=resend]")
    yield "confirm-resent"
    given = {"client_id": shop.client, "user_name": "eve", "confirmation_code": shop.code("eve")}
    page.goto(f"http://localhost:{server.settings.port}/confirmUser?{urlencode(given)}")
    yield "link-confirmed"
    page.reload()
    yield "link-used"


def recovery(server: Any, page: Any, version: int) -> Iterator[str]:
    shop = Shop(server, version, "recovery")
    fresh(page, shop.at("/forgotPassword"))
    yield "forgot"
    fill(page, username="nobody")
    yield "forgot-error"
    fill(page, username="ada")
    yield "reset"
    fill(page, code="000000", password="short")
    yield "reset-error"
    shop.user("bob")
    fresh(page, shop.at())
    fill(page, username="bob", password=PASSWORD)
    yield "new-password"
    fill(page, password="short")
    yield "new-password-error"


def mfa(server: Any, page: Any, version: int) -> Iterator[str]:
    shop = Shop(server, version, "mfa")
    shop.mfa()
    fresh(page, shop.at())
    fill(page, username="ada", password=PASSWORD)
    yield "mfa-set-up"
    fill(page, code="000000")
    yield "mfa-set-up-error"
    shop.user("carl", PASSWORD, email="c@example.com", email_verified="true", phone_number="+14155550123")
    shop.mfa(app=False, sms=True)
    fresh(page, shop.at())
    fill(page, username="carl", password=PASSWORD)
    yield "mfa-code"
    fill(page, code="000000")
    yield "mfa-code-error"
    fresh(page, shop.at())
    fill(page, username="ada", password=PASSWORD)
    yield "mfa-address"


def choice(server: Any, page: Any, version: int) -> Iterator[str]:
    flows = ("ALLOW_USER_AUTH",)
    shop = Shop(server, version, "choice", flows, Policies={"SignInPolicy": POLICY})
    shop.host = "choice.auth.us-east-1.localhost"
    _with_authenticator(page)
    fresh(page, shop.at())
    yield "name-first"
    fill(page, username="nobody")
    yield "name-first-error"
    fill(page, username="ada")
    yield "first-factor"
    press(page, "[value=EMAIL_OTP]")
    yield "email-code"
    press(page, "[name=back]")
    press(page, "[value=PASSWORD]")
    yield "password"
    fill(page, password="wrong")
    yield "password-error"
    fill(page, password=PASSWORD)
    page.goto(shop.at("/passkeys/add"))
    yield "passkey-add"
    press(page, "#passkey button")
    fresh(page, shop.at())
    fill(page, username="ada")
    yield "first-factor-passkey"
    press(page, "[value=WEB_AUTHN]")
    yield "passkey"


def providers(server: Any, page: Any, version: int) -> Iterator[str]:
    """Identity providers beside the directory, alone, and behind a box for an address."""
    shop = Shop(server, version, f"federated{version}")
    details = {"client_id": "app", "client_secret": "secret", "authorize_scopes": "openid"}
    for name in ("Google", "Facebook", "LoginWithAmazon"):
        shop.provider(name, name, details)
    shop.provider("Corporation-with-a-long-name", "SAML", {"MetadataFile": shop.metadata()})
    names = ["Google", "Facebook", "LoginWithAmazon", "Corporation-with-a-long-name"]
    shop.supports("COGNITO", *names)
    fresh(page, shop.at())
    yield "providers"
    shop.supports(*names)
    fresh(page, shop.at())
    yield "providers-alone"
    shop.idp.update_identity_provider(
        UserPoolId=shop.pool, ProviderName=names[-1], IdpIdentifiers=["corp.example"]
    )
    shop.supports("COGNITO", "Google", names[-1])
    fresh(page, shop.at())
    yield "providers-mail"
    fill(page, corporateEmail="ada@other.example")
    yield "providers-mail-error"


def _with_authenticator(page: Any) -> None:
    """Adds a virtual authenticator that accepts everything."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


PARTS: dict[int, tuple[Callable[[Any, Any, int], Iterator[str]], ...]] = {
    1: (sign_in, sign_up, recovery, mfa, providers),
    2: (sign_in, sign_up, recovery, mfa, choice, providers),
}
"""Version of the pages → generators that lead a browser through them. Each yields the name of the page shown."""
