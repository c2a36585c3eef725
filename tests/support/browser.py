"""A browser without JavaScript that calls the WSGI application directly: cookies, forms, redirects."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from support.http import ask

CALLBACK = "http://localhost:3000/callback"
FORM = "application/x-www-form-urlencoded"
VERIFIER = "v" * 43


def challenge(verifier=VERIFIER):
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def basic(client_id, secret):
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def post(application, path, fields, *, headers=None, host="localhost:4577"):
    body = urlencode(fields).encode()
    return ask(application, "POST", path, body, headers=headers, host=host, content_type=FORM)


def where(answer):
    """Target of a redirect (a path, or a URL without its query), and the parameters of its query or fragment."""
    assert answer.status == 302, (answer.status, answer.body)
    parts = urlsplit(answer.headers["location"])
    address = f"{parts.scheme}://{parts.netloc}{parts.path}" if parts.scheme else parts.path
    return address, dict(parse_qsl(parts.query or parts.fragment, keep_blank_values=True))


def foreign_scripts(text):
    """The scripts of a page that are not its own, which have a nonce."""
    return re.findall(r"<script(?! nonce=\"[\w+/=]+\">)", text)


class Browser:
    def __init__(self, application, host="localhost:4577"):
        self.application, self.host = application, host
        self.cookies, self.url, self.page = {}, None, None

    def go(self, url, *, follow=True):
        return self._came(url, self._ask("GET", url), follow)

    def submit(self, fields=None, *, follow=True, form=0, csrf=True, **more):
        """Fills in a form of the page and sends it, with its hidden fields. `form` is its index on the page."""
        whole = re.findall(r"<form[^>]*>.*?</form>", self.text, re.DOTALL)[form]
        action = html.unescape(re.search(r'action="([^"]*)"', whole)[1])
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', whole))
        if not csrf:
            hidden.pop("_csrf")
        body = urlencode({**hidden, **(fields or {}), **more}).encode()
        return self._came(action, self._ask("POST", action, body), follow)

    @property
    def text(self):
        return self.page.body.decode()

    @property
    def title(self):
        return html.unescape(re.search(r"<title>(.*?)</title>", self.text, re.DOTALL)[1])

    @property
    def error(self):
        found = re.search(r'role="alert"[^>]*>(.*?)</p>', self.text, re.DOTALL)
        return html.unescape(found[1]).strip() if found else None

    @property
    def path(self):
        return self.url.partition("?")[0]

    def _ask(self, method, url, body=None):
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return ask(
            self.application,
            method,
            url,
            body,
            host=self.host,
            headers={"Cookie": cookie} if cookie else {},
            content_type=FORM,
        )

    def _came(self, url, answer, follow):
        for line in answer.all("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            if "Max-Age=0" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        self.url, self.page = url, answer
        target = answer.headers.get("location", "")
        if follow and answer.status == 302 and target.startswith("/"):
            return self.go(target)
        return answer
