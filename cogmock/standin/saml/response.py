"""The response to a sign-in: an assertion, signed, encrypted, or broken where a fault says so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cogmock.standin.context import Context, ServiceProvider
from cogmock.standin.form import FormError, Submission
from cogmock.standin.memory import Claims
from cogmock.standin.saml import sealing
from cogmock.standin.saml.identity import Identity
from cogmock.standin.saml.xml import element, moment, written

STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"  # noqa: S105 - a class of sign-ins
BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
URI = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
CLAIM_URL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
CLAIM_NAMES = {
    "email": "emailaddress",
    "name": "name",
    "given_name": "givenname",
    "family_name": "surname",
}
"""Claims that are sent by the names of WS-Federation, too, as Entra ID and AD FS do."""
SECONDS = 300
PAST = 7200
"""By how many seconds an expired assertion was issued earlier: more than any leeway."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a response goes, and what it answers. `in_response_to` is None without a request."""

    service_provider: ServiceProvider
    acs: str
    in_response_to: str | None
    name_format: str = ""
    context_class: str = ""


def respond(context: Context, me: Identity, to: Recipient, submission: Submission) -> bytes:
    """A response with an assertion about the user. Raises FormError where XML cannot hold the claims."""
    fault, sign = submission.fault, submission.sign or "assertion"
    try:
        assertion = _assertion(context, me, to, submission)
    except ValueError:
        raise FormError("The fields hold control characters, which XML cannot hold.") from None
    if sign in {"assertion", "both"} and fault != "unsigned":
        assertion = sealing.signed(context, me, assertion, fault)
    if to.service_provider.encryption:
        assertion = sealing.encrypted(context, assertion, to.service_provider.encryption)
    root = _response(context, me, to, fault, element("samlp:StatusCode", Value=f"{STATUS}Success"), assertion)
    if sign in {"response", "both"} and fault != "unsigned":
        root = sealing.signed(context, me, root, fault)
    return written(root)


def refuse(context: Context, me: Identity, to: Recipient, reason: str, text: str) -> bytes:
    """A signed response without an assertion: `RequestDenied`, `NoPassive`."""
    code = element(
        "samlp:StatusCode",
        element("samlp:StatusCode", Value=STATUS + reason),
        Value=f"{STATUS}Responder",
    )
    root = _response(context, me, to, "", code, None, text)
    return written(sealing.signed(context, me, root, ""))


def _response(
    context: Context, me: Identity, to: Recipient, fault: str, code: Any, assertion: Any, text: str = ""
) -> Any:
    return element(
        "samlp:Response",
        element("saml:Issuer", text=_issuer(me, fault)),
        element("samlp:Status", code, element("samlp:StatusMessage", text=text) if text else None),
        assertion,
        ID=f"_{context.entropy.uuid()}",
        Version="2.0",
        IssueInstant=moment(_now(context, fault)),
        Destination=to.acs,
        InResponseTo=_answered(to, fault),
    )


def _assertion(context: Context, me: Identity, to: Recipient, submission: Submission) -> Any:
    fault, now = submission.fault, _now(context, submission.fault)
    audience = "https://another-sp.example" if fault == "audience" else to.service_provider.entity_id
    return element(
        "saml:Assertion",
        element("saml:Issuer", text=_issuer(me, fault)),
        element(
            "saml:Subject",
            _name_id(to, submission.claims),
            element(
                "saml:SubjectConfirmation",
                element(
                    "saml:SubjectConfirmationData",
                    InResponseTo=_answered(to, fault),
                    NotOnOrAfter=moment(now + SECONDS),
                    Recipient=to.acs,
                ),
                Method=BEARER,
            ),
        ),
        element(
            "saml:Conditions",
            element("saml:AudienceRestriction", element("saml:Audience", text=audience)),
            NotBefore=moment(now - SECONDS),
            NotOnOrAfter=moment(now + SECONDS),
        ),
        element(
            "saml:AuthnStatement",
            element(
                "saml:AuthnContext",
                element("saml:AuthnContextClassRef", text=to.context_class or PASSWORD),
            ),
            AuthnInstant=moment(now),
            SessionIndex=f"_{context.entropy.uuid()}",
        ),
        element("saml:AttributeStatement", *_attributes(submission.claims)),
        ID=f"_{context.entropy.uuid()}",
        Version="2.0",
        IssueInstant=moment(now),
    )


def _now(context: Context, fault: str) -> float:
    return context.now - (PAST if fault == "expired" else 0)


def _issuer(me: Identity, fault: str) -> str:
    return "https://another-idp.example/metadata" if fault == "issuer" else me.entity_id


def _answered(to: Recipient, fault: str) -> str | None:
    return "_of-another-request" if fault == "nonce" else to.in_response_to


def _name_id(to: Recipient, claims: Claims) -> Any:
    """The e-mail address where its format is asked for, else the subject."""
    by_email = to.name_format == EMAIL and isinstance(claims.get("email"), str)
    text = claims["email"] if by_email else claims["sub"]
    return element("saml:NameID", text=text, Format=to.name_format or UNSPECIFIED)


def _attributes(claims: Claims) -> list[Any]:
    """One attribute for each claim but `sub`, with several values for a list."""
    named = [(key, BASIC, value) for key, value in claims.items() if key != "sub"]
    named += [
        (CLAIM_URL + CLAIM_NAMES[key], URI, value) for key, value in claims.items() if key in CLAIM_NAMES
    ]
    return [
        element(
            "saml:Attribute",
            *(_value(each) for each in (value if isinstance(value, list) else [value])),
            Name=key,
            NameFormat=form,
        )
        for key, form, value in named
    ]


def _value(value: Any) -> Any:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return element("saml:AttributeValue", text=text)
