"""Style and logo of the classic hosted UI."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import InvalidParameterException
from cogmock.state.customization import Customization
from cogmock.state.domain import Domain
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

ALL = "ALL"
LARGEST = 135 * 1024
LARGEST_IMAGE = 100 * 1024
IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
STYLED = frozenset(
    [
        *("background", "banner", "errorMessage", "idpButton", "idpDescription", "inputField", "label"),
        *("legalText", "logo", "redirect", "socialButton", "submitButton", "textDescription"),
        *("passwordCheck-valid", "passwordCheck-notValid"),
    ]
)
"""Class names that CSS may use, each with the suffix `-customizable`."""
STATES = {"hover": {"idpButton", "submitButton"}, "focus": {"inputField"}}
_TEXT = r"""(?:"[^"\n\r\f]*"|'[^'\n\r\f]*')"""
_WHOLE = rf"{_TEXT}|url\(\s*(?:{_TEXT}|[^\"'()\s]*)\s*\)"
"""Strings and URLs, in which braces and comment marks have no meaning."""
_COMMENT = re.compile(rf"({_WHOLE})|/\*.*?\*/", re.DOTALL | re.IGNORECASE)
_OPAQUE = re.compile(_WHOLE, re.IGNORECASE)
_BROKEN = re.compile(r"[\"']|/\*|url\(", re.IGNORECASE)
_RULE = re.compile(r"\s*([^{}]+)\{([^{}]*)\}\s*")
_SELECTOR = re.compile(r"\.([A-Za-z-]+)-customizable(?::([a-z]+))?")
_FOREIGN = re.compile(r"[<>\\@]|expression\s*\(|javascript:", re.IGNORECASE)


@operation
def set_ui_customization(call: Call, params: aws.SetUICustomizationRequest) -> aws.SetUICustomizationResponse:
    """CSS and image are set together: the one that is left out is removed."""
    pool, client_id = _whose(call, params)
    css, image = params.get("CSS"), params.get("ImageFile")
    if len((css or "").encode()) + len(image or b"") > LARGEST:
        raise InvalidParameterException("request parameters too large")
    _check_style(css or "")
    _check_image(image)
    before = pool.customizations.get(client_id)
    made = Customization(client_id, css, image, before.created if before else call.now, call.now)
    pool.customizations[client_id] = made
    return {"UICustomization": _described(call, pool, made)}


@operation
def get_ui_customization(call: Call, params: aws.GetUICustomizationRequest) -> aws.GetUICustomizationResponse:
    """The customization of the client, else the one for all clients, else an empty object."""
    pool, client_id = _whose(call, params)
    found = pool.customizations.get(client_id) or pool.customizations.get(ALL)
    return {"UICustomization": _described(call, pool, found) if found else {}}  # type: ignore[typeddict-item]  # AWS: empty


def _whose(
    call: Call, params: aws.SetUICustomizationRequest | aws.GetUICustomizationRequest
) -> tuple[UserPool, str]:
    pool = lookup.pool(call, params["UserPoolId"])
    client_id = params.get("ClientId") or ALL
    if client_id != ALL:
        lookup.client(call, pool.id, client_id)
    if not _domains(call, pool):
        raise InvalidParameterException("There has to be an existing domain associated with this user pool")
    return pool, client_id


def _domains(call: Call, pool: UserPool) -> list[Domain]:
    return call.region.domains.where("pool_id", pool.id)


def _described(call: Call, pool: UserPool, made: Customization) -> Any:
    # AWS names a CloudFront domain; here the server itself has the image.
    url = f"{call.origin}/{pool.id}/{made.client_id}/{made.version}/assets/images/image.jpg"
    return {
        "UserPoolId": pool.id,
        "ClientId": made.client_id,
        "ImageUrl": url if made.image else None,
        "CSS": made.css,
        "CSSVersion": made.version,
        "LastModifiedDate": made.modified,
        "CreationDate": made.created,
    }


def _check_style(css: str) -> None:
    """Accepts only rules for the known classes, because the CSS is put into a page."""
    bare = _COMMENT.sub(lambda found: found[1] or " ", css)
    if _FOREIGN.search(bare) or "<" in css:  # a comment, too, could end the style of a page
        raise InvalidParameterException("CSS can not have at-rules, escapes or markup.")
    rules = _OPAQUE.sub("x", bare)
    at, end = 0, len(rules.rstrip())
    broken = _BROKEN.search(rules)
    while at < end:
        rule = _RULE.match(rules, at)
        if rule is None or broken:
            raise InvalidParameterException("CSS is not well-formed.")
        for selector in rule[1].split(","):
            _check_selector(selector.strip())
        at = rule.end()


def _check_selector(selector: str) -> None:
    found = _SELECTOR.fullmatch(selector)
    if found is None or found[1] not in STYLED or (found[2] and found[1] not in STATES.get(found[2], ())):
        raise InvalidParameterException(f"The CSS class {selector} is not in the list of allowed classes.")


def _check_image(image: bytes | None) -> None:
    if image and (len(image) > LARGEST_IMAGE or not image.startswith(IMAGES)):
        raise InvalidParameterException("The image must be a PNG or JPG file of at most 100 KB.")
