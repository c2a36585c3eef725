"""A sign-in at a pool's domain through a stand-in provider, whose form is posted as a browser would."""

from __future__ import annotations

from urllib.parse import urlencode

import requests

from support.browser import where
from support.saml_upstream import post
from support.standin_visitor import sent_to


def go(env, browser=None, **form):
    """Signs in by the stand-in's form. Returns the browser, and URL and parameters of the redirect back."""
    browser = browser or env.browser()
    answer = browser.go(env.url(identity_provider=env.provider, state="s"), follow=False)
    if not {"email", "sub", "persona"} & set(form):
        form["email"] = "ada@example.com"
    page = requests.get(answer.headers["location"])
    assert page.status_code == 200, page.text
    given = requests.post(page.url, data=form, allow_redirects=False)
    if given.status_code == 302:
        target = given.headers["Location"].partition("#")[0]  # browsers keep the fragment to themselves
        return browser, where(browser.go(target.removeprefix("http://localhost:4577"), follow=False))
    fields = sent_to(None, given)
    if env.kind == "SAML":
        return browser, where(post(browser, fields["SAMLResponse"], fields["RelayState"]))
    body = urlencode(fields).encode()
    answer = browser._ask("POST", "/oauth2/idpresponse", body)
    return browser, where(browser._came("/oauth2/idpresponse", answer, follow=False))
