"""Second factors by the pages: the choice among several, and setting one up on the way."""

from __future__ import annotations

import pyotp
import pytest
from support.browser import where
from support.choice_pages import ways_of
from support.pool_env import PASSWORD
from support.sign_in import enable_mfa, read

BY_ADMIN = {"AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}}
SENDER = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/ada@example.com",
}


@pytest.fixture
def env_of(domain_of):
    """A pool that wants these second factors, and ada with what attributes she has."""

    def made(*, domain=None, by_choice=False, mfa=None, **attributes):
        flows = {"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]} if by_choice else {}
        env = domain_of({**BY_ADMIN, "EmailConfiguration": SENDER}, **flows)
        if domain:
            env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop", ManagedLoginVersion=1)
        enable_mfa(env, **(mfa or {"sms": True, "mail": True}))
        env.add_user(**attributes)
        return env

    return made


def entered(env, password=PASSWORD):
    """A browser that has given name and password."""
    browser = env.browser()
    browser.go(env.url())
    if 'type="password"' in browser.text:
        browser.submit(username="ada", password=password)
    else:
        browser.submit(username="ada")
        browser.submit(password=password)
    return browser


def amr_of(env, answer):
    return read(env.redeem(where(answer)[1]["code"]).json["id_token"])["amr"]


class TestChoice:
    @pytest.fixture(params=[False, True], ids=["by password", "by choice"])
    def env(self, request, env_of):
        return env_of(by_choice=request.param, email="ada@example.com", phone_number="+15550100")

    @pytest.mark.parametrize(("way", "amr"), [("SMS_MFA", "sms"), ("EMAIL_OTP", "email_otp")])
    def test_leads_to_the_factor_that_was_chosen(self, env, way, amr):
        browser = entered(env)
        assert (browser.path, ways_of(browser)) == ("/mfa", ["SMS_MFA", "EMAIL_OTP"])
        browser.submit(answer=way)
        browser.submit(code="000000" if env.code() != "000000" else "111111")
        assert browser.error == "Invalid code or auth state for the user."
        assert amr_of(env, browser.submit(code=env.code())) == ["pwd", amr, "mfa"]

    def test_there_is_a_way_back_to_it(self, env):
        browser = entered(env)
        browser.submit(answer="SMS_MFA")
        browser.submit({"resend": "1"}, form=1)
        browser.submit({"back": "1"}, form=2)
        assert ways_of(browser) == ["SMS_MFA", "EMAIL_OTP"]
        browser.submit(answer="EMAIL_OTP")
        assert "a***@e***" in browser.text
        assert "code" in where(browser.submit(code=env.code()))[1]

    def test_what_is_not_there_cannot_be_chosen(self, env):
        browser = entered(env)
        browser.submit(answer="SOFTWARE_TOKEN_MFA")
        assert browser.error == "Selected MFA type is not available."
        assert ways_of(browser) == ["SMS_MFA", "EMAIL_OTP"]

    def test_the_preferred_factor_is_asked_for_without_it(self, env):
        env.idp.admin_set_user_mfa_preference(
            UserPoolId=env.pool_id,
            Username="ada",
            EmailMfaSettings={"Enabled": True, "PreferredMfa": True},
        )
        browser = entered(env)
        assert "a***@e***" in browser.text
        assert "Other ways" not in browser.text
        assert "code" in where(browser.submit(code=env.code()))[1]

    def test_the_password_alone_gets_nobody_further(self, env):
        browser = entered(env)
        for fields in ({"back": "1"}, {"resend": "1"}, {"answer": ""}, {"setup": "EMAIL_OTP"}):
            browser.submit(fields)
            assert ways_of(browser) == ["SMS_MFA", "EMAIL_OTP"]


class TestCodes:
    def test_one_that_is_sent_again_makes_the_first_void(self, env_of):
        env = env_of(email="ada@example.com", mfa={"totp": False, "mail": True})
        browser = entered(env)
        first = env.code()
        browser.submit({"resend": "1"}, form=1)
        assert "A new code is on its way." in browser.text
        assert env.code() != first
        browser.submit(code=first)
        assert browser.error == "Invalid code or auth state for the user."
        assert "code" in where(browser.submit(code=env.code()))[1]

    def test_an_app_has_none_to_send(self, env_of):
        env = env_of(mfa={"totp": True})
        browser = entered(env)
        secret = browser.text.partition("<code>")[2].partition("</code>")[0].replace(" ", "")
        app = pyotp.TOTP(secret)
        browser.submit(code=app.at(env.cognito.clock.now()))
        env.cognito.clock.advance(60)
        browser = entered(env)
        assert 'name="resend"' not in browser.text
        assert "code" in where(browser.submit(code=app.at(env.cognito.clock.now())))[1]

    @pytest.mark.usefixtures("still")
    def test_too_many_wrong_ones_lock(self, env_of):
        env = env_of(email="ada@example.com", mfa={"totp": False, "mail": True})
        browser = entered(env)
        for _ in range(6):
            browser.submit(code="1")
        assert browser.error == "Password attempts exceeded"


class TestSetUp:
    @pytest.mark.parametrize(
        ("factor", "title", "address", "amr"),
        [
            ("EMAIL_OTP", "Set up codes by email", "ada@example.com", "email_otp"),
            ("SMS_MFA", "Set up codes by text message", "+15550100", "sms"),
        ],
    )
    def test_by_an_address_that_then_gets_the_code(self, env_of, factor, title, address, amr):
        env = env_of()
        browser = entered(env)
        assert browser.title == "Choose a second way to confirm that it is you"
        assert ways_of(browser) == ["SOFTWARE_TOKEN_MFA", "EMAIL_OTP", "SMS_MFA"]
        browser.submit(setup=factor)
        assert browser.title == title
        browser.submit(address="nonsense")
        assert browser.error
        assert browser.title == title
        browser.submit(address=address)
        assert browser.title == "Enter the code"
        assert env.cognito.messages.last(username="ada").destination == address
        assert amr_of(env, browser.submit(code=env.code())) == ["pwd", amr, "mfa"]
        attribute = "email" if factor == "EMAIL_OTP" else "phone_number"
        assert env.attributes()[f"{attribute}_verified"] == "true"
        assert entered(env).title == "Enter the code"

    def test_by_an_app(self, env_of):
        env = env_of()
        browser = entered(env)
        browser.submit(setup="SOFTWARE_TOKEN_MFA")
        secret = browser.text.partition("<code>")[2].partition("</code>")[0].replace(" ", "")
        answer = browser.submit(code=pyotp.TOTP(secret).at(env.cognito.clock.now()))
        assert amr_of(env, answer) == ["pwd", "otp", "mfa"]

    def test_there_is_a_way_back_to_the_choice(self, env_of):
        env = env_of()
        browser = entered(env)
        for factor in ways_of(browser):
            browser.submit(setup=factor)
            assert not ways_of(browser)
            browser.submit({"back": "1"}, form=1)
            assert len(ways_of(browser)) == 3
        browser.submit(setup="EMAIL_OTP")
        browser.submit(address="ada@example.com")
        assert "code" in where(browser.submit(code=env.code()))[1]

    def test_an_address_that_was_mistyped_is_replaced(self, env_of):
        env = env_of(mfa={"totp": False, "mail": True})
        browser = entered(env)
        browser.submit(address="asa@example.com")
        browser.submit({"resend": "1"}, form=1)
        browser.submit({"back": "1"}, form=2)
        assert browser.title == "Set up codes by email"
        browser.submit(address="ada@example.com")
        assert "code" in where(browser.submit(code=env.code()))[1]
        assert env.attributes()["email"] == "ada@example.com"

    @pytest.mark.parametrize("mfa", [{"totp": False, "mail": True}, {"totp": False, "sms": True}])
    def test_the_only_factor_needs_no_choice(self, env_of, mfa):
        env = env_of(mfa=mfa)
        browser = entered(env)
        assert browser.title.startswith("Set up codes by")
        assert "Other ways" not in browser.text
        browser.submit(address="ada@example.com" if mfa.get("mail") else "+15550100")
        assert "code" in where(browser.submit(code=env.code()))[1]

    def test_what_cannot_be_set_up_is_not_chosen(self, env_of):
        browser = entered(env_of())
        for factor in ("PASSWORD", "<b>", ""):
            browser.submit(setup=factor)
            assert len(ways_of(browser)) == 3

    def test_an_address_by_which_the_account_is_recovered_is_not_offered(self, domain_of):
        recovery = {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]}
        env = domain_of({"AccountRecoverySetting": recovery, "EmailConfiguration": SENDER})
        enable_mfa(env, sms=True, mail=True)
        env.add_user()
        assert ways_of(entered(env)) == ["SOFTWARE_TOKEN_MFA", "SMS_MFA"]

    def test_the_classic_hosted_ui_has_the_choice_too(self, env_of):
        env = env_of(domain="shop")
        browser = entered(env)
        assert len(ways_of(browser)) == 3
        browser.submit(setup="EMAIL_OTP")
        browser.submit(address="ada@example.com")
        assert "code" in where(browser.submit(code=env.code()))[1]
