"""Users: found, made, changed, given an app, signed in as."""

import html
import re
from urllib.parse import parse_qs, quote

import pytest
from support.browser import Browser, where
from support.http import ask

from cogmock.console import user_list
from cogmock.core.world import World
from cogmock.settings import Settings


def _act(console, shop, action, user="ada", **fields):
    return console.post(f"/ui/users/{action}", user_pool_id=shop["pool"], username=user, **fields)


class TestRates:
    @pytest.fixture
    def world(self):
        return World(Settings(throttle=True))

    def test_are_not_used_up_by_the_pages(self, console, aws, shop):
        for _ in range(35):
            assert console.get("/ui/users?username=ada").status == 200
            assert console.get("/ui/users?q=ada").status == 200


class TestSearch:
    @pytest.fixture(autouse=True)
    def _people(self, aws, shop):
        for number in range(70):
            mail = [{"Name": "email", "Value": f"u{number}@example.org"}, {"Name": "name", "Value": "Grace"}]
            aws(
                "AdminCreateUser",
                UserPoolId=shop["pool"],
                Username=f"user{number:02}",
                MessageAction="SUPPRESS",
                UserAttributes=mail,
            )

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            *(
                ("", 50),
                ("user0", 10),
                ("u7@", 1),
                ("ada@", 1),
                ("Grace", 50),
                ("nobody", 0),
                ('"', 0),
                ("\\", 0),
            ),
            *(("SER0", 10), ("example.com", 1)),
        ],
    )
    def test_finds_what_is_inside_names_and_addresses(self, console, query, found):
        assert len(_names(console, f"?q={quote(query)}")) == found

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            *(("user0", 10), ("u7@", 1), ("ada@", 1), ("Grace", 50), ("nobody", 0), ('"', 0), ("\\", 0)),
            *(("ser0", 0), ("example.com", 0)),
        ],
    )
    def test_finds_beginnings_in_a_large_pool_and_says_so(self, console, monkeypatch, query, found):
        monkeypatch.setattr(user_list, "FEW", 70)
        assert len(_names(console, f"?q={quote(query)}&sort=username")) == found
        text = console.text(f"/ui/users?q={quote(query)}&sort=username")
        assert "In a pool of more than 70 users a search finds beginnings" in text

    def test_what_is_found_is_counted_and_sorted(self, console, monkeypatch):
        assert "70 found, of which the first 50 are listed" in console.text("/ui/users?q=user")
        assert (
            _names(console, "?q=u7&sort=email")
            == ["user07", *(f"user{number}" for number in range(70, 80))][:1]
        )
        monkeypatch.setattr(user_list, "FEW", 70)
        assert b"sort=" not in console.get("/ui/users?q=user").body

    def test_finds_values_that_are_drawn_by_their_beginning_alone(self, console, aws, shop):
        """A sub has almost every pair of letters somewhere. In pools of e-mail addresses it is the username, too."""
        user = aws("AdminCreateUser", UserPoolId=shop["pool"], Username="lion")["User"]
        [sub] = [each["Value"] for each in user["Attributes"] if each["Name"] == "sub"]
        for found in (sub, sub[:8].upper()):
            assert _names(console, f"?q={found}") == ["lion"]
        for other in (sub[1:], sub[:3]):
            assert "lion" not in _names(console, f"?q={other}")

    def test_has_pages(self, console):
        page = console.get("/ui/users").body.decode()
        following = re.search(r'href="(\?[^"]*next=[^"]*)"', page)[1].replace("&amp;", "&")
        names = _names(console, following)
        assert len(names) == 21
        chosen = console.get(f"/ui/users{following}&username={names[3]}").body.decode()
        assert re.findall(r'class="row" title="(\w+)" data-soft aria-current="true"', chosen) == [names[3]]
        [first] = re.findall(r'href="([^"]*)" data-soft>First users', chosen)
        assert _names(console, html.unescape(first))[0] == "ada"


