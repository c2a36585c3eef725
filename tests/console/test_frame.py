"""What all pages of the console have in common: addresses, headers, the guard, banners."""

import re

import pytest
from support.waiting import until

from cogmock.console import render
from cogmock.console.routes import PAGES
from cogmock.console.sections import SECTIONS
from cogmock.settings import Settings

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
SHOWN = ["/"] + [f"/ui/{each.name}" for each in SECTIONS] + ["/callback"]


class TestAddresses:
    def test_the_root_leads_a_browser_to_the_console(self, console):
        from support.http import ask

        answer = ask(console.application, "GET", "/", headers={"Accept": "text/html"})
        assert (answer.status, answer.headers["location"]) == (302, "/_cogmock/")
        assert console.get("").headers["location"].endswith("/_cogmock/")

    @pytest.mark.parametrize("path", SHOWN)
    def test_each_section_shows_something_on_an_empty_server(self, console, path):
        answer = console.get(path)
        if answer.status == 302:
            answer = console.get(answer.headers["location"].removeprefix("/_cogmock"))
        assert answer.status == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"

    @pytest.mark.parametrize("path", SHOWN)
    def test_an_empty_section_says_what_fills_it(self, console, path):
        answer = console.get(path)
        assert answer.status == 302 or b"aws " in answer.body or b"cogmock " in answer.body

    @pytest.mark.parametrize("path", ["/ui/start", "/ui/pools"])
    def test_the_issuer_is_that_of_the_tokens(self, console, path):
        console.world.settings = Settings(issuer="aws")
        pool = console.call("CreateUserPool", PoolName="shop")["UserPool"]["Id"]
        assert f"https://cognito-idp.us-east-1.amazonaws.com/{pool}" in console.text(path)

    def test_an_unknown_page_is_404_in_html(self, console):
        answer = console.get("/ui/nothing")
        assert (answer.status, b"Not Found" in answer.body) == (404, True)

    def test_a_wrong_method_is_405(self, console):
        from support.http import ask

        assert console.post("/ui/inbox").status == 405
        assert ask(console.application, "DELETE", "/_cogmock/ui/inbox").status == 405

    def test_files_are_kept_by_browsers_and_change_their_address(self, console):
        page = console.get("/ui/inbox").body.decode()
        for path in re.findall(r'/_cogmock(/ui/static/[^"]+)', page):
            answer = console.get(path)
            assert answer.status == 200
            assert "immutable" in answer.headers["cache-control"]
        assert console.get("/ui/static/x/nothing.css").status == 404
        assert console.get("/ui/static/x/%2e%2e").status == 404


class TestFirstVisit:
    def test_prepares_the_other_pages(self, console):
        """Once in a process, so this is the state after any test that visited the console."""
        console.get("/ui/clock")
        names = {f"{name.partition(':')[0]}.html" for _, name in PAGES.values()} & set(
            render.templates().list_templates()
        )
        assert len(names) >= len(SECTIONS)
        until(lambda: names <= {name for _, name in render.templates().cache})


class TestSafety:
    @pytest.mark.parametrize("path", SHOWN)
    def test_a_strict_policy_and_no_inline_script(self, console, path):
        answer = console.get(path)
        if answer.status == 302:
            return
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"
        text = answer.body.decode()
        assert not re.search(r"<script(?![^>]*src=)", text)
        assert not re.search(r"\s(style|on\w+)=", text)

    @pytest.mark.parametrize("path", [path for path, (methods, _) in PAGES.items() if "POST" in methods])
    def test_forms_of_other_origins_are_refused(self, console, path):
        answer = console.post(path.replace("<int:number>", "1"), headers={"Origin": "http://evil.example"})
        assert answer.status == 403

    def test_foreign_hosts_are_refused(self, console):
        assert console.get("/ui/inbox", host="evil.example").status == 403

    @pytest.mark.parametrize("path", SHOWN)
    @pytest.mark.parametrize(
        "name",
        [
            "q",
            "id",
            "user_pool_id",
            "identity_pool_id",
            "kind",
            "before",
            "done",
            "username",
            "context",
            "error",
            "code",
            "state",
        ],
    )
    def test_what_the_address_says_is_escaped(self, console, shop, path, name):
        answer = console.get(f"{path}?{name}={EVIL}")
        assert answer.status < 500
        assert b"<script>alert" not in answer.body
        assert b"<img src=x" not in answer.body


