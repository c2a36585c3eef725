"""What a client ID metadata document must say, for a client that is public and redirects to what it registers."""

from __future__ import annotations

from typing import Any

from cogmock import foreign_json
from cogmock.core.documents import Found
from cogmock.errors import InvalidParameterException
from cogmock.userpools.rules.settings import client_oauth

Metadata = dict[str, Any]

SECRETS = ("client_secret", "client_secret_expires_at")
LISTS = ("redirect_uris", "grant_types", "response_types")


class BadDocument(Exception):
    """A document that cannot stand for a client. The message says why, for the log."""


def read(url: str, found: Found) -> Metadata:
    """The document that was found at a URL. Raises BadDocument."""
    if found.status != 200:
        raise BadDocument(f"{url} answers {found.status}, not 200")
    kind = found.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise BadDocument(f"{url} answers {kind or 'no Content-Type'}, not application/json")
    try:
        document = foreign_json.read(found.body)
    except foreign_json.NotJson as fault:
        raise BadDocument(f"{url} is not JSON: {fault}") from None
    if not isinstance(document, dict):
        raise BadDocument(f"{url} is not a JSON object")
    _check(url, document)
    return document


def _check(url: str, document: Metadata) -> None:
    """Raises BadDocument."""
    if document.get("client_id") != url:
        raise BadDocument(f"its client_id is {document.get('client_id')!r:.300}, not the URL of the document")
    for name in SECRETS:
        if name in document:
            raise BadDocument(f"it has the member {name}: clients of metadata documents have no secrets")
    method = document.get("token_endpoint_auth_method")
    if method != "none":
        # AWS dev guide: these clients are public. inferred: a document without the member is refused as well, because
        # its default is client_secret_basic (RFC 7591, 2).
        raise BadDocument(f'token_endpoint_auth_method is {method!r:.100} and must be "none"')
    for name in LISTS:
        value = document.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise BadDocument(f"{name} is not an array of strings")
    if not isinstance(document.get("scope", ""), str):
        raise BadDocument("scope is not a string")
    _check_redirects(document.get("redirect_uris", []))


def _check_redirects(urls: list[str]) -> None:
    """The rules for an app client's CallbackURLs hold here too. Raises BadDocument."""
    if not urls:
        raise BadDocument("it has no redirect_uris")
    try:
        for url in urls:
            client_oauth.check_url(url)
    except InvalidParameterException as refused:
        raise BadDocument(f"redirect_uris: {refused.message}") from None
