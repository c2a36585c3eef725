"""The inbox: messages, their codes and links, and mails that are not to be trusted."""

import html
import re
from email import message_from_bytes, policy

import pytest


class TestInbox:
    def test_shows_the_newest_message_large(self, console, send):
        send(code="111111")
        send(code="222222", destination="grace@example.com")
        page = console.get("/ui/inbox").body.decode()
        assert '<output class="digits" aria-label="Code">222222</output>' in page
        assert "111111" in page

    def test_shows_the_message_that_the_address_names(self, console, send):
        send(code="111111")
        send(code="222222")
        page = console.get("/ui/inbox?id=1").body.decode()
        assert '<output class="digits" aria-label="Code">111111</output>' in page
        assert "not there any more" in console.text("/ui/inbox?id=77")

    def test_offers_the_link_of_a_message(self, console, send):
        send(code=None, link="http://localhost:4577/confirmUser?a=1&b=2")
        assert (
            'href="http://localhost:4577/confirmUser?a=1&amp;b=2"' in console.get("/ui/inbox").body.decode()
        )

    @pytest.mark.parametrize(("query", "found"), [("GRACE", 1), ("example", 2), ("4829", 2), ("nobody", 0)])
    def test_is_searched_by_user_address_and_code(self, console, send, query, found):
        send()
        send(username="grace", destination="grace@example.com")
        assert console.get(f"/ui/inbox?q={query}").body.count(b'class="row mail"') == found

    def test_is_narrowed_to_a_pool(self, console, send, shop):
        send(user_pool_id=shop["pool"], code="777777")
        send()
        assert "777777" in console.text(f"/ui/inbox?user_pool_id={shop['pool']}")
        assert console.get(f"/ui/inbox?user_pool_id={shop['pool']}").body.count(b'class="row mail"') == 1

    def test_has_pages(self, console, send):
        for number in range(120):
            send(code=f"{number:06}")
        page = console.get("/ui/inbox").body.decode()
        assert page.count('class="row mail"') == 50
        assert "before=71" in page
        last = console.get("/ui/inbox?before=21").body.decode()
        assert last.count('class="row mail"') == 20
        assert "Older messages" not in last

    def test_is_emptied(self, console, send, world):
        send()
        answer = console.post("/ui/inbox/empty")
        assert (answer.status, world.outbox.messages) == (303, [])
        assert "All messages were deleted" in console.text(
            answer.headers["location"].removeprefix("/_cogmock")
        )

    def test_shows_texts_as_texts(self, console, send):
        send(medium="SMS", subject=None, body="Code <b>482913</b>")
        assert "Code &lt;b&gt;482913&lt;/b&gt;" in console.get("/ui/inbox").body.decode()