class TestBanners:
    def test_a_moved_clock(self, console, world):
        assert "clock says" not in console.text("/ui/inbox")
        world.clock.advance(3600)
        assert "UTC, 1 h ahead ." in console.text("/ui/inbox")
        world.clock.advance(-7200)
        assert "UTC, 1 h behind ." in console.text("/ui/inbox")

    def test_a_server_that_listens_beyond_this_machine(self, console, world):
        assert "beyond this machine" not in console.text("/ui/inbox")
        world.settings = Settings(host="0.0.0.0")
        assert "listens on 0.0.0.0 , beyond this machine" in console.text("/ui/inbox")


class TestStoredValues:
    """What users, clients and senders of mails wrote is shown as text."""

    NAME = "<img/src=x/onerror=alert(1)>"

    @pytest.fixture(autouse=True)
    def _stored(self, aws, send, shop, console):
        pool = {"UserPoolId": shop["pool"]}
        attributes = [{"Name": "name", "Value": EVIL}, {"Name": "email", "Value": '"<b>"@example.com'}]
        aws(
            "AdminCreateUser",
            **pool,
            Username=self.NAME,
            MessageAction="SUPPRESS",
            UserAttributes=attributes[:1],
        )
        aws("CreateGroup", **pool, GroupName=self.NAME)
        aws("AdminAddUserToGroup", **pool, GroupName=self.NAME, Username=self.NAME)
        send(subject=EVIL, code=EVIL, username=EVIL, destination=EVIL, body=EVIL, user_pool_id=shop["pool"])
        send(medium="SMS", subject=None, body=EVIL, link="javascript:alert(1)", code=None)
        given = {"USERNAME": EVIL, "PASSWORD": EVIL}
        console.call(
            "InitiateAuth", 400, AuthFlow="USER_PASSWORD_AUTH", ClientId=shop["client"], AuthParameters=given
        )

    @pytest.mark.parametrize(
        "path",
        [
            *("/", "/ui/inbox", "/ui/inbox?id=1", "/ui/inbox?id=2", "/ui/users", "/ui/pools", "/ui/calls"),
            *(f"/ui/users?username={NAME}", "/ui/calls?id=1", "/ui/calls?id=1&secrets=true", "/ui/gallery"),
        ],
    )
    def test_are_escaped(self, console, path):
        answer = console.get(path)
        assert answer.status == 200
        for part in (b"<script>alert", b"<img src=x", b"<img/src=x", b'href="javascript'):
            assert part not in answer.body


class TestManyUsers:
    def test_a_page_of_them_is_small(self, console, world, shop):
        from cogmock.state.user import User

        users = world.find_pool(shop["pool"])[1].users
        for number in range(20_000):
            sub = f"{number:08x}-0000-4000-8000-000000000000"
            attributes = {"sub": sub, "email": f"u{number}@example.com"}
            users.add(User(f"user{number:05}", sub, attributes, "CONFIRMED", created=0, modified=0))
        page = console.get("/ui/users").body
        parts = [console.get(path) for path in re.findall(r'/_cogmock(/ui/static/[^"]+)', page.decode())]
        assert page.count(b'class="row"') == 50
        assert b"20,001 users" in page
        assert len(page) + sum(len(part.body) for part in parts) < 200_000
        found = console.get("/ui/users?q=user19999").body
        assert found.count(b'class="row"') == 1
