"""ProviderDetails of identity providers: required keys of each type, the checks, and the keys that AWS adds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from cogmock.core.outside import Unreachable, fetch
from cogmock.errors import InvalidParameterException, NotBuilt
from cogmock.federation import discovery, safe_xml, saml_metadata

Details = dict[str, str]

SOCIAL = ("Facebook", "Google", "LoginWithAmazon", "SignInWithApple")
"""Types of providers that a pool has at most one of, named like the type."""
NEEDED = {
    "Facebook": ("client_id", "client_secret", "authorize_scopes"),
    "Google": ("client_id", "client_secret", "authorize_scopes"),
    "LoginWithAmazon": ("client_id", "client_secret", "authorize_scopes"),
    "SignInWithApple": ("client_id", "team_id", "key_id", "private_key", "authorize_scopes"),
    "OIDC": ("client_id", "client_secret", "authorize_scopes", "oidc_issuer"),
    "SAML": (),
}
_SOCIAL_WANTS = "clientId, clientSecret and authorizeScopes"
WANTED = {
    "Facebook": _SOCIAL_WANTS,
    "Google": _SOCIAL_WANTS,
    "LoginWithAmazon": _SOCIAL_WANTS,
    "SignInWithApple": "clientId, privateKey, teamId, and keyId",
    "OIDC": "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod",
}
"""Type → the keys that AWS's refusal names, whichever is missing."""
SUBJECTS = {
    "Facebook": "id",
    "Google": "sub",
    "LoginWithAmazon": "user_id",
    "SignInWithApple": "sub",
    "OIDC": "sub",
}
"""Type → the claim that AWS maps to `username`. SAML has none, because the NameID is used."""
FIXED: dict[str, Details] = {
    "Google": {
        "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
        "attributes_url_add_attributes": "true",
        "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
        "oidc_issuer": "https://accounts.google.com",
        "token_request_method": "POST",
        "token_url": "https://www.googleapis.com/oauth2/v4/token",
    },
    "LoginWithAmazon": {
        "attributes_url": "https://api.amazon.com/user/profile",
        "attributes_url_add_attributes": "false",
        "authorize_url": "https://www.amazon.com/ap/oa",
        "token_request_method": "POST",
        "token_url": "https://api.amazon.com/auth/o2/token",
    },
    "SignInWithApple": {
        "attributes_url_add_attributes": "false",
        "authorize_url": "https://appleid.apple.com/auth/authorize",
        "oidc_issuer": "https://appleid.apple.com",
        "token_request_method": "POST",
        "token_url": "https://appleid.apple.com/auth/token",
    },
}
"""Type → the details that AWS sets for social providers, regardless of the request (service model)."""
FACEBOOK_VERSION = "v2.12"
"""The API version that AWS used before `api_version` was introduced (AWS security blog, 2020)."""
FLAGS = ("IDPSignout", "IDPInit", "EncryptedResponses")
UNKNOWN_ENDPOINT = "Unable to contact well-known endpoint"
_VERSION = re.compile(r"v\d{1,3}\.\d{1,2}")


class Completed(NamedTuple):
    """`metadata` is the current SAML document; `secret` is Apple's private key, which AWS never returns."""

    details: Details
    metadata: str = ""
    secret: str = ""


def check(kind: str, name: str, given: Mapping[str, str], kept: str = "") -> None:
    """Checks details without fetching anything. `kept` is the stored private key, for an update that omits it."""
    if kind in SOCIAL and name != kind:
        raise InvalidParameterException(f"Provider {name} cannot be of type {kind}.")
    missing = [key for key in NEEDED[kind] if not given.get(key) and not (key == "private_key" and kept)]
    if missing:
        raise InvalidParameterException(f"{WANTED[kind]} are all required idp details.")
    if kind in CHECKS:
        CHECKS[kind](given)


def completed(kind: str, given: Mapping[str, str], now: float, kept: str = "") -> Completed:
    """The details as AWS returns them. May fetch a document: never call it under the world's lock.

    Raises InvalidParameterException, NotBuilt.
    """
    details = {name: value for name, value in given.items() if name != "private_key"}
    if kind == "SAML":
        return _completed_saml(details, now)
    if kind == "OIDC":
        return Completed(_completed_oidc(details))
    if kind == "Facebook":
        return Completed(details | _facebook(details.get("api_version")))
    return Completed(details | FIXED[kind], secret=given.get("private_key") or kept)


def read_metadata(document: str, now: float) -> saml_metadata.Metadata:
    """Raises InvalidParameterException, NotBuilt."""
    try:
        found = saml_metadata.read(document)
        saml_metadata.check(found, now)
    except ImportError:
        raise NotBuilt(safe_xml.NEEDS) from None
    except safe_xml.Unverified as fault:
        # inferred: the wording.
        raise InvalidParameterException(f"Invalid SAML metadata: {fault}.") from None
    return found


