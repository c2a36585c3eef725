"""The page behind the link of a verification mail."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qs

from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.errors import AwsError, ResourceNotFoundException
from cogmock.userpools.rules import confirmation
from cogmock.web import home
from cogmock.web.replies import Environ, Response, as_html

PARAMETERS = ("client_id", "user_name", "confirmation_code")
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    '<meta name="viewport" content="width=device-width"></head><body><h1>{title}</h1><p>{text}</p></body></html>\n'
)


def confirm_user(world: World, environ: Environ) -> Response:
    """Confirms the user. HEAD, which link checkers send, does not."""
    given = parse_qs(environ.get("QUERY_STRING", ""), errors="replace")
    for name in PARAMETERS:
        if name not in given:
            return _page(
                400, "An error was encountered", f"Required String parameter '{name}' is not present"
            )
    if environ["REQUEST_METHOD"] == "HEAD":
        return _page(200, "Confirm your registration", "Follow the link to confirm your registration.")
    try:
        _confirm(world, environ, *[given[name][0] for name in PARAMETERS])
    except AwsError as refusal:
        return _page(400, "An error was encountered", refusal.message)
    return _page(200, "Your registration has been confirmed", "You can now sign in.")


def _confirm(world: World, environ: Environ, client_id: str, username: str, code: str) -> None:
    found = world.find_client(client_id)
    if found is None:
        raise ResourceNotFoundException(f"User pool client {client_id} does not exist.")
    with Call(world, found[0], world.entropy.uuid(), origin=home.origin(environ)) as call:
        confirmation.by_link(call, client_id, username, code)


def _page(status: int, title: str, text: str) -> Response:
    return as_html(status, PAGE.format(title=title, text=escape(text)), ("Cache-Control", "no-store"))
