"""Visitors of the stand-in providers: a browser that posts the form, and what it brings back."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qsl, urlsplit

import requests

IDP = "http://localhost:4577/_cogmock/idp"
CALLBACK = "http://localhost:3000/callback"


class Visitor:
    """A browser in process, without JavaScript."""

    url, callback = IDP, CALLBACK

    def __init__(self, cognito):
        self.cognito, self.world = cognito, cognito.world
        self.session = requests.Session()

    def get(self, path, **params):
        return self.session.get(self.url + path, params=params, allow_redirects=False)

    def post(self, path, data=None, **more):
        return self.session.post(self.url + path, data=data, allow_redirects=False, **more)

    def sign_in(self, path, asked, **fields):
        """The answer to the posted form: `fields` are typed, ada@example.com where there is neither e-mail nor sub."""
        page = self.session.get(
            self.url + path, params={"redirect_uri": CALLBACK, **asked}, allow_redirects=False
        )
        assert page.status_code == 200, (page.status_code, page.headers, page.text)
        if not {"email", "sub", "persona"} & set(fields):
            fields["email"] = "ada@example.com"
        return self.session.post(page.url, data=fields, allow_redirects=False)


def sent(answer):
    """The parameters of an answer to a client: in the query, the fragment or a form."""
    if answer.status_code == 200:
        return sent_to(CALLBACK, answer)
    assert answer.status_code == 302, (answer.status_code, answer.text)
    parts = urlsplit(answer.headers["Location"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == CALLBACK
    return dict(parse_qsl(parts.query or parts.fragment, keep_blank_values=True, strict_parsing=True))


def sent_to(address, page):
    """The hidden fields of a page whose form goes to an address; None for any."""
    assert address is None or f'action="{html.escape(address)}"' in page.text, page.text
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in pairs}
