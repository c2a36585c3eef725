"""Verifies the responses of SAML identity providers to a user pool.

AWS dev guide: SAML identity providers (what a response must contain, and how it is signed).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from cogmock.federation import saml_signature, xml_encryption
from cogmock.federation.refusals import FederationRefused
from cogmock.federation.safe_xml import NAMES, Unverified, moment, parsed, tag, text
from cogmock.federation.saml_metadata import Metadata

LARGEST = 100_000
"""The most characters of a response in base64."""
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
SKEW = 60
"""Seconds by which the clocks of the provider and of cogmock may differ. inferred: the number."""
INITIATED = 360
"""Seconds within which an IdP-initiated response must arrive after its IssueInstant."""
ASTRAL = 0xFFFF
"""The last character that takes at most three bytes in UTF-8. AWS refuses characters of four bytes."""
REFUSED = "Invalid SAML response received: "
BAD_ASSERTION = "SAML Assertion signature is invalid. "
BAD_RESPONSE = "SAML Response signature is invalid. "
BAD_AUDIENCE = "Audience restriction was violated. "


@dataclass(frozen=True, slots=True)
class Expected:
    """What a response is checked against. `request_id` is "" for an IdP-initiated response."""

    metadata: Metadata
    audience: str
    recipient: str
    request_id: str
    now: float
    key: Any = None
    """The RSA key that decrypts assertions; None if the provider has no EncryptedResponses."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """A verified assertion."""

    id: str
    issuer: str
    subject: str
    session_index: str | None
    expires: float
    attributes: dict[str, list[str]]


def read(encoded: str, expected: Expected) -> Assertion:
    """The assertion in a response in base64. Raises FederationRefused, whose description goes to the callback."""
    root = decoded(encoded)
    try:
        _check_status(root)
        assertion = _assertion(root, expected)
        _check_response(root, expected)
        return _checked(assertion, expected)
    except Unverified as fault:
        raise refused(f"{str(fault)[:1].upper()}{str(fault)[1:]}. ", str(fault)) from None


def presented(token: str, metadata: Metadata, audience: str, now: float) -> Assertion:
    """A signed assertion, or a response with one, that a client presents as a token (RFC 8693, 3), in base64url.

    InResponseTo and Recipient are not checked, as there was no request. Raises FederationRefused, Unverified.
    """
    root = decoded(token.replace("-", "+").replace("_", "/") + "=" * (-len(token) % 4))
    expected = Expected(metadata, audience, "", "", now)
    if root.tag == tag("samlp", "Response"):
        _check_status(root)
        return _content(_assertion(root, expected), expected, [])
    if root.tag != tag("saml", "Assertion"):
        raise Unverified("the root element is neither an Assertion nor a Response")
    saml_signature.check_structure(root)
    signed = saml_signature.signed(root, metadata.certificates)
    if signed is None:
        raise Unverified("the assertion is not signed")
    return _content(signed, expected, [])


def check_logout(encoded: str, metadata: Metadata, request_id: str) -> None:
    """Refuses anything but the provider's LogoutResponse to this request. A signature is optional, but must be valid.

    Raises FederationRefused.
    """
    root = decoded(encoded)
    try:
        _check_logout(root, metadata, request_id)
    except Unverified as fault:
        raise refused("LogoutResponse is invalid. ", str(fault)) from None


def _check_logout(root: Any, metadata: Metadata, request_id: str) -> None:
    if root.tag != tag("samlp", "LogoutResponse"):
        raise Unverified("the root element is not a LogoutResponse")
    saml_signature.check_structure(root)
    saml_signature.signed(root, metadata.certificates)
    if text(root, "saml:Issuer") != metadata.entity_id or root.get("InResponseTo") != request_id:
        raise Unverified("the logout response is from another provider, or answers another request")


def decoded(encoded: str) -> Any:
    """The root element of a message in base64. Raises FederationRefused."""
    if len(encoded) > LARGEST:
        raise refused("Response is too large. ", f"{len(encoded)} characters, at most {LARGEST} are accepted")
    try:
        return parsed(base64.b64decode("".join(encoded.split()), validate=True))
    except (binascii.Error, ValueError) as fault:
        raise refused("Response is not base64. ", str(fault)) from None
    except Unverified as fault:
        raise refused("Response is not valid XML. ", str(fault)) from None


def refused(words: str, reason: str) -> FederationRefused:
    """The refusal of a response. AWS reports it to the callback as `server_error` (seen)."""
    return FederationRefused(f"{REFUSED}{words}", error="server_error", reason=f"SAML: {reason}")


def _check_status(root: Any) -> None:
    if root.tag != tag("samlp", "Response"):
        raise Unverified("the root element is not a Response")
    codes = [each.get("Value") or "" for each in root.findall("samlp:Status//samlp:StatusCode", NAMES)]
    if not codes or codes[0] != SUCCESS:
        said = "".join(root.findtext("samlp:Status/samlp:StatusMessage", "", NAMES).split("\n"))
        names = ", ".join(code.rpartition(":")[2] for code in codes) or "none"
        raise Unverified(f"status {names} {said}".strip())


def _assertion(root: Any, expected: Expected) -> Any:
    """The signed assertion of a response. Raises Unverified, FederationRefused."""
    saml_signature.check_structure(root)
    inner = (tag("saml", "Assertion"), tag("saml", "EncryptedAssertion"))
    if sum(1 for name in inner for _ in root.iter(name)) != 1:
        raise Unverified("there must be exactly one assertion")
    certificates = expected.metadata.certificates
    try:
        whole = saml_signature.signed(root, certificates)
    except Unverified as fault:
        raise refused(BAD_RESPONSE, f"signature of the response: {fault}") from None
    holder = root if whole is None else whole
    found = next((child for child in holder if child.tag in inner), None)
    if found is None:
        raise Unverified("the assertion is not a child of the response")
    found = _decrypted(found, expected)
    try:
        alone = saml_signature.signed(found, certificates)
    except Unverified as fault:
        raise refused(BAD_ASSERTION, f"signature of the assertion: {fault}") from None
    if alone is None and whole is None:
        raise refused(BAD_ASSERTION, "neither the response nor the assertion is signed")
    return found if alone is None else alone


def _decrypted(found: Any, expected: Expected) -> Any:
    """The assertion, decrypted if it has to be. AWS dev guide: EncryptedResponses requires encrypted assertions."""
    encrypted = found.tag == tag("saml", "EncryptedAssertion")
    if expected.key is None:
        if encrypted:
            raise Unverified("the assertion is encrypted, and the provider has no EncryptedResponses")
        return found
    if not encrypted:
        raise Unverified("the assertion is not encrypted")
    opened = xml_encryption.decrypted(found, expected.key)
    if opened.tag != tag("saml", "Assertion"):
        raise Unverified("the encrypted element is not an Assertion")
    saml_signature.check_structure(opened)
    return opened


def _check_response(root: Any, expected: Expected) -> None:
    issuer = root.find("saml:Issuer", NAMES)
    if issuer is not None and text(root, "saml:Issuer") != expected.metadata.entity_id:
        raise Unverified(f"the issuer of the response is {text(root, 'saml:Issuer')!r}")
    destination = root.get("Destination")
    if destination and destination != expected.recipient:
        raise Unverified(f"the response is for {destination!r}, not {expected.recipient!r}")
    _check_answer(root.get("InResponseTo"), expected)
    if not expected.request_id:
        issued = moment(root.get("IssueInstant"))
        if issued is None or not expected.now - INITIATED <= issued <= expected.now + SKEW:
            raise Unverified("the response was not issued within the last 6 minutes")


def _check_answer(found: str | None, expected: Expected) -> None:
    if (found or "") != expected.request_id:
        raise Unverified(f"inResponseTo is {found!r}, the request was {expected.request_id or None!r}")


def _checked(assertion: Any, expected: Expected) -> Assertion:
    return _content(assertion, expected, [_confirmed(assertion, expected)])


def _content(assertion: Any, expected: Expected, ends: list[float]) -> Assertion:
    """The content of an assertion. `ends` are expiry times from outside its Conditions."""
    issuer = text(assertion, "saml:Issuer")
    if issuer != expected.metadata.entity_id:
        raise Unverified(f"the issuer of the assertion is {issuer!r}, not {expected.metadata.entity_id!r}")
    identity = assertion.get("ID")
    if not identity:
        raise Unverified("the assertion has no ID")
    ends = [*ends, *_conditions(assertion, expected)]
    if not ends:
        raise Unverified("the assertion has no NotOnOrAfter")
    statement = assertion.find("saml:AuthnStatement", NAMES)
    return Assertion(
        id=identity,
        issuer=issuer,
        subject=_plain(text(assertion, "saml:Subject/saml:NameID")),
        session_index=None if statement is None else statement.get("SessionIndex"),
        expires=min(ends),
        attributes=_attributes(assertion),
    )


def _confirmed(assertion: Any, expected: Expected) -> float:
    """When the bearer SubjectConfirmation expires. One valid one is enough (SAML profiles 2.0, 4.1.4.2)."""
    reason = "there is no bearer confirmation"
    for each in assertion.findall("saml:Subject/saml:SubjectConfirmation", NAMES):
        data = each.find("saml:SubjectConfirmationData", NAMES)
        if each.get("Method") != BEARER or data is None:
            continue
        try:
            return _confirmation_end(data, expected)
        except Unverified as fault:
            reason = str(fault)
    raise Unverified(reason)


def _confirmation_end(data: Any, expected: Expected) -> float:
    if data.get("Recipient") != expected.recipient:
        raise Unverified(f"the recipient is {data.get('Recipient')!r}, not {expected.recipient!r}")
    _check_answer(data.get("InResponseTo"), expected)
    end = _within(data, expected.now)
    if end is None:
        raise Unverified("the confirmation has no NotOnOrAfter")
    return end


def _conditions(assertion: Any, expected: Expected) -> list[float]:
    conditions = assertion.findall("saml:Conditions", NAMES)
    ends = [end for end in (_within(each, expected.now) for each in conditions) if end is not None]
    restrictions = assertion.findall("saml:Conditions/saml:AudienceRestriction", NAMES)
    for each in restrictions:
        audiences = [
            "".join(audience.itertext()).strip() for audience in each.findall("saml:Audience", NAMES)
        ]
        if expected.audience not in audiences:
            raise refused(BAD_AUDIENCE, f"the audience is {audiences}, not {expected.audience!r}")
    if not restrictions:
        raise refused(BAD_AUDIENCE, f"there is no AudienceRestriction; it must name {expected.audience!r}")
    return ends


def _within(element: Any, now: float) -> float | None:
    """NotOnOrAfter of an element, or None. Raises Unverified if it is not valid now."""
    begins, ends = moment(element.get("NotBefore")), moment(element.get("NotOnOrAfter"))
    if begins is not None and begins > now + SKEW:
        raise Unverified(f"the assertion is not valid before {element.get('NotBefore')}")
    if ends is not None and ends + SKEW <= now:
        raise Unverified(f"the assertion expired at {element.get('NotOnOrAfter')}")
    return ends


def _attributes(assertion: Any) -> dict[str, list[str]]:
    """Name of each attribute → its values."""
    # inferred: FriendlyName is ignored.
    found: dict[str, list[str]] = {}
    for each in assertion.findall("saml:AttributeStatement/saml:Attribute", NAMES):
        values = [
            _plain("".join(value.itertext()).strip()) for value in each.findall("saml:AttributeValue", NAMES)
        ]
        found.setdefault(each.get("Name") or "", []).extend(values)
    return found


def _plain(value: str) -> str:
    """Refuses a value with characters that AWS does not accept. Raises Unverified."""
    if any(ord(character) > ASTRAL for character in value):
        raise Unverified("a value has a character of four bytes in UTF-8")
    return value
