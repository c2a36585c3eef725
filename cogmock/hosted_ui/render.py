"""Pages from templates: words in the reader's language, and headers that let nothing else run."""

from __future__ import annotations

import base64
import json
from functools import cache
from importlib.resources import files
from typing import Any

from cogmock.core.call import Call
from cogmock.hosted_ui import aids, look
from cogmock.oauth.requests import DomainRequest, DomainResponse

LANGUAGES = ("en", "de", "es", "fr", "id", "it", "ja", "ko", "pt-BR", "zh-CN", "zh-TW")
CSRF = "XSRF-TOKEN"
HTML = "text/html;charset=UTF-8"


def page(
    call: Call, request: DomainRequest, template: str, *, status: int = 200, **shown: Any
) -> DomainResponse:
    """A page. Each has the token that its forms send back, and a policy under which nothing foreign loads.

    There is no form-action in the policy: browsers hold it against every address that a form's answer leads on to,
    and where a callback leads to is not ours to know.
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
            look=look.of(call, request),
            template=template,
            aids=aids.of(call, request) if status == 200 else None,
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


def language(request: DomainRequest) -> str:
    """The one that is asked for, or was before. The classic hosted UI has English alone."""
    if request.managed:
        for wanted in (request.args.get("lang"), request.cookies.get("lang")):
            if wanted in LANGUAGES:
                return str(wanted)
    return "en"


@cache
def _words(language: str) -> dict[str, str]:
    """The words of a language. One that lacks some has them in English."""
    folder = files("cogmock.hosted_ui") / "words"
    words: dict[str, str] = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    return words if language == "en" else _words("en") | words


@cache
def _templates(*, managed: bool) -> Any:
    """The classic hosted UI has pages of its own; those that it lacks stand in its own frame, too."""
    import jinja2

    return jinja2.Environment(
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
