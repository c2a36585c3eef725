"""The factors of a user pool: CloudFormation has them among the pool's properties, the API in an operation apart."""

from __future__ import annotations

from cogmock.definitions.importing.trees import grown
from cogmock.definitions.nodes import Node

EMAIL = {"EmailAuthenticationMessage": "Message", "EmailAuthenticationSubject": "Subject"}
WEB_AUTHN = {
    "WebAuthnRelyingPartyID": "RelyingPartyId",
    "WebAuthnUserVerification": "UserVerification",
    "WebAuthnFactorConfiguration": "FactorConfiguration",
}
PROPERTIES = ("EnabledMfas", *EMAIL, *WEB_AUTHN)
"""Properties that CreateUserPool does not have."""


def stated(given: Node) -> bool:
    """Whether a template states what only SetUserPoolMfaConfig takes."""
    return any(key in given.mapping for key in PROPERTIES)


def block(given: Node) -> Node:
    """The parameters of SetUserPoolMfaConfig."""
    factors = {item.text for item in (given.mapping.get("EnabledMfas") or Node([], "", None)).items}
    mode = given.mapping.get("MfaConfiguration")
    members: dict[str, Node] = {"MfaConfiguration": mode} if mode else {}
    if mode is None or mode.text != "OFF":
        if "SOFTWARE_TOKEN_MFA" in factors:
            members["SoftwareTokenMfaConfiguration"] = grown({"Enabled": True}, given)
        if "SMS_MFA" in factors:
            members["SmsMfaConfiguration"] = grown(_sms(given), given)
        if "EMAIL_OTP" in factors:
            members["EmailMfaConfiguration"] = grown(_picked(given, EMAIL), given)
    passkeys = _picked(given, WEB_AUTHN)
    if passkeys:
        members["WebAuthnConfiguration"] = grown(passkeys, given)
    return Node(members, given.path, given.line)


def _picked(given: Node, renamed: dict[str, str]) -> dict[str, Node]:
    return {ours: given.mapping[key] for key, ours in renamed.items() if key in given.mapping}


def _sms(given: Node) -> dict[str, Node]:
    return _picked(
        given,
        {"SmsConfiguration": "SmsConfiguration", "SmsAuthenticationMessage": "SmsAuthenticationMessage"},
    )
