"""Renders templates as pages: translations, CSRF token, and security headers."""

from __future__ import annotations

import base64
import json
from functools import cache
from importlib.resources import files
from typing import Any

from cogmock.core.call import Call
from cogmock.hosted_ui import agent, aids, home, look
from cogmock.oauth.requests import DomainRequest, DomainResponse

LANGUAGES = ("en", "de", "es", "fr", "id", "it", "ja", "ko", "pt-BR", "zh-CN", "zh-TW")
CSRF = "XSRF-TOKEN"
HTML = "text/html;charset=UTF-8"


def page(
    call: Call, request: DomainRequest, template: str, *, status: int = 200, **shown: Any
) -> DomainResponse:
    """A page with a CSRF token for its forms, and a Content-Security-Policy that blocks everything from elsewhere.

    The policy has no form-action, because browsers apply it to redirects after a form as well, and the application
    may redirect from its callback to any URL.
    """
    spoken = language(request)
    token = request.cookies.get(CSRF) or call.world.entropy.uuid()
    nonce = base64.b64encode(call.world.entropy.bytes(12)).decode()
    body = (
        _templates(managed=request.managed)
        .get_template(template)
        .render(
            **shown,
            words=_words(spoken),
            language=spoken,
            token=token,
            nonce=nonce,
            given=request.given,
            root=request.root_path,
            look=look.for_request(call, request),
            name=_client_name(call, request),
            home=home.address(call, request),
            template=template,
            agent=agent.of_request(call, request),
            aids=aids.for_page(call, request, template, shown.get("message") or shown.get("error")),
        )
    )
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {
        "Content-Language": spoken,
        "Content-Security-Policy": policy,
        "Referrer-Policy": "same-origin",
    }
    response = DomainResponse(body.encode("utf-8", "replace"), status, headers, content_type=HTML)
    response.cookies[CSRF] = token
    if request.managed and request.args.get("lang") in LANGUAGES:
        response.cookies["lang"] = spoken
    return response


def _client_name(call: Call, request: DomainRequest) -> str:
    client = call.region.clients.get(request.args.get("client_id", ""))
    return client.name if client else ""


def _in_groups(key: str) -> str:
    """A long key in groups of four characters, as people read and type it."""
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def language(request: DomainRequest) -> str:
    """The language of the parameter or cookie `lang`, else English. The classic hosted UI is always in English."""
    if request.managed:
        for wanted in (request.args.get("lang"), request.cookies.get("lang")):
            if wanted in LANGUAGES:
                return str(wanted)
    return "en"


@cache
def _words(language: str) -> dict[str, str]:
    """The texts of a language; texts that are missing are in English."""
    folder = files("cogmock.hosted_ui") / "words"
    words: dict[str, str] = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    return words if language == "en" else _words("en") | words


@cache
def _templates(*, managed: bool) -> Any:
    """The templates. The classic hosted UI uses templates/classic first, then those of managed login."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.PackageLoader("cogmock.hosted_ui", f"templates{kind}")
                for kind in ([""] if managed else ["/classic", ""])
            ]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["groups"] = _in_groups
    return environment
