"""Reads the pages of choice-based sign-in."""

from __future__ import annotations

import html
import json
import re


def ways_of(browser):
    """The factors that a selection page offers."""
    return re.findall(r'name="(?:answer|setup)" value="([^"]*)"', browser.text)


def options_of(browser):
    """The WebAuthn options that a page passes to the browser's authenticator."""
    return json.loads(html.unescape(re.search(r'data-options="([^"]*)"', browser.text)[1]))


def lines_of(browser, name):
    """The page without nonce, CSRF token and username, which differ at every visit, and without the local aid."""
    page = re.sub(r"<aside.*</aside>", "", browser.text, flags=re.DOTALL)
    text = re.sub(r'nonce="[^"]*"|name="_csrf" value="[^"]*"', "", page)
    return text.replace(name, "*")
