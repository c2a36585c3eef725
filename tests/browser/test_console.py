"""The console in Chromium: each story of somebody who looks something up, without error and outside request."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time

import pytest
from playwright.sync_api import expect
from support.axe import faults
from support.waiting import heard

from scripts import console_tour

PASSWORD = "Corr3ct-Horse!"


@pytest.fixture
def desk(chromium, cognito_server):
    """A page for the console. Errors in the browser's console and requests to elsewhere fail the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=cognito_server.url)
    wrong = []
    allowed = re.compile(rf"(data:|about:|blob:|http://[a-z0-9.-]*localhost:{cognito_server.settings.port}/)")

    def watch(page):
        page.on(
            "console",
            lambda told: told.type == "error" and "/_cogmock" in page.url and wrong.append(told.text),
        )
        page.on("pageerror", lambda fault: wrong.append(str(fault)))
        page.on("request", lambda asked: allowed.match(asked.url) or wrong.append(asked.url))

    context.on("page", watch)
    page = context.new_page()
    page.base = f"{cognito_server.url}/_cogmock"
    yield page
    context.close()
    assert not wrong, wrong


@pytest.fixture
def shop(cognito_server):
    return console_tour.Shop(cognito_server)


def clipboard(page):
    return page.evaluate("navigator.clipboard.readText()")


def live(page):
    page.locator("#live b", has_text="Live").wait_for()


class TestInbox:
    def test_a_code_appears_within_a_second_and_is_copied(self, desk, shop):
        desk.goto(f"{desk.base}/ui/inbox")
        live(desk)
        desk.get_by_text("No messages yet").wait_for()
        waits = []
        while (
            min(waits, default=1) >= 1 and len(waits) < 9
        ):  # of several: the machine may be busy with other things
            name = f"grace{len(waits)}"
            shop.sign_up(name)
            began = time.monotonic()
            code = shop.server.messages.last(username=name).code
            desk.locator(".digits", has_text=code).wait_for()
            waits.append(time.monotonic() - began)
        assert min(waits) < 1, waits
        desk.get_by_role("button", name="Copy code").click()
        desk.locator("#said", has_text="copied").wait_for(state="attached")
        assert clipboard(desk) == code

    def test_a_chosen_message_stays_when_others_arrive(self, desk, shop):
        shop.sign_up("grace")
        first = shop.server.messages.last(username="grace")
        desk.goto(f"{desk.base}/ui/inbox?id={first.id}")
        live(desk)
        shop.sign_up("linus")
        desk.locator(".rows .row", has_text="linus@example.com").wait_for()
        assert desk.locator(".digits").inner_text() == first.code

    def test_messages_are_unread_until_they_are_shown(self, desk, shop):
        for name in ("grace", "linus", "margaret"):
            shop.sign_up(name)
        desk.goto(f"{desk.base}/ui/inbox")
        unread = desk.locator(".row.unread")
        expect(unread).to_have_text([re.compile("Unread: linus@"), re.compile("Unread: grace@")])
        unread.last.click()
        expect(unread).to_have_text([re.compile("Unread: linus@")])
        desk.reload()
        expect(unread).to_have_count(1)
        desk.get_by_role("button", name="Mark all read").click()
        expect(unread).to_have_count(0)
        expect(desk.get_by_role("button", name="Mark all read")).to_be_hidden()
        live(desk)
        shop.sign_up("barbara")
        shop.sign_up("edsger")
        desk.locator(".rows .row", has_text="edsger@").wait_for()
        desk.reload()
        expect(desk.locator(".row:not(.unread)", has_text="margaret@")).to_have_count(1)

    def test_on_a_phone_the_newest_stays_unread_until_it_is_opened(self, desk, shop):
        desk.set_viewport_size({"width": 390, "height": 800})
        shop.sign_up("grace")
        desk.goto(f"{desk.base}/ui/inbox")
        desk.locator(".row.unread", has_text="grace@").click()
        desk.locator(".digits").wait_for()
        desk.get_by_role("link", name="All messages").click()
        expect(desk.locator(".row:not(.unread)", has_text="grace@")).to_be_visible()

    def test_the_tabs_of_a_mail_change_in_place_and_keep_the_focus(self, desk, shop):
        shop.sign_up("grace")
        desk.goto(f"{desk.base}/ui/inbox")
        for tab, shown in (("Text", "Text of the mail"), ("Raw", "Headers of the mail")):
            desk.get_by_role("link", name=tab, exact=True).press("Enter")
            desk.get_by_role("group", name=shown).wait_for()
            assert desk.evaluate("document.activeElement.textContent") == tab
        with desk.expect_download() as coming:
            desk.get_by_role("link", name="Download .eml").click()
        assert re.fullmatch(r"message-\d+\.eml", coming.value.suggested_filename)

    def test_a_hostile_mail_does_nothing(self, chromium, shop, cognito_server):
        """It keeps its colours, and neither its script nor its picture from elsewhere is asked for."""
        cognito_server.functions["message"] = _hostile
        shop.trigger("CustomMessage", "message")
        shop.sign_up("grace")
        context = chromium.new_context()
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append(request))
        page.goto(f"{cognito_server.url}/_cogmock/ui/inbox")
        frame = page.frame_locator("iframe.mail-body")
        frame.get_by_text("Hello there").wait_for()
        assert frame.locator("b").evaluate("each => getComputedStyle(each).color") == "rgb(255, 0, 0)"
        assert page.title() == "Inbox · cogmock"
        assert page.get_by_role("heading", name="<b>Subject</b>").count() == 1
        outside = heard(page, lambda: [each for each in asked if not each.url.startswith(cognito_server.url)])
        heard(page, lambda: all(request.failure for request in outside))
        assert {request.failure for request in outside} == {"csp"}, "Chromium lists what the policy stopped"
        context.close()