class TestTable:
    @pytest.fixture(autouse=True)
    def _people(self, aws, shop, world):
        given = {
            "cyd": ("b@example.com", None),
            "Bea": (None, "+4917012345"),
            "dan": ("c@example.com", "+1206555"),
        }
        for name, (mail, phone) in given.items():
            values = {"email": mail, "phone_number": phone}
            listed = [{"Name": key, "Value": value} for key, value in values.items() if value]
            named = {"UserPoolId": shop["pool"], "Username": name}
            aws("AdminCreateUser", **named, MessageAction="SUPPRESS", UserAttributes=listed)
        aws("AdminDisableUser", UserPoolId=shop["pool"], Username="cyd")

    def test_has_what_one_compares_of_each_user(self, console, shop):
        _act(console, shop, "give-app")
        page = console.get("/ui/users").body.decode()
        assert re.findall(r'<th scope="col"[^>]*>', page) == ['<th scope="col">'] * 4 + [
            '<th scope="col" class="fixed-order">',
            '<th scope="col" aria-sort="ascending">',
        ]
        rows = [
            " ".join(html.unescape(re.sub(r"<[^>]*>", " ", row)).split())
            for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL)
        ]
        assert rows[0] == "Username E-mail or phone Status Enabled MFA Created ↑"
        day = r" \d{4}-\d\d-\d\d \d\d:\d\d"
        assert re.fullmatch(r"ada ada@example\.com Confirmed Yes App" + day, rows[1])
        assert re.fullmatch(r"cyd b@example\.com Disabled Force change password Disabled" + day, rows[2])
        assert re.fullmatch(r"Bea \+4917012345 Force change password Yes" + day, rows[3])
        assert re.fullmatch(r"dan c@example\.com \+1206555 Force change password Yes" + day, rows[4])

    @pytest.mark.parametrize("sort", ["", "newest", "email"])
    def test_has_the_second_factors_in_each_order(self, console, shop, sort):
        _act(console, shop, "give-app")
        assert "ada ada@example.com Confirmed Yes App" in console.text(f"/ui/users?sort={sort}")

    @pytest.mark.parametrize(
        ("sort", "names"),
        [
            ("", ["ada", "cyd", "Bea", "dan"]),
            ("username", ["Bea", "ada", "cyd", "dan"]),
            ("email", ["ada", "cyd", "dan"]),
            ("phone_number", ["dan", "Bea"]),
            ("status", ["ada", "cyd", "Bea", "dan"]),
            ("enabled", ["cyd", "ada", "Bea", "dan"]),
            ("newest", ["dan", "Bea", "cyd", "ada"]),
            ("nothing", ["ada", "cyd", "Bea", "dan"]),
        ],
    )
    def test_is_sorted_by_the_columns_that_the_server_keeps_in_order(self, console, sort, names):
        assert _names(console, f"?sort={sort}") == names

    def test_names_what_it_is_sorted_by_and_links_to_the_other_orders(self, console):
        page = console.get("/ui/users?sort=email").body.decode()
        assert re.findall(r'<th scope="col"[^>]*aria-sort="ascending">E-mail ', page)
        offered = [
            parse_qs(html.unescape(each)).get("sort")
            for each in re.findall(r'href="\?([^"]*)" data-soft>', page)
        ]
        assert [sort for sort in offered if sort] == [["username"], ["phone_number"], ["status"], ["enabled"]]
        assert ">Created</a>" in page
        assert "only those with an e-mail address are listed" in console.text("/ui/users?sort=email")

    @pytest.mark.parametrize(("sort", "last"), [("username", "dan"), ("newest", "ada"), ("enabled", "dan")])
    def test_keeps_its_order_from_page_to_page(self, console, monkeypatch, sort, last):
        monkeypatch.setattr(user_list, "PAGE", 3)
        page = console.get(f"/ui/users?sort={sort}").body.decode()
        [following] = re.findall(r'href="([^"]*)" data-soft>Next users', page)
        assert _names(console, html.unescape(following)) == [last]

    def test_a_page_of_another_order_is_refused(self, console):
        for sort in ("newest", "username"):
            assert console.get(f"/ui/users?sort={sort}&next=x").status == 400

    def test_shows_the_newest_first_or_last(self, console):
        for sort, other, order in (("", "newest", "ascending"), ("newest", None, "descending")):
            page = console.get(f"/ui/users?sort={sort}").body.decode()
            [(said, address)] = re.findall(r'aria-sort="(\w+)">\s*<a href="\?([^"]*)"[^>]*>Created<', page)
            assert (said, parse_qs(html.unescape(address)).get("sort", [None])) == (order, [other])
        assert _names(console, "?sort=newest&q=example.com") == ["dan", "cyd", "ada"]

    def test_of_an_order_that_no_user_has_a_value_for_says_so(self, console, aws, shop):
        for name in ("Bea", "dan"):
            aws("AdminDeleteUser", UserPoolId=shop["pool"], Username=name)
        assert "No user has a phone number to be sorted by" in console.text("/ui/users?sort=phone_number")


