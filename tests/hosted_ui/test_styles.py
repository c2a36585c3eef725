"""Which pages there are: those of managed login need a style, those of the classic hosted UI none."""

from __future__ import annotations

import logging

import pytest
from support.browser import foreign_scripts, where
from support.domain_env import WEB

UNAVAILABLE = "Login pages unavailable. Please contact an administrator."
PAGES = [
    "/login",
    "/signup",
    "/confirm",
    "/forgotPassword",
    "/confirmForgotPassword",
    "/changePassword",
    "/mfa",
]


def opened(env, path="/oauth2/authorize", **parameters):
    browser = env.browser()
    browser.go(env.url(path, **parameters))
    return browser


class TestWithoutAStyle:
    @pytest.fixture
    def bare(self, env):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop", ManagedLoginVersion=2)
        return env

    @pytest.mark.parametrize("path", PAGES)
    def test_managed_login_has_no_pages(self, bare, path):
        browser = opened(bare, path)
        assert (browser.page.status, browser.error) == (403, UNAVAILABLE)

    def test_the_log_says_what_to_do(self, bare, caplog):
        with caplog.at_level(logging.INFO, "cogmock"):
            opened(bare)
        assert "CreateManagedLoginBranding(UseCognitoProvidedValues=True)" in caplog.text

    def test_a_style_opens_them_and_its_end_closes_them(self, bare):
        made = bare.style()
        assert opened(bare).page.status == 200
        bare.idp.delete_managed_login_branding(
            UserPoolId=bare.pool_id, ManagedLoginBrandingId=made["ManagedLoginBrandingId"]
        )
        assert opened(bare).page.status == 403

    def test_a_style_is_one_clients_alone(self, bare):
        bare.style()
        bare.client_of(**WEB)
        assert opened(bare).page.status == 403

    def test_the_classic_pages_need_none(self, bare):
        bare.idp.update_user_pool_domain(UserPoolId=bare.pool_id, Domain="shop", ManagedLoginVersion=1)
        assert opened(bare).page.status == 200

    def test_a_pool_without_a_domain_needs_none(self, env):
        assert opened(env).page.status == 200


class TestVersions:
    @pytest.mark.parametrize(("before", "after"), [(1, 2), (2, 1)])
    def test_another_version_ends_the_sessions_of_browsers(self, env, before, after):
        env.managed_domain()
        version = {"UserPoolId": env.pool_id, "Domain": "shop"}
        env.idp.update_user_pool_domain(**version, ManagedLoginVersion=before)
        browser, _ = env.signed_in()
        assert "code" in where(browser.go(env.url()))[1]
        env.idp.update_user_pool_domain(**version, ManagedLoginVersion=before)
        assert "code" in where(browser.go(env.url()))[1]
        env.idp.update_user_pool_domain(**version, ManagedLoginVersion=after)
        assert where(browser.go(env.url(), follow=False))[0] == "/login"


class TestStyleInjection:
    def test_state_that_nobody_checked_breaks_out_of_nothing(self, env):
        """A snapshot may bring any."""
        env.managed_domain()
        style = env.cognito.world.region().user_pools[env.pool_id].brandings[env.client_id]
        evil = "red}</style><script>alert(1)</script>"
        style.settings = {
            "categories": {"global": {"colorSchemeMode": evil}, "form": {"location": {"horizontal": evil}}},
            "components": {
                "form": {
                    "lightMode": {"backgroundColor": evil},
                    "borderRadius": 1e300,
                    "logo": {"location": evil},
                }
            },
        }
        page = opened(env)
        assert page.page.status == 200
        assert evil not in page.text
        assert not foreign_scripts(page.text)
        assert "--form-round:1000px;" in page.text

    def test_the_policy_is_as_strict_with_a_style_as_without(self, env):
        before = opened(env).page.headers["content-security-policy"]
        env.managed_domain()
        for version in (2, 1):
            env.idp.update_user_pool_domain(
                UserPoolId=env.pool_id, Domain="shop", ManagedLoginVersion=version
            )
            policy = opened(env, "/signup").page.headers["content-security-policy"]
            assert [part for part in policy.split("; ") if "nonce" not in part] == [
                part for part in before.split("; ") if "nonce" not in part
            ]
            assert "unsafe" not in policy