def _hostile(event, _context):
    code = event["request"]["codeParameter"]
    event["response"]["emailMessage"] = (
        f"<b style='color:rgb(255,0,0)'>Hello there</b> {code}"
        "<script>parent.document.title = 'taken'; fetch('http://elsewhere.example/')</script>"
        "<img src='http://elsewhere.example/p.png' onerror='parent.document.title = 1'>"
        "<link rel=stylesheet href='http://elsewhere.example/a.css'>"
    )
    event["response"]["emailSubject"] = "<b>Subject</b>"
    return event


class TestCalls:
    def test_a_failed_sign_in_is_found_and_repeated_as_a_command(self, desk, shop, tmp_path):
        shop.sign_in("ada", "it's wrong")
        desk.goto(f"{desk.base}/ui/calls")
        live(desk)
        desk.get_by_label("Refused only").check()
        row = desk.locator(".row.refused", has_text="InitiateAuth")
        row.wait_for()
        assert "the password is wrong" in row.inner_text()
        row.click()
        desk.locator(".detail .reason", has_text="the password is wrong").wait_for()
        assert "it's wrong" not in desk.content()
        desk.get_by_role("link", name="Copy as AWS CLI").click()
        desk.locator("#said", has_text="copied").wait_for(state="attached")
        command = clipboard(desk)
        ran = _pasted(command, tmp_path)
        assert "NotAuthorizedException" in ran
        assert shop.server.requests[-1].reason == "the password is wrong"

    def test_calls_appear_while_one_looks(self, desk, shop):
        desk.goto(f"{desk.base}/ui/calls?q=ListUserPools")
        live(desk)
        desk.get_by_text("No call among the last thousand fits").wait_for()
        shop.idp.list_user_pools(MaxResults=1)
        desk.locator(".row", has_text="ListUserPools").wait_for()


