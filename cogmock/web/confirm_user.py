"""The page behind the link of a verification mail."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qs

from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.errors import AwsError, ResourceNotFoundException
from cogmock.oauth.requests import Reply
from cogmock.userpools.rules import confirmation
from cogmock.web import domain, home
from cogmock.web.replies import Environ, Response

PARAMETERS = ("client_id", "user_name", "confirmation_code")
HEADERS = [
    ("Content-Type", "text/html;charset=UTF-8"),
    ("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
]
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    '<meta name="viewport" content="width=device-width"></head><body><h1>{title}</h1><p>{text}</p></body></html>\n'
)


def confirm_user(world: World, environ: Environ) -> Response:
    """Confirms the user. HEAD, which link checkers send, does not."""
    request_id = world.entropy.uuid()
    return domain.sent(environ, "confirmUser", _confirmed(world, environ, request_id), request_id)


def _confirmed(world: World, environ: Environ, request_id: str) -> Reply:
    given = parse_qs(environ.get("QUERY_STRING", ""), errors="replace")
    for name in PARAMETERS:
        if name not in given:
            return _page(
                400, "An error was encountered", f"Required String parameter '{name}' is not present"
            )
    if environ["REQUEST_METHOD"] == "HEAD":
        return _page(200, "Confirm your registration", "Follow the link to confirm your registration.")
    try:
        _confirm(world, environ, request_id, *[given[name][0] for name in PARAMETERS])
    except AwsError as refusal:
        return _page(400, "An error was encountered", refusal.message)
    return _page(200, "Your registration has been confirmed!", "You can now sign in.")


def _confirm(
    world: World, environ: Environ, request_id: str, client_id: str, username: str, code: str
) -> None:
    found = world.find_client(client_id)
    if found is None:
        raise ResourceNotFoundException(f"User pool client {client_id} does not exist.")
    with Call(world, found[0], request_id, origin=home.origin(environ)) as call:
        confirmation.by_link(call, client_id, username, code)


def _page(status: int, title: str, text: str) -> Reply:
    return Reply(
        status, PAGE.format(title=title, text=escape(text)).encode("utf-8", "replace"), HEADERS.copy()
    )
