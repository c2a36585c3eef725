"""The paper in examples/articles, from its start to its end, as a browser meets it."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
PREMIUM = "/articles/last-log"


@pytest.fixture(scope="module")
def paper():
    """The URL at which the paper is read, started by its one command."""
    command = [sys.executable, "-m", "examples.articles", "--port", "0"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield re.fullmatch(r"The Lantern is at (\S+)\s", process.stdout.readline())[1]
    finally:
        process.terminate()
        assert process.wait(30) == 0
        process.stdout.close()


class Browser:
    def __init__(self, paper):
        self._paper = paper
        self._session = requests.Session()
        self._session.trust_env = False

    def get(self, path):
        return self._session.get(self._paper + path, timeout=30)

    def post(self, path, **form):
        return self._session.post(self._paper + path, data=form, timeout=30)

    def sign_in(self, name, password="Lantern-2026", back="/"):
        return self.post("/sign-in", name=name, password=password, next=back)


@pytest.fixture
def browser(paper):
    return Browser(paper)


def picture_of(answer):
    return re.search(r'<img src="([^"]+)"', answer.text)[1].replace("&amp;", "&")


class TestGuest:
    def test_the_front_page_names_all_articles(self, browser):
        text = browser.get("/").text
        assert text.count('<article class="card">') == 4
        assert (text.count(">Free<"), text.count(">Premium<")) == (2, 2)

    def test_a_free_article_is_read_with_its_picture(self, browser):
        answer = browser.get("/articles/two-blinks")
        assert "The second lamp was meant as a spare." in answer.text
        picture = requests.get(picture_of(answer), timeout=30)
        assert picture.headers["Content-Type"] == "image/svg+xml"
        assert picture.text.startswith("<svg")

    def test_a_premium_article_is_refused(self, browser):
        answer = browser.get(PREMIUM)
        assert answer.status_code == 403
        assert "Sign in to read on." in answer.text
        assert "crooked mast" not in answer.text

    def test_credentials_of_a_guest_do_not_open_what_a_picture_s_address_hints_at(self, browser):
        url = picture_of(browser.get("/articles/two-blinks"))
        answer = requests.get(url.replace("/free/two-blinks.svg", "/premium/last-log.txt"), timeout=30)
        assert (answer.status_code, "<Code>SignatureDoesNotMatch</Code>" in answer.text) == (403, True)

    def test_what_is_not_there_is_not_found(self, browser):
        assert browser.get("/articles/absent").status_code == 404
        assert browser.get("/absent").status_code == 404

    def test_a_subscription_needs_a_reader_with_a_name(self, browser):
        assert urlsplit(browser.post("/subscribe", next=PREMIUM).url).path == "/sign-in"


class TestSubscriber:
    def test_ada_signs_in_and_reads_on(self, browser):
        answer = browser.sign_in("ada", back=PREMIUM)
        assert urlsplit(answer.url).path == PREMIUM
        assert "crooked mast" in answer.text
        assert requests.get(picture_of(answer), timeout=30).status_code == 200

    def test_signing_out_closes_it_again(self, browser):
        browser.sign_in("ada")
        assert browser.get(PREMIUM).status_code == 200
        browser.post("/sign-out")
        assert browser.get(PREMIUM).status_code == 403


class TestSignIn:
    @pytest.mark.parametrize("name", ["ada", "nobody", "<b>"])
    def test_a_wrong_password_says_so_and_no_more(self, browser, name):
        answer = browser.sign_in(name, "wrong")
        assert answer.status_code == 401
        assert "Name and password do not belong together." in answer.text
        assert "<b>&" not in answer.text
        assert 'value="<b>' not in answer.text

    @pytest.mark.parametrize("back", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere"])
    def test_nobody_is_sent_to_another_site(self, browser, paper, back):
        answer = browser.sign_in("ada", back=back)
        assert answer.url == f"{paper}/"


class TestReaderWhoSubscribes:
    def test_bob_reads_premium_articles_from_then_on(self, browser):
        answer = browser.sign_in("bob", back=PREMIUM)
        assert answer.status_code == 403
        assert "You are signed in as bob." in answer.text
        answer = browser.post("/subscribe", next=PREMIUM)
        assert (answer.status_code, "crooked mast" in answer.text) == (200, True)


class TestLetters:
    """The API behind the guard: reading is open, writing needs a token, the drawer a subscriber's credentials."""

    SECRET = "I still light the old lamp"

    def test_a_guest_reads_and_is_sent_to_sign_in_to_write(self, browser):
        text = browser.get("/letters").text
        assert "I have counted." in text
        assert self.SECRET not in text
        assert urlsplit(browser.post("/letters", text="hello").url).path == "/sign-in"

    def test_a_subscriber_writes_under_her_name_and_reads_the_drawer(self, browser):
        browser.sign_in("ada")
        answer = browser.post("/letters", text="Too few <b>lighthouses</b>.")
        assert (answer.status_code, urlsplit(answer.url).path) == (200, "/letters")
        assert "Too few &lt;b&gt;lighthouses&lt;/b&gt;." in answer.text
        assert "ada · subscriber" in answer.text
        assert self.SECRET in answer.text

    def test_an_empty_letter_is_not_printed(self, browser):
        browser.sign_in("ada")
        before = browser.get("/letters").text.count("<blockquote>")
        assert browser.post("/letters", text="  ").text.count("<blockquote>") == before