def _pasted(command, folder):
    """What a shell prints for a command. Where the AWS CLI is not installed, a stand-in sends what it would send."""
    stand_in = folder / "aws"
    stand_in.write_text(f"#!{sys.executable}\n{STAND_IN}")
    stand_in.chmod(0o755)
    environment = {"PATH": f"{folder}:/usr/bin:/bin", "HOME": str(folder)}
    ran = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=environment, check=False)
    return ran.stdout + ran.stderr


STAND_IN = """
import argparse, json, boto3
parser = argparse.ArgumentParser()
parser.add_argument("service")
parser.add_argument("operation")
parser.add_argument("--endpoint-url")
parser.add_argument("--region")
parser.add_argument("--cli-input-json")
given = parser.parse_args()
client = boto3.client(given.service, region_name=given.region, endpoint_url=given.endpoint_url)
print(getattr(client, given.operation.replace("-", "_"))(**json.loads(given.cli_input_json or "{}")))
"""


class TestUsers:
    def test_a_user_is_made_given_an_app_and_signed_in_as(self, desk, shop):
        desk.goto(f"{desk.base}/ui/users")
        live(desk)
        desk.get_by_role("link", name="Add user").click()
        desk.wait_for_url("**add=true")  # the same form was there before
        desk.get_by_label("Username").fill("grace")
        desk.get_by_label("E-mail").fill("grace@example.com")
        desk.get_by_label("Password").fill(PASSWORD)
        desk.locator(".detail").get_by_role("button", name="Add user").click()
        desk.get_by_text("The user was created.").wait_for()
        desk.get_by_role("button", name="Give an authenticator app").click()
        desk.locator("#totp .digits").wait_for()
        assert re.fullmatch(r"\d{6}", desk.locator("#totp .digits").inner_text())
        with desk.context.expect_page() as opened:
            desk.get_by_role("button", name="Sign in as grace").click()
        page = opened.value
        page.wait_for_url("**/_cogmock/callback?code=*")
        page.get_by_role("button", name="Exchange for tokens").click()
        page.get_by_role("heading", name="Signed in as grace").wait_for()
        expect(page.locator(".chip.good")).to_have_count(2)

    def test_what_is_typed_while_a_search_is_answered_is_kept_and_searched(self, desk, shop):
        shop.user("linus")
        route = _search_that_waits(desk)
        route.continue_()
        desk.wait_for_url("**q=ad")
        expect(desk.locator(".rows .row")).to_have_count(1)
        assert desk.locator("[data-search]").input_value() == "ad"

    def test_an_older_answer_does_not_replace_a_newer_one(self, desk, shop):
        route = _search_that_waits(desk)
        desk.wait_for_url("**q=ad")
        with desk.expect_response(re.compile(r"q=a$")):
            route.continue_()
        desk.wait_for_timeout(100)
        assert desk.url.endswith("q=ad")
        assert desk.locator("[data-search]").input_value() == "ad"

    def test_a_row_of_the_table_leads_to_its_user_wherever_it_is_clicked(self, desk, shop):
        shop.user("linus")
        desk.goto(f"{desk.base}/ui/users?sort=username")
        live(desk)
        desk.locator(".table tr", has_text="linus").locator(".created").click()
        desk.get_by_role("heading", name="linus").wait_for()
        desk.wait_for_url("**sort=username&username=linus")
        desk.get_by_role("link", name="Status").press("Enter")
        desk.locator(".table [aria-sort]", has_text="Status").wait_for()
        desk.wait_for_url("**sort=status")

    @pytest.mark.parametrize("width", [390, 820, 1050, 1280, 1920])
    def test_no_column_is_wider_than_the_page(self, desk, shop, width):
        shop.user("somebody-with-a-very-long-user-name-that-does-not-end-soon")
        desk.set_viewport_size({"width": width, "height": 800})
        for query in ("", "?username=ada"):
            desk.goto(f"{desk.base}/ui/users{query}")
            assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
            for part in desk.locator(".list").all():
                assert part.evaluate("each => each.scrollWidth <= each.clientWidth")

    def test_search_follows_typing(self, desk, shop):
        shop.user("linus")
        desk.goto(f"{desk.base}/ui/users")
        live(desk)
        desk.locator("[data-search]").press_sequentially("lin")
        desk.wait_for_url("**q=lin*")
        expect(desk.locator(".rows .row")).to_have_count(1)
        assert desk.locator("[data-search]").evaluate("each => each === document.activeElement")


