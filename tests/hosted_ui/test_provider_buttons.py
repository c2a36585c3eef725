"""Identity providers on the sign-in page, managed and classic."""

from __future__ import annotations

import base64
import html
import re

import pytest
from support.browser import where
from support.domain_env import WEB
from support.saml_upstream import add_saml

DETAILS = {"client_id": "a", "client_secret": "b", "authorize_scopes": "openid"}
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def made(domain_of):
    def made(*names, managed=True, directory=True, saml=None):
        env = domain_of()
        for name in names:
            if name in {"Google", "Facebook", "LoginWithAmazon"}:
                env.idp.create_identity_provider(
                    UserPoolId=env.pool_id, ProviderName=name, ProviderType=name, ProviderDetails=DETAILS
                )
            else:
                add_saml(env, name, IdpIdentifiers=(saml or {}).get(name, []))
        listed = ["COGNITO", *names] if directory else list(names)
        env.client_of(**{**WEB, "SupportedIdentityProviders": listed})
        if managed:
            env.managed_domain()
        else:
            env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop", ManagedLoginVersion=1)
        env.page = env.browser()
        env.page.go(env.url("/login", state="s p", nonce="n"))
        assert env.page.page.status == 200, env.page.text
        return env

    return made


def buttons(env):
    """Label → address of the providers' buttons, in their order."""
    found = re.findall(
        r'<a class="(?:idp|btn (?:social|idp)Button)[^"]*" href="([^"]*)">(.*?)</a>', env.page.text, re.DOTALL
    )
    return {
        re.sub(r"<span[^>]*aria-hidden.*?</span>|<[^>]*>|\n", "", label).strip(): html.unescape(address)
        for address, label in found
    }


class TestButtons:
    def test_lead_to_authorize_with_the_whole_request(self, made):
        env = made("Google", "Corp")
        shown = buttons(env)
        assert list(shown) == ["Continue with Google", "Continue with Corp"]
        address = shown["Continue with Google"]
        assert "state=s+p" in address
        assert "nonce=n" in address
        assert address.endswith("identity_provider=Google")
        target, given = where(env.page.go(address, follow=False))
        assert target.endswith("/o/oauth2/v2/auth")
        assert given["client_id"] == "a"

    @pytest.mark.parametrize("managed", [True, False])
    def test_stand_without_the_form_where_the_client_has_no_directory(self, made, managed):
        env = made("Google", "Corp", managed=managed, directory=False)
        assert len(buttons(env)) == 2
        assert "cognitoSignInForm" not in env.page.text
        assert "/forgotPassword" not in env.page.text

    def test_a_password_that_is_sent_all_the_same_is_refused(self, made):
        from support.pool_env import PASSWORD

        env = made("Google", "Corp")
        env.add_user()
        client = env.client_id
        env.client_of(**{**WEB, "SupportedIdentityProviders": ["Google", "Corp"]})
        env.style()
        env.page.page.body = env.page.page.body.replace(client.encode(), env.client_id.encode())
        env.page.submit(username="ada", password=PASSWORD)
        assert env.page.error == "Login option is not available. Please try another one"
        assert "cognito" not in env.page.cookies

    def test_are_of_this_client_alone(self, made):
        env = made("Google", "Corp")
        env.client_of(**{**WEB, "SupportedIdentityProviders": ["COGNITO", "Corp"]})
        env.style()
        env.page.go(env.url("/login"))
        assert list(buttons(env)) == ["Continue with Corp"]

    def test_of_a_deleted_provider_are_gone(self, made):
        env = made("Google", "Corp")
        env.idp.delete_identity_provider(UserPoolId=env.pool_id, ProviderName="Google")
        env.page.go(env.url("/login"))
        assert list(buttons(env)) == ["Continue with Corp"]

    def test_names_are_escaped(self, made):
        env = made('A<b>"&')
        assert "Continue with A&lt;b&gt;&#34;&amp;" in env.page.text

    def test_in_the_readers_language(self, made):
        env = made("Google")
        env.page.go(env.url("/login", lang="de"))
        assert list(buttons(env)) == ["Weiter mit Google"]


class TestClassic:
    def test_parts_social_from_corporate(self, made):
        env = made("Google", "Corp", managed=False)
        half = env.page.text.split("modal-content-desktop")[1]
        assert half.index("Sign in with your social account") < half.index("Continue with Google")
        assert half.index("Sign in with your corporate ID") < half.index(">Corp</a>")
        assert "We won't post to any of your accounts without asking first" in html.unescape(half)

    def test_without_social_ones_has_no_legal_text(self, made):
        assert "post to any of your accounts" not in made("Corp", managed=False).page.text


