"""The pages: sign-in, messages, and forms that post an answer to a client."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from typing import Any

from werkzeug.wrappers import Request, Response

from cogmock.standin.context import Context
from cogmock.standin.provider import FAULTS, Provider


def sign_in(
    context: Context,
    request: Request,
    provider: Provider,
    *,
    client: str,
    hidden: Mapping[str, str] | None = None,
    login_hint: str = "",
    error: str = "",
) -> Response:
    """The page with personas and the form. With an error it is status 400, and what was typed is kept."""
    typed = {name: request.form.get(name, "") for name in ("sub", "email", "name", "claims", "fault")}
    if login_hint and not any(typed.values()):
        typed["email" if "@" in login_hint else "sub"] = login_hint
    return _rendered(
        context,
        "sign_in.html",
        400 if error else 200,
        provider=provider,
        client=client,
        hidden=hidden or {},
        typed=typed,
        error=error,
        personas=context.personas,
        faults=[(name, FAULTS[name]) for name in provider.faults],
        # Its own address, with the client's request in the query.
        action=request.full_path.rstrip("?") if request.query_string else request.path,
    )


def message(context: Context, title: str, text: str, status: int = 400) -> Response:
    """A page that says something and goes nowhere."""
    return _rendered(context, "message.html", status, title=title, text=text)


def form_post(context: Context, provider: Provider, url: str, fields: Mapping[str, str]) -> Response:
    """A form that sends an answer to a client by POST: at once with JavaScript, else by a button."""
    return _rendered(context, "form_post.html", 200, provider=provider, url=url, fields=fields)


def _rendered(context: Context, template: str, status: int, **shown: Any) -> Response:
    nonce = base64.b64encode(context.entropy.text(16).encode()).decode()
    body = _templates().get_template(template).render(nonce=nonce, **shown)
    # There is no form-action: browsers apply it to every redirect that follows, and clients may be anywhere.
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        # With "no-referrer" browsers would send `Origin: null` with the page's own form.
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    return Response(body.encode("utf-8", "replace"), status, headers, content_type="text/html; charset=utf-8")


@cache
def _templates() -> Any:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("cogmock.standin", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