class TestDoctor:
    def test_a_redirect_mismatch_is_mended_by_its_command(self, desk, shop, tmp_path):
        asked = "http://localhost:9999/cb"
        page = desk.context.new_page()
        page.goto(shop.url("/oauth2/authorize", redirect_uri=asked))
        desk.goto(f"{desk.base}/ui/pools")
        live(desk)
        finding = desk.locator(".finding.fault", has_text=asked)
        finding.get_by_role("button", name="Copy").click()
        desk.locator("#said", has_text="copied").wait_for(state="attached")
        _pasted(clipboard(desk), tmp_path)
        finding.wait_for(state="detached")
        page.goto(shop.url("/oauth2/authorize", redirect_uri=asked))
        page.wait_for_url("**/login?*")


class TestAccess:
    def test_a_denied_read_is_explained_and_allowed_in_what_if(self, desk, shop):
        pool = shop.identity_pool()
        desk.goto(f"{desk.base}/ui/access?identity_pool_id={pool}")
        live(desk)
        desk.get_by_label("User").fill("ada")
        desk.get_by_label("Action").fill("s3:GetObject")
        desk.get_by_label("Resource").fill("arn:aws:s3:::articles/premium/a.txt")
        desk.get_by_role("button", name="Explain").click()
        desk.get_by_text("Denied: nothing allows it").wait_for()
        assert "does not match arn:aws:s3:::articles/premium/a.txt" in desk.locator("#walk").inner_text()
        edited = json.loads(desk.locator("#policy1").input_value())
        edited["Statement"][0]["Resource"] = "arn:aws:s3:::articles/*"
        desk.locator("#policy1").fill(json.dumps(edited, indent=2))
        desk.get_by_role("button", name="What if").click()
        desk.locator(
            ".verdict.yes", has_text="Allowed with the edited policies, which are not saved"
        ).wait_for()
        assert "ReadFree" in " ".join(desk.locator("code.decided").all_inner_texts())
        desk.get_by_role("link", name="As it is").click()
        desk.locator(".verdict.never").wait_for()


class TestLive:
    def test_a_page_is_fetched_once(self, desk, shop):
        shop.sign_up("grace")
        fetched = []
        desk.on("request", lambda asked: "/_cogmock/ui/inbox" in asked.url and fetched.append(asked))
        desk.add_init_script(FIRST_EVENT)
        desk.goto(f"{desk.base}/ui/inbox")
        desk.locator("html[data-told]").wait_for()
        desk.evaluate("new Promise(done => setTimeout(done, 200))")  # longer than news is gathered
        assert len(fetched) == 1

    def test_what_happened_before_the_stream_was_open_is_shown(self, desk, shop):
        held = []
        desk.route(re.compile("/_cogmock/events"), lambda route: held.append(route))
        desk.goto(f"{desk.base}/ui/inbox")
        (route,) = heard(desk, lambda: held)
        shop.sign_up("grace")
        route.continue_()
        desk.locator(".rows .row", has_text="grace@example.com").wait_for()


FIRST_EVENT = """
const Original = EventSource;
EventSource = class extends Original {
  constructor(...given) {
    super(...given);
    this.addEventListener("clock", () => (document.documentElement.dataset.told = ""));
  }
};
"""


