"""What stands on the pages of a sign-in by choice."""

from __future__ import annotations

import html
import json
import re


def ways_of(browser):
    """The ways that a page of choice offers."""
    return re.findall(r'name="(?:answer|setup)" value="([^"]*)"', browser.text)


def options_of(browser):
    """What a page hands to the browser's authenticator."""
    return json.loads(html.unescape(re.search(r'data-options="([^"]*)"', browser.text)[1]))


def lines_of(browser, name):
    """The page without what differs at every visit, and without the name on it."""
    text = re.sub(r'nonce="[^"]*"|name="_csrf" value="[^"]*"', "", browser.text)
    return text.replace(name, "*")
