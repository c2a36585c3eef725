"""The gallery: states of the sign-in pages, played in a world apart."""

import re

import pytest

from cogmock.console import gallery as console_gallery
from cogmock.hosted_ui.render import LANGUAGES
from cogmock.web import gallery

SHOWN = {
    "sign-in": "Sign in",
    "sign-in-refused": "Incorrect username or password",
    "sign-up": "Sign up",
    "sign-up-refused": 'name="password"',
    "confirm": 'name="code"',
    "forgot": "Forgot",
    "reset": "a***@e***",
    "new-password": "new password",
    "mfa-set-up": 'class="qr"',
    "mfa": "one-time-code",
    "account": "ada",
    "error": "redirect_mismatch",
}


class TestStates:
    @pytest.mark.parametrize("state", gallery.STATES)
    @pytest.mark.parametrize("version", [1, 2])
    def test_are_the_pages_that_they_say(self, console, aws, shop, state, version):
        aws("CreateUserPoolDomain", UserPoolId=shop["pool"], Domain="shop", ManagedLoginVersion=version)
        if version == 2:
            named = {"UserPoolId": shop["pool"], "ClientId": shop["client"]}
            aws("CreateManagedLoginBranding", **named, UseCognitoProvidedValues=True)
        answer = console.get(f"/ui/gallery/{shop['client']}/{state}")
        text = answer.body.decode()
        assert answer.status == 200
        assert SHOWN[state].lower() in text.lower()
        assert "Something went wrong" not in text

    def test_follow_clients_that_let_users_choose(self, console, aws, shop):
        made = aws(
            "CreateUserPoolClient",
            UserPoolId=shop["pool"],
            ClientName="choice",
            ExplicitAuthFlows=["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )["UserPoolClient"]["ClientId"]
        for state, shown in SHOWN.items():
            text = console.get(f"/ui/gallery/{made}/{state}").body.decode()
            assert shown.lower() in text.lower(), state

    def test_follow_pools_that_take_codes_in_place_of_passwords(self, console, aws, shop, world):
        policy = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]}}
        aws("UpdateUserPool", UserPoolId=shop["pool"], Policies=policy)
        for state, shown in SHOWN.items():
            text = console.get(f"/ui/gallery/{shop['client']}/{state}").body.decode()
            assert shown.lower() in text.lower(), state
        kept = world.find_pool(shop["pool"])[1].settings["Policies"]["SignInPolicy"]
        assert kept == policy["SignInPolicy"]

    def test_leave_no_trace(self, console, shop, world, caplog):
        caplog.set_level("INFO", "cogmock")
        for state in gallery.STATES:
            console.get(f"/ui/gallery/{shop['client']}/{state}")
        assert not [record for record in caplog.records if "gallery" not in record.getMessage()]
        pool = world.find_pool(shop["pool"])[1]
        assert [user.name for user in pool.users] == ["ada"]
        assert (len(world.journal), world.outbox.messages, len(pool.journeys)) == (0, [], 0)
        assert pool.settings["MfaConfiguration"] == "OFF"

    def test_do_not_run_triggers(self, console, aws, shop, world):
        ran = []
        world.functions["f"] = lambda event, _: ran.append(event) or event
        arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
        aws("UpdateUserPool", UserPoolId=shop["pool"], LambdaConfig={"PreAuthentication": arn})
        console.get(f"/ui/gallery/{shop['client']}/account")
        assert ran == []

    def test_may_be_framed_by_the_console_alone_and_run_no_script(self, console, shop):
        answer = console.get(f"/ui/gallery/{shop['client']}/sign-in")
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("sandbox; ")
        assert "frame-ancestors 'self'" in policy
        assert "script-src" not in policy
        assert console.get(f"/ui/gallery/{shop['client']}/sign-in", host="evil.example").status == 403

    def test_have_nothing_that_their_frame_refuses(self, console, shop):
        for state in gallery.STATES:
            text = console.get(f"/ui/gallery/{shop['client']}/{state}").body.decode()
            assert "<script" not in text, state
            assert "autofocus" not in text, state

    def test_are_in_each_language(self, console, shop):
        titles = {
            re.search(
                r"<title>(.*?)</title>",
                console.get(f"/ui/gallery/{shop['client']}/mfa?lang={each}").body.decode(),
            )[1]
            for each in ("en", "de", "ja")
        }
        assert len(titles) == 3

    @pytest.mark.parametrize(
        "pool", [{"UsernameAttributes": ["email"]}, {"UsernameAttributes": ["phone_number"]}]
    )
    def test_are_there_for_pools_without_usernames(self, console, aws, pool):
        made = aws("CreateUserPool", PoolName="mail", AutoVerifiedAttributes=["email"], **pool)["UserPool"][
            "Id"
        ]
        client = aws("CreateUserPoolClient", UserPoolId=made, ClientName="web")["UserPoolClient"]["ClientId"]
        for state in gallery.STATES:
            answer = console.get(f"/ui/gallery/{client}/{state}")
            assert (answer.status, b"Something went wrong" in answer.body) == (200, False), state

    def test_that_are_none_are_404(self, console, shop):
        assert console.get(f"/ui/gallery/{shop['client']}/nothing").status == 404
        assert console.get("/ui/gallery/nobody/sign-in").status == 404


class TestPage:
    def test_shows_each_state(self, console, shop):
        page = console.get("/ui/gallery").body.decode()
        assert page.count("<iframe") == len(gallery.STATES)
        assert "width" in page

    def test_names_the_states_and_languages_that_there_are(self):
        assert list(console_gallery.STATES) == list(gallery.STATES)
        assert tuple(console_gallery.LANGUAGES) == LANGUAGES