class TestNavigation:
    @pytest.mark.parametrize("width", [360, 390, 800])
    def test_shows_all_sections_on_a_phone(self, desk, width):
        desk.set_viewport_size({"width": width, "height": 800})
        desk.goto(f"{desk.base}/ui/gallery")
        links = desk.locator(".side a")
        assert links.count() == 11
        for link in links.all():
            expect(link).to_be_in_viewport(ratio=1)
        assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


class TestCommands:
    @pytest.mark.parametrize("section", ["inbox", "pools", "calls"])
    def test_are_shown_whole_on_a_phone_and_break_between_words(self, desk, section):
        desk.set_viewport_size({"width": 390, "height": 800})
        desk.goto(f"{desk.base}/ui/{section}")
        boxes = desk.locator(".command pre")
        for box in boxes.all():
            assert box.evaluate("each => each.scrollWidth <= each.clientWidth")
        options = desk.locator(".command code span", has_text=re.compile("^--"))
        assert options.count() > 1
        for option in options.all():
            assert option.evaluate("each => each.getClientRects().length === 1 && each.offsetHeight < 24")
        assert "--region us-east-1" in " ".join(boxes.all_inner_texts())


class TestClock:
    def test_an_hour_is_turned(self, desk, shop):
        desk.goto(f"{desk.base}/ui/clock")
        live(desk)
        desk.get_by_role("button", name="+1 hour").click()
        desk.locator(".banner", has_text="UTC, 1 h ahead").wait_for()
        assert 3599 < shop.server.world.clock.offset < 3700
        desk.get_by_role("link", name="Inbox").click()
        desk.wait_for_url("**/ui/inbox")
        desk.locator(".banner").get_by_role("button", name="Back to real time").click()
        desk.locator(".banner").wait_for(state="detached")
        assert abs(shop.server.world.clock.offset) < 1

    def test_moved_elsewhere_shows_at_once(self, desk, cognito_server):
        desk.goto(f"{desk.base}/ui/inbox")
        live(desk)
        cognito_server.clock.advance(days=1)
        desk.locator(".banner", has_text="1 d ahead").wait_for()


class TestState:
    def test_is_exported_and_loaded(self, desk, shop, tmp_path):
        desk.goto(f"{desk.base}/ui/state")
        live(desk)
        with desk.expect_download() as coming:
            desk.get_by_role("link", name="Download cogmock.yaml").click()
        coming.value.save_as(tmp_path / "cogmock.yaml")
        desk.on("dialog", lambda dialog: dialog.accept())
        desk.get_by_role("button", name="Drop all state").click()
        desk.get_by_text("All state was dropped.").wait_for()
        assert shop.idp.list_user_pools(MaxResults=5)["UserPools"] == []
        desk.locator("#file").set_input_files(tmp_path / "cogmock.yaml")
        desk.get_by_role("button", name="Apply", exact=True).click()
        desk.locator("section[aria-label=Report]").wait_for()
        assert shop.idp.admin_get_user(UserPoolId=shop.pool, Username="ada")["UserStatus"]


