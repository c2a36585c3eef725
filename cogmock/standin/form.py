"""The form of the sign-in page, read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Request

from cogmock import foreign_json
from cogmock.standin.answers import PageError
from cogmock.standin.context import Context
from cogmock.standin.personas import Persona, digest
from cogmock.standin.provider import Provider

FIELDS = ("persona", "sub", "email", "name", "claims", "fault")
LONGEST = {"sub": 255, "email": 2048, "name": 2048, "claims": 65536}

Claims = dict[str, Any]


class FormError(Exception):
    """What the user typed cannot be used. The page is shown again with the message."""


@dataclass(frozen=True, slots=True)
class Submission:
    """Who signs in, and what is to be broken. `claims` always hold `sub`, a text."""

    claims: Claims
    fault: str
    algorithm: str
    sign: str


def is_submitted(request: Request) -> bool:
    """Whether a request is a submitted form. Protocol messages are posted to the same addresses."""
    return request.method == "POST" and any(name in request.form for name in FIELDS)


def refuse_foreign(request: Request, context: Context) -> None:
    """Raises PageError where a page of another origin posts the form.

    A page that a developer visits must not be able to sign somebody in. Clients that are no browsers send no Origin.
    """
    origin = request.headers.get("Origin")
    crossed = request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}
    if (origin is None and not crossed) or (origin is not None and _is_own(origin, request, context)):
        return
    raise PageError(
        f"The form was posted by a page of another origin ({origin or 'unknown'}). "
        "Sign in on the stand-in's own page.",
        403,
    )


def _is_own(origin: str, request: Request, context: Context) -> bool:
    """Behind a proxy that terminates TLS the scheme may differ."""
    try:
        scheme, netloc = urlsplit(origin)[:2]
        public = urlsplit(context.url)[:2]
    except ValueError:
        return False
    return scheme in {"http", "https"} and (netloc == request.host or (scheme, netloc) == public)


def read(request: Request, context: Context, provider: Provider) -> Submission:
    """Raises FormError."""
    given = {name: request.form.get(name, "").strip() for name in FIELDS}
    for name, most in LONGEST.items():
        if len(given[name]) > most:
            raise FormError(f"{name} is longer than {most} characters.")
    fault = given["fault"]
    if fault and fault not in provider.faults:
        raise FormError(f"{provider.title} has no fault {fault!r}. It has: {', '.join(provider.faults)}.")
    claims = _user(given, context, provider) | _extra_claims(given["claims"])
    if not claims.get("sub"):
        # The user's refusal and a replay say nothing of who the user is.
        if fault not in {"denied", "replay"}:
            raise FormError("Choose a persona, or fill in a subject or an e-mail address.")
        claims["sub"] = "nobody"
    if not isinstance(claims["sub"], str) or len(claims["sub"]) > LONGEST["sub"]:
        raise FormError("The claim sub must be a text of at most 255 characters.")
    return Submission(
        _completed(claims),
        fault,
        _choice(request, "algorithm", provider.algorithms),
        _choice(request, "sign", provider.signs),
    )


def _choice(request: Request, name: str, allowed: tuple[str, ...]) -> str:
    """Empty where the form leaves it to the stand-in."""
    value = request.form.get(name, "")
    if value and value not in allowed:
        raise FormError(f"{name} is one of: {', '.join(allowed) or 'nothing, here'}.")
    return value


def _user(given: Mapping[str, str], context: Context, provider: Provider) -> Claims:
    persona = _persona(given["persona"], context)
    sub, email, name, more = given["sub"], given["email"], given["name"], {}
    if persona is not None:
        sub, email, name, more = persona.sub, persona.email, persona.name, dict(persona.claims)
    if email and not sub:
        sub = provider.subject(digest(email))
    user = {"sub": sub, "email": email, "name": name}
    return {key: value for key, value in user.items() if value} | more


def _persona(key: str, context: Context) -> Persona | None:
    if not key:
        return None
    for persona in context.personas:
        if persona.key == key:
            return persona
    raise FormError(f"There is no persona {key!r}.")


def _extra_claims(text: str) -> Claims:
    if not text:
        return {}
    try:
        found = foreign_json.read(text)
    except foreign_json.NotJson as fault:
        raise FormError(f"The claims are not JSON: {fault}") from None
    if not isinstance(found, dict):
        raise FormError('The claims must be a JSON object, for example {"groups": ["staff"]}.')
    return found


def _completed(claims: Claims) -> Claims:
    """The claims with those that follow from others."""
    if claims.get("email"):
        claims.setdefault("email_verified", True)
    name = claims.get("name")
    if isinstance(name, str) and name:
        first, _, last = name.rpartition(" ")
        claims.setdefault("given_name", first or last)
        if first:
            claims.setdefault("family_name", last)
    return {key: value for key, value in claims.items() if value is not None}