def _names(console, query):
    return re.findall(r'class="row" title="([^"]+)"', console.get(f"/ui/users{query}").body.decode())


class TestUser:
    def test_is_shown_with_groups_and_attributes(self, console, aws, shop):
        aws("CreateGroup", UserPoolId=shop["pool"], GroupName="staff")
        text = console.text("/ui/users?username=ada")
        for each in ("ada Confirmed", "email ada@example.com", "staff", "No second factor"):
            assert each in text

    def test_that_is_not_there_is_404(self, console, shop):
        assert "User does not exist" in console.text("/ui/users?username=nobody", 404)

    def test_is_made_confirmed_with_a_password(self, console, aws, shop, world):
        answer = _act(console, shop, "create", "grace", email="g@example.com", password="Corr3ct-Horse!")
        assert answer.status == 303
        told = aws("AdminGetUser", UserPoolId=shop["pool"], Username="grace")
        assert told["UserStatus"] == "CONFIRMED"
        assert {"Name": "email_verified", "Value": "true"} in told["UserAttributes"]
        assert world.outbox.messages == []
        assert "The user was created" in console.text(answer.headers["location"].removeprefix("/_cogmock"))

    def test_is_not_left_behind_when_the_password_is_refused(self, console, shop, world):
        answer = _act(console, shop, "create", "grace", password="x")
        assert answer.status == 400
        assert b'role="alert"' in answer.body
        assert b'value="grace"' in answer.body
        assert "grace" not in world.find_pool(shop["pool"])[1].users

    def test_is_disabled_enabled_and_deleted(self, console, shop, world):
        users = world.find_pool(shop["pool"])[1].users
        _act(console, shop, "disable")
        assert not users["ada"].enabled
        _act(console, shop, "enable")
        assert users["ada"].enabled
        answer = _act(console, shop, "delete")
        assert (answer.status, "username=" in answer.headers["location"]) == (303, False)
        assert "ada" not in users

    def test_changes_are_listed_as_calls(self, console, shop):
        _act(console, shop, "disable")
        assert "AdminDisableUser ada" in console.text("/ui/calls")

    def test_gets_a_password_groups_and_attributes(self, console, aws, shop):
        aws("CreateGroup", UserPoolId=shop["pool"], GroupName="staff")
        _act(console, shop, "join", group="staff")
        _act(console, shop, "attribute", attribute="name", value="Ada")
        _act(console, shop, "password", password="An0ther-Horse!", permanent="true")
        user = console.world.find_pool(shop["pool"])[1].users["ada"]
        assert (user.groups, user.attributes["name"]) == (["staff"], "Ada") or set(user.groups) == {"staff"}
        _act(console, shop, "leave", group="staff")
        _act(console, shop, "attribute", attribute="name", value="")
        assert not user.groups
        assert "name" not in user.attributes
        given = {"USERNAME": "ada", "PASSWORD": "An0ther-Horse!"}
        assert console.call(
            "InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", ClientId=shop["client"], AuthParameters=given
        )["AuthenticationResult"]

    def test_gets_an_authenticator_app_and_shows_its_code(self, console, shop):
        assert _act(console, shop, "give-app").status == 303
        page = console.get("/ui/users?username=ada").body.decode()
        code = re.search(r'aria-label="Code of the authenticator app">(\d{6})<', page)[1]
        assert re.search(r'id="factors">[^<]*authenticator app<', page)
        given = {"USERNAME": "ada", "PASSWORD": "Corr3ct-Horse!"}
        asked = console.call(
            "InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", ClientId=shop["client"], AuthParameters=given
        )
        assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        answered = console.call(
            "RespondToAuthChallenge",
            ClientId=shop["client"],
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "ada", "SOFTWARE_TOKEN_MFA_CODE": code},
        )
        assert answered["AuthenticationResult"]
        _act(console, shop, "take-app")
        assert "Give an authenticator app" in console.text("/ui/users?username=ada")

    def test_is_signed_in_as(self, console, shop):
        answer = _act(console, shop, "sign-in-as")
        assert answer.status == 200
        browser = Browser(console.application)
        [line] = answer.all("set-cookie")
        name, _, value = line.partition(";")[0].partition("=")
        browser.cookies[name] = value
        target = re.search(r'http-equiv="refresh" content="0;url=([^"]*)"', answer.body.decode())[1]
        address, query = where(browser.go(target.replace("&amp;", "&"), follow=False))
        assert address == "http://localhost:4577/_cogmock/callback"
        assert "Signed in as ada" in console.post("/callback", code=query["code"]).body.decode()

    @pytest.mark.parametrize("action", ["disable", "give-app", "sign-in-as", "join", "reset", "confirm"])
    def test_refusals_say_why(self, console, shop, action):
        answer = _act(console, shop, action, "nobody")
        assert answer.status in {400, 404}
        assert b'role="alert"' in answer.body

    def test_an_unknown_action_is_404(self, console, shop):
        assert _act(console, shop, "promote").status == 404