class TestKeyboard:
    def test_everything_is_reached_without_a_mouse(self, desk, shop):
        """From the start page to a copied code, a refused call, a user with an app, and the clock."""
        shop.sign_up("grace")
        shop.sign_in("ada", "wrong")
        desk.goto(f"{desk.base}/")
        live(desk)
        keys = desk.keyboard
        keys.press("g")
        keys.press("i")
        desk.wait_for_url("**/ui/inbox")
        desk.locator(".digits").wait_for()
        keys.press("c")
        desk.locator("#said", has_text="copied").wait_for(state="attached")
        assert clipboard(desk) == shop.server.messages.last(username="grace").code
        keys.press("g")
        keys.press("c")
        desk.wait_for_url("**/ui/calls")
        keys.press("/")
        keys.type("password wrong")
        desk.wait_for_url("**q=password*wrong*")
        expect(desk.locator(".rows .row")).to_have_count(1)
        keys.press("Tab")
        desk.evaluate("document.activeElement.blur()")
        keys.press("j")
        keys.press("Enter")
        desk.locator(".detail .reason").wait_for()
        keys.press("g")
        keys.press("u")
        desk.wait_for_url("**/ui/users")
        desk.locator(".rows").wait_for()
        keys.press("j")
        keys.press("Enter")
        desk.get_by_role("button", name="Give an authenticator app").wait_for()
        _tab_to(desk, "Give an authenticator app")
        keys.press("Enter")
        desk.locator("#totp .digits").wait_for()
        keys.press("g")
        keys.press("l")
        desk.wait_for_url("**/ui/clock")
        _tab_to(desk, "+1 hour")
        keys.press("Enter")
        desk.locator(".banner").wait_for()
        keys.press("?")
        desk.locator("dialog[open]").wait_for()
        keys.press("Escape")
        desk.locator("dialog[open]").wait_for(state="detached")

    def test_the_first_key_of_two_counts_from_when_it_was_pressed_last(self, desk, shop):
        desk.clock.install()
        desk.goto(f"{desk.base}/ui/calls")
        live(desk)
        for _ in range(2):
            desk.keyboard.press("g")
            desk.clock.run_for(1000)
        desk.keyboard.press("i")
        desk.wait_for_url("**/ui/inbox")

    def test_focus_stays_where_it_was_when_the_list_changes(self, desk, shop):
        shop.sign_up("grace")
        desk.goto(f"{desk.base}/ui/inbox")
        live(desk)
        desk.locator(".rows .row").first.focus()
        focused = desk.evaluate("document.activeElement.href")
        shop.sign_up("linus")
        desk.locator(".rows .row", has_text="linus").wait_for()
        assert desk.evaluate("document.activeElement.href") == focused


def _search_that_waits(desk):
    """Types "ad" into the search of users while the search for "a" is held back, and gives that one's route."""
    held = []
    desk.goto(f"{desk.base}/ui/users")
    live(desk)
    desk.route(re.compile(r"/ui/users\?q=a$"), lambda route: held.append(route))
    desk.locator("[data-search]").press_sequentially("a")
    (route,) = heard(desk, lambda: held)
    desk.locator("[data-search]").press_sequentially("d")
    return route


def _tab_to(page, name):
    """Presses Tab until an element with this text has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
    raise AssertionError(f"Tab does not reach {name!r}")


class TestAccessible:
    @pytest.mark.parametrize("part", [console_tour.empty, console_tour.sections])
    def test_no_section_has_a_fault(self, page, cognito_server, axe, part):
        found, names = [], []
        for name in part(cognito_server, page):
            names.append(name)
            found += [f"{name}-{fault}" for fault in faults(page, axe)]
        assert len(set(names)) == len(names) >= 9
        assert not found, "\n".join(found)


class TestWithoutJavaScript:
    def test_what_shows_is_there_and_forms_work(self, chromium, shop, cognito_server):
        shop.sign_up("grace")
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{cognito_server.url}/_cogmock/ui/inbox")
        assert page.locator(".digits").inner_text() == shop.server.messages.last(username="grace").code
        assert page.get_by_role("button", name="Copy code").count() == 0
        assert (
            page.locator(".row.unread").count()
            == page.get_by_role("button", name="Mark all read").count()
            == 0
        )
        page.get_by_role("link", name="Raw").click()
        page.get_by_role("group", name="Headers of the mail").get_by_text("To: grace@example.com").wait_for()
        page.goto(f"{cognito_server.url}/_cogmock/ui/users?username=ada")
        page.get_by_role("button", name="Disable").click()
        page.get_by_text("The user is disabled.").wait_for()
        page.goto(f"{cognito_server.url}/_cogmock/ui/clock")
        page.get_by_role("button", name="+1 hour").click()
        page.get_by_text("The clock was moved.").wait_for()
        context.close()