def fetch_metadata(url: str) -> str:
    """Raises InvalidParameterException."""
    try:
        return fetch(url).decode("utf-8", "replace")
    except Unreachable as fault:
        raise InvalidParameterException(f"Error retrieving metadata from {url}", reason=str(fault)) from None


def addresses(details: Mapping[str, str], metadata: saml_metadata.Metadata) -> Details:
    """The details of a SAML provider with SSORedirectBindingURI and SLORedirectBindingURI from its metadata."""
    added = {"SSORedirectBindingURI": metadata.sign_on, "SLORedirectBindingURI": metadata.logout}
    rest = {name: value for name, value in details.items() if name not in added}
    return rest | {name: value for name, value in added.items() if value}


# inferred: the wording of most refusals in the following three functions.


def _check_oidc(given: Mapping[str, str]) -> None:
    if "openid" not in given["authorize_scopes"].split():
        raise InvalidParameterException("The scope openid is required in authorize_scopes.")
    if given["oidc_issuer"].endswith("/"):
        raise InvalidParameterException("oidc_issuer can not end with a slash.")
    for name in ("oidc_issuer", *discovery.MEMBERS):
        if given.get(name) and not discovery.is_allowed(given[name]):
            if not given[name].startswith("https://"):
                raise InvalidParameterException("OIDC endpoint must start with https://")
            # AWS dev guide: OIDC identity providers.
            raise InvalidParameterException(f"{name} must be an https URL with port 80 or 443: {given[name]}")
    if given.get("attributes_request_method", "GET") not in {"GET", "POST"}:
        raise InvalidParameterException(
            f"1 validation error detected: Value '{given['attributes_request_method']}' at "
            "'providerConfiguration.oidcConfig.attributesRequestMethod' failed to satisfy constraint: "
            "Member must satisfy enum value set: [POST, GET]"
        )


def _check_facebook(given: Mapping[str, str]) -> None:
    version = given.get("api_version")
    if version and not _VERSION.fullmatch(version):
        raise InvalidParameterException(f"Invalid api_version {version}.")


def _check_saml(given: Mapping[str, str]) -> None:
    given_documents = sum(bool(given.get(name)) for name in ("MetadataFile", "MetadataURL"))
    if given_documents != 1:
        amount = "Only" if given_documents else "At least"
        raise InvalidParameterException(
            f"{amount} one of the MetadataURL or MetadataFile should be provided."
        )
    for name in FLAGS:
        if given.get(name, "true").lower() not in {"true", "false"}:
            raise InvalidParameterException(f"{name} must be true or false.")
    if given.get("RequestSigningAlgorithm", "rsa-sha256") != "rsa-sha256":
        raise InvalidParameterException("RequestSigningAlgorithm must be rsa-sha256.")
    url = given.get("MetadataURL")
    if url and not discovery.is_allowed(url):
        raise InvalidParameterException(
            f"Error retrieving metadata from {url}", reason="it must be an https URL with port 80 or 443"
        )


CHECKS = {"OIDC": _check_oidc, "Facebook": _check_facebook, "SAML": _check_saml}


def _completed_oidc(details: Details) -> Details:
    """URLs in the request override the discovery document, which is not read if all four are given (seen)."""
    details = {"attributes_request_method": "GET", **details, "attributes_url_add_attributes": "false"}
    if all(details.get(name) for name in discovery.MEMBERS):
        return details
    try:
        found = discovery.endpoints(details["oidc_issuer"])
    except Unreachable as fault:
        raise InvalidParameterException(UNKNOWN_ENDPOINT, reason=str(fault)) from None
    details = found | {name: value for name, value in details.items() if value}
    for name in discovery.MEMBERS:
        if not details.get(name):
            reason = f"the discovery document has no {discovery.MEMBERS[name]}"
            raise InvalidParameterException(UNKNOWN_ENDPOINT, reason=reason)
        if not discovery.is_allowed(details[name]):
            raise InvalidParameterException(
                f"{name} must be an https URL with port 80 or 443: {details[name]}"
            )
    return details


def _facebook(version: str | None) -> Details:
    """Facebook's details. Without `api_version`, `attributes_url` has no version either (AWS CLI reference)."""
    chosen = version or FACEBOOK_VERSION
    graph = "https://graph.facebook.com"
    return {
        "attributes_url": f"{graph}/{version}/me?fields=" if version else f"{graph}/me?fields=",
        "attributes_url_add_attributes": "true",
        "authorize_url": f"https://www.facebook.com/{chosen}/dialog/oauth",
        "token_request_method": "GET",
        "token_url": f"{graph}/{chosen}/oauth/access_token",
    }


def _completed_saml(details: Details, now: float) -> Completed:
    document = details.get("MetadataFile") or fetch_metadata(details["MetadataURL"])
    shown = {name: value for name, value in details.items() if name != "ActiveEncryptionCertificate"}
    return Completed(addresses(shown, read_metadata(document, now)), document)