class TestSignInMeans:
    """Factors, devices and sessions of a user."""

    @pytest.fixture
    def tracked(self, console, aws, shop):
        """The pool remembers devices and tracks sessions; ada signs in from a phone."""
        remembered = {"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": False}
        aws(
            "UpdateUserPool",
            UserPoolId=shop["pool"],
            AutoVerifiedAttributes=["email"],
            DeviceConfiguration=remembered,
        )
        aws(
            "SetUserPoolSessionConfiguration",
            UserPoolId=shop["pool"],
            UserSessionTracking="ENABLED",
            TokenSession={"MaxPerUser": 5},
        )
        given = {"USERNAME": "ada", "PASSWORD": "Corr3ct-Horse!"}
        tokens = console.call(
            "InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", ClientId=shop["client"], AuthParameters=given
        )["AuthenticationResult"]
        verifier = {"PasswordVerifier": "dGVzdA==", "Salt": "c2FsdA=="}
        console.call(
            "ConfirmDevice",
            AccessToken=tokens["AccessToken"],
            DeviceKey=tokens["NewDeviceMetadata"]["DeviceKey"],
            DeviceSecretVerifierConfig=verifier,
            DeviceName="ada's phone",
        )
        return tokens

    def test_are_shown(self, console, tracked):
        text = console.text("/ui/users?username=ada")
        assert "Signs in with password" in text
        assert "ada's phone" in text
        assert re.search(r"Sessions web .*last active \d{4}-\d\d-\d\d", text)

    def test_a_device_is_forgotten(self, console, aws, shop, tracked):
        _act(console, shop, "forget", device=tracked["NewDeviceMetadata"]["DeviceKey"])
        assert aws("AdminListDevices", UserPoolId=shop["pool"], Username="ada")["Devices"] == []
        assert "No device" in console.text("/ui/users?username=ada")

    def test_a_session_is_ended(self, console, aws, shop, tracked):
        [session] = aws("AdminListUserSessions", UserPoolId=shop["pool"], Username="ada")["Sessions"]
        _act(console, shop, "revoke", session=session["SessionId"])
        assert console.call("GetUser", expect=400, AccessToken=tracked["AccessToken"])
        assert "No session" in console.text("/ui/users?username=ada")

    def test_without_tracking_the_page_says_so(self, console, shop):
        assert "The pool does not track sessions" in console.text("/ui/users?username=ada")


class TestOtherAccounts:
    def test_have_their_users_shown_and_changed(self, console, world):
        headers = {
            "X-Amz-Target": "AWSCognitoIdentityProviderService.CreateUserPool",
            "Authorization": "AWS4-HMAC-SHA256 Credential=210987654321/20260101/eu-west-1/cognito-idp/aws4_request",
        }
        made = ask(console.application, "POST", "/", {"PoolName": "other"}, headers=headers).json["UserPool"][
            "Id"
        ]
        assert "210987654321" in console.text("/")
        console.post("/ui/users/create", user_pool_id=made, username="zoe", password="Corr3ct-Horse!")
        region, pool = world.find_pool(made)
        assert (region.account, "zoe" in pool.users) == ("210987654321", True)
        console.post("/ui/users/disable", user_pool_id=made, username="zoe")
        assert not pool.users["zoe"].enabled
        assert "Disabled" in console.text(f"/ui/users?user_pool_id={made}")