class TestMail:
    """Where every SAML provider has identifiers, an address finds the one."""

    IDENTIFIERS = {"Corp": ["corp.example"], "Firm": ["firm.example", "FIRM.test"]}

    @pytest.fixture(params=[True, False], ids=["managed", "classic"])
    def env(self, made, request):
        return made("Google", "Corp", "Firm", managed=request.param, saml=self.IDENTIFIERS)

    def given(self, env, address):
        form = next(
            number
            for number, text in enumerate(re.findall(r"<form.*?</form>", env.page.text, re.DOTALL))
            if "corporateEmail" in text
        )
        return env.page.submit(form=form, corporateEmail=address, follow=False)

    def test_has_a_box_and_no_buttons_for_them(self, env):
        assert list(buttons(env)) == ["Continue with Google"]
        assert 'name="corporateEmail"' in env.page.text

    @pytest.mark.parametrize(
        ("address", "identifier"),
        [
            ("ada@corp.example", "corp.example"),
            ("ada@CORP.example", "corp.example"),
            ("b@firm.test", "FIRM.test"),
        ],
    )
    def test_leads_to_the_provider(self, env, address, identifier):
        path, given = where(self.given(env, address))
        assert (path, given["idp_identifier"], given["state"]) == ("/oauth2/authorize", identifier, "s p")
        assert where(env.page.go(env.page.page.headers["location"], follow=False))[0].startswith(
            "https://idp"
        )

    @pytest.mark.parametrize("address", ["ada@other.example", "", "ada", "corp.example@"])
    def test_an_unknown_address_is_told(self, env, address):
        self.given(env, address)
        assert env.page.page.status == 200
        assert "No sign-in provider is known for this address." in env.page.text

    def test_needs_the_token_of_the_form(self, env):
        env.page.cookies["XSRF-TOKEN"] = "other"
        assert self.given(env, "ada@corp.example").status == 403

    def test_needs_identifiers_of_all(self, made):
        env = made("Corp", "Firm", saml={"Corp": ["corp.example"]})
        assert list(buttons(env)) == ["Continue with Corp", "Continue with Firm"]
        assert "corporateEmail" not in env.page.text


class TestStyle:
    def restyle(self, env, settings, assets=()):
        found = env.idp.describe_managed_login_branding_by_client(
            UserPoolId=env.pool_id, ClientId=env.client_id
        )["ManagedLoginBranding"]
        env.idp.update_managed_login_branding(
            UserPoolId=env.pool_id,
            ManagedLoginBrandingId=found["ManagedLoginBrandingId"],
            UseCognitoProvidedValues=False,
            Settings=settings,
            Assets=list(assets),
        )
        env.page.go(env.url("/login"))
        assert env.page.page.status == 200

    def test_orders_methods(self, made):
        env = made("Google")
        form = 'name="cognitoSignInForm"'
        assert env.page.text.index("Continue with") < env.page.text.index(form)
        order = [
            [{"display": "INPUT", "type": "USERNAME_PASSWORD"}, {"display": "BUTTON", "type": "FEDERATED"}]
        ]
        self.restyle(env, {"categories": {"auth": {"authMethodOrder": order}}})
        assert env.page.text.index(form) < env.page.text.index("Continue with")

    def test_orders_providers(self, made):
        env = made("Google", "Corp", "Facebook")
        self.restyle(env, {"categories": {"auth": {"federation": {"order": ["Facebook", "Corp"]}}}})
        assert list(buttons(env)) == [f"Continue with {name}" for name in ("Facebook", "Corp", "Google")]

    def test_shows_icons_or_not(self, made):
        env = made("Google")
        assert 'class="idp-mark Google"' in env.page.text
        self.restyle(env, {"componentClasses": {"idpButtons": {"icons": {"enabled": False}}}})
        assert "idp-mark Google" not in env.page.text

    def test_an_icon_of_ones_own(self, made):
        env = made("Corp", "Firm")
        asset = {
            "Category": "IDP_BUTTON_ICON",
            "ColorMode": "DYNAMIC",
            "Extension": "PNG",
            "Bytes": PNG,
            "ResourceId": "Corp",
        }
        self.restyle(env, {}, [asset])
        shown = re.findall(r'<a class="idp[^"]*".*?</a>', env.page.text, re.DOTALL)
        assert ["data:image/png" in of for of in shown] == [True, False]

    def test_colors_of_ones_own(self, made):
        env = made("Google", "Corp")
        own = {"lightMode": {"defaults": {"backgroundColor": "112233ff"}}}
        self.restyle(env, {"components": {"idpButton": {"custom": {"Corp": own}}}})
        assert ".idp-1{--idp:#112233ff;}" in env.page.text
        assert ".idp-0{" not in env.page.text
