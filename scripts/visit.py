"""A browser in a few lines: redirects, cookies, and the form of a stand-in provider."""

from __future__ import annotations

import json
import urllib.request
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit


class Arrived(Exception):
    """The browser was sent to the app's own address."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class Visit:
    """`callback` is the app's address, which nobody needs to serve."""

    def __init__(self, callback: str) -> None:
        class Redirects(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *args: Any) -> Any:
                if args[-1].startswith(callback):
                    raise Arrived(args[-1])
                return super().redirect_request(*args)

        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(Redirects(), cookies)

    def sign_in(self, authorize_url: str, **fields: str) -> str:
        """The authorization code that the app gets, once the form of the stand-in is posted."""
        with self._opener.open(authorize_url) as page:
            address = page.geturl()
        try:
            self._opener.open(address, urlencode(fields).encode()).close()
        except Arrived as arrived:
            return parse_qs(urlsplit(arrived.url).query)["code"][0]
        raise RuntimeError(f"{address} does not lead back to the app")

    def post(self, url: str, **fields: str) -> dict[str, Any]:
        with self._opener.open(url, urlencode(fields).encode()) as answer:
            found: dict[str, Any] = json.load(answer)
        return found