class TestMails:
    def test_are_shown_in_a_sandbox_without_scripts(self, console, send):
        message = send(body="<b>Hello</b><script>alert(1)</script>")
        page = console.get("/ui/inbox").body.decode()
        assert f' sandbox src="/_cogmock/ui/inbox/{message.id}/body"' in page
        assert "<script>alert" not in page
        answer = console.get(f"/ui/inbox/{message.id}/body")
        policy = answer.headers["content-security-policy"].split("; ")
        assert {"sandbox", "default-src 'none'", "frame-ancestors 'self'"} <= set(policy)
        assert not any(part.startswith("script-src") for part in policy)
        assert b"<b>Hello</b>" in answer.body

    def test_of_plain_text_are_part_of_the_page(self, console, send):
        send(body="Your code is 482913")
        page = console.get("/ui/inbox").body.decode()
        assert '<p class="mail-text">Your code is 482913</p>' in page
        assert "<iframe" not in page

    @pytest.mark.parametrize("body", ["one<br>two", "<p>code</p>", "a &amp; b"])
    def test_of_html_are_shown_in_a_frame(self, console, send, body):
        send(body=body)
        assert '<iframe class="mail-body"' in console.get("/ui/inbox").body.decode()

    @pytest.mark.parametrize(("words", "name"), [(1, "mail-body"), (200, "mail-body tall")])
    def test_that_are_long_have_a_tall_frame(self, console, send, words, name):
        send(body=f"<p>{'Hello ' * words}</p>")
        assert f'<iframe class="{name}"' in console.get("/ui/inbox").body.decode()

    def test_with_braces_are_shown_as_they_are(self, console, send):
        send(body="p{color:red} {0} {x}")
        assert b"p{color:red} {0} {x}" in console.get("/ui/inbox/1/body").body

    def test_have_tabs_that_are_links(self, console, send):
        send(body="<p>Code <b>482913</b></p><p><a href='http://shop.example/?a=1&amp;b=2'>Confirm</a></p>")
        page = console.get("/ui/inbox").body.decode()
        tabs = re.findall(r'<a href="(\?[^"]*view=\w+)" data-soft(?: aria-current="true")?>(\w+)<', page)
        assert [title for _, title in tabs] == ["HTML", "Text", "Raw"]
        shown = [console.get(f"/ui/inbox{html.unescape(address)}").body.decode() for address, _ in tabs]
        current = [re.findall(r'view=(\w+)" data-soft aria-current', page) for page in shown]
        assert current == [["html"], ["text"], ["raw"]]
        assert "<iframe" in shown[0]
        assert "<iframe" not in shown[1] + shown[2]
        assert "Code 482913\n\nConfirm (http://shop.example/?a=1&amp;b=2)</pre>" in shown[1]
        assert "Subject: Your code\n" in shown[2]
        assert "Content-Type: text/html" in shown[2]
        assert "&lt;p&gt;Code &lt;b&gt;482913&lt;/b&gt;&lt;/p&gt;" in shown[2]

    def test_are_shown_in_html_where_the_address_names_no_other_tab(self, console, send):
        send()
        assert b"<iframe" in console.get("/ui/inbox?id=1&view=nothing").body

    def test_of_plain_text_have_the_same_tabs(self, console, send):
        send(body="Your code is 482913")
        assert "Your code is 482913" in console.text("/ui/inbox?view=text")
        assert console.text("/ui/inbox?view=raw").count("Your code is 482913") == 1

    def test_texts_have_no_tabs(self, console, send):
        send(medium="SMS", subject=None, body="Code 482913")
        assert b'class="tabs"' not in console.get("/ui/inbox?view=raw").body

    def test_are_downloaded_as_files_for_mail_programs(self, console, send):
        send(body="<p>Grüße</p>", subject="Grüße")
        answer = console.get("/ui/inbox/1/raw")
        assert answer.headers["content-type"].startswith("message/rfc822")
        assert answer.headers["content-disposition"] == 'attachment; filename="message-1.eml"'
        read = message_from_bytes(answer.body, policy=policy.default)
        assert (read["Subject"], read["To"]) == ("Grüße", "ada@example.com")
        assert read.get_content().strip() == "<p>Grüße</p>"
        assert console.get("/ui/inbox/2/raw").status == 404

    @pytest.mark.parametrize("destination", ["a@b@c", "<", "\ud800@example.com", ""])
    def test_that_no_mail_server_would_take_have_a_page_all_the_same(self, console, send, destination):
        send(destination=destination)
        assert "It is <b>482913</b>." in console.text("/ui/inbox?view=raw")

    def test_that_are_very_long_are_cut_in_the_text_alone(self, console, send):
        send(body=f"<p>{'x' * 40_000}</p><p>the end</p>")
        text = console.text("/ui/inbox?view=text")
        assert "The end of this long mail is left out" in text
        assert "the end" not in text
        assert "the end" in console.text("/ui/inbox?view=raw")

    def test_that_are_gone_are_404(self, console, send):
        send()
        assert console.get("/ui/inbox/2/body").status == 404
        assert console.get("/ui/inbox/0/body").status == 404
