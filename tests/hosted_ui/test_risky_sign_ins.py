"""Threat protection on the sign-in pages, and the page behind the links of its mails."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from support.http import ask
from support.sign_in import enable_mfa

PLUS = {"UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"


@pytest.fixture
def env(domain_of):
    env = domain_of(PLUS)
    env.add_user(email="ada@example.com", phone_number="+15550001111")
    return env


def notify(env, action):
    env.idp.set_risk_configuration(
        UserPoolId=env.pool_id,
        AccountTakeoverRiskConfiguration={
            "Actions": {"HighAction": {"EventAction": action, "Notify": True}},
            "NotifyConfiguration": {"SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/shop.example"},
        },
    )


def event(env):
    return env.idp.admin_list_user_auth_events(UserPoolId=env.pool_id, Username="ada")["AuthEvents"][0]


def test_a_sign_in_is_recorded_with_its_browser(env):
    _, (_, given) = env.signed_in()
    found = event(env)
    assert found["EventResponse"] == "Pass"
    assert found["EventContextData"]["DeviceName"] == "Other, Other"
    tokens = env.redeem(given["code"]).json
    from support.sign_in import read

    assert read(tokens["id_token"])["event_id"] == found["EventId"]


def test_a_risky_one_is_blocked_on_the_page(env):
    env.cognito.risk(env.pool_id, level="HIGH")
    browser = env.browser()
    browser.go(env.url())
    browser.submit(username="ada", password="Corr3ct-Horse!")
    assert "Unable to login because of security reasons." in browser.text
    assert event(env)["EventRisk"]["RiskDecision"] == "Block"


def test_a_risky_one_needs_a_second_factor(env):
    enable_mfa(env, "OPTIONAL", totp=False, sms=True)
    notify(env, "MFA_REQUIRED")
    env.cognito.risk(env.pool_id, level="HIGH")
    browser = env.browser()
    browser.go(env.url())
    browser.submit(username="ada", password="Corr3ct-Horse!")
    assert browser.path == "/mfa"
    (code,) = [each.code for each in env.cognito.messages if each.medium == "SMS"]
    assert browser.submit(code=code).status in {302, 303}
    assert event(env)["EventResponse"] == "Pass"


def test_a_blocked_address(env):
    env.idp.set_risk_configuration(
        UserPoolId=env.pool_id, RiskExceptionConfiguration={"BlockedIPRangeList": ["127.0.0.0/8"]}
    )
    browser = env.browser()
    browser.go(env.url())
    browser.submit(username="ada", password="wrong")
    assert "Unable to login because of security reasons." in browser.text


class TestLinks:
    @pytest.fixture
    def link(self, env):
        notify(env, "BLOCK")
        env.cognito.risk(env.pool_id, level="HIGH")
        browser = env.browser()
        browser.go(env.url())
        browser.submit(username="ada", password="Corr3ct-Horse!")
        parts = urlsplit(env.cognito.messages[-1].link)
        return f"{parts.path}?{parts.query}"

    def test_one_click_gives_the_feedback(self, env, link):
        browser = env.browser()
        browser.go(link)
        assert (browser.page.status, browser.title) == (200, "Thank you, your answer has been recorded.")
        assert event(env)["EventFeedback"]["FeedbackValue"] == "Invalid"

    def test_a_look_by_mail_software_does_not(self, env, link):
        assert ask(env.application, "HEAD", link).status == 200
        assert "EventFeedback" not in event(env)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("feedback_token=", "feedback_token=0"),
            ("event_id=", "event_id=0"),
            ("user_name=ada", "user_name=bob"),
            ("feedback_value=Invalid", "feedback_value=Perhaps"),
            ("feedback_value=Invalid", "x=y"),
        ],
    )
    def test_a_changed_link_is_refused(self, env, link, old, new):
        browser = env.browser()
        browser.go(link.replace(old, new))
        assert browser.page.status == 400
        assert "EventFeedback" not in event(env)
