"""Operations on the style of managed login. A client without a style has no pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import InvalidParameterException, ManagedLoginBrandingExistsException
from cogmock.state.managed_branding import Asset, ManagedBranding
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.settings import managed_style

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

LARGEST = 2 * 1024 * 1024
MOST_ASSETS = 40
NEITHER_OR_BOTH = "useCognitoProvidedValues or settings should be specified (but not both)"
MARKS: dict[str, tuple[bytes, ...]] = {
    "ICO": (b"\x00\x00\x01\x00",),
    "JPEG": (b"\xff\xd8\xff",),
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "WEBP": (b"RIFF",),
}
"""Format → how its files begin. AWS refuses content of another format, too."""
FAVICONS = {"FAVICON_ICO": "ICO", "FAVICON_SVG": "SVG"}
SVG_HEAD = 4096


@operation
def create_managed_login_branding(
    call: Call, params: aws.CreateManagedLoginBrandingRequest
) -> aws.CreateManagedLoginBrandingResponse:
    """A client needs a style before managed login shows pages for it."""
    pool = lookup.pool(call, params["UserPoolId"])
    client = lookup.client(call, pool.id, params["ClientId"])
    if client.id in pool.brandings:
        raise ManagedLoginBrandingExistsException(
            f"Managed login branding already exists for client {client.id}."
        )
    _check(params)
    branding = ManagedBranding(
        id=call.world.entropy.uuid(),
        client_id=client.id,
        created=call.now,
        modified=call.now,
        provided=bool(params.get("UseCognitoProvidedValues")),
        settings=params.get("Settings"),
        assets=_merged_assets([], params.get("Assets") or []),
    )
    pool.brandings[client.id] = branding
    return {"ManagedLoginBranding": _described(pool, branding)}


@operation
def describe_managed_login_branding(
    call: Call, params: aws.DescribeManagedLoginBrandingRequest
) -> aws.DescribeManagedLoginBrandingResponse:
    """What was set; with ReturnMergedResources also the defaults, which are cogmock's own, not AWS's."""
    pool = lookup.pool(call, params["UserPoolId"])
    branding = lookup.branding(pool, params["ManagedLoginBrandingId"])
    return {"ManagedLoginBranding": _described(pool, branding, merged=params.get("ReturnMergedResources"))}


@operation
def describe_managed_login_branding_by_client(
    call: Call, params: aws.DescribeManagedLoginBrandingByClientRequest
) -> aws.DescribeManagedLoginBrandingByClientResponse:
    """What was set; with ReturnMergedResources also the defaults, which are cogmock's own, not AWS's."""
    pool = lookup.pool(call, params["UserPoolId"])
    client = lookup.client(call, pool.id, params["ClientId"])
    branding = lookup.branding_of_client(pool, client.id)
    return {"ManagedLoginBranding": _described(pool, branding, merged=params.get("ReturnMergedResources"))}


@operation
def update_managed_login_branding(
    call: Call, params: aws.UpdateManagedLoginBrandingRequest
) -> aws.UpdateManagedLoginBrandingResponse:
    """Merges the given settings into the present ones. UseCognitoProvidedValues removes all settings and assets."""
    pool_id, branding_id = params.get("UserPoolId"), params.get("ManagedLoginBrandingId")
    if not pool_id or not branding_id:  # optional in the model, but a style cannot be found without them
        raise InvalidParameterException("UserPoolId and ManagedLoginBrandingId are required.")
    pool = lookup.pool(call, pool_id)
    branding = lookup.branding(pool, branding_id)
    _check(params)
    settings, provided = params.get("Settings"), params.get("UseCognitoProvidedValues")
    assets = [] if provided else _merged_assets(branding.assets, params.get("Assets") or [])
    branding.settings = None if settings is None else managed_style.merged(branding.settings or {}, settings)
    branding.provided = bool(provided)
    branding.assets, branding.modified = assets, call.now
    return {"ManagedLoginBranding": _described(pool, branding)}


@operation
def delete_managed_login_branding(call: Call, params: aws.DeleteManagedLoginBrandingRequest) -> None:
    """Without a style the client has no pages of managed login any more."""
    pool = lookup.pool(call, params["UserPoolId"])
    del pool.brandings[lookup.branding(pool, params["ManagedLoginBrandingId"]).client_id]


def _described(pool: UserPool, branding: ManagedBranding, *, merged: bool | None = False) -> Any:
    """Settings are left out if none were set; Assets is always there."""
    settings, assets = branding.settings, branding.assets
    if merged:
        settings = managed_style.merged(managed_style.defaults(), settings or {})
        assets = managed_style.with_default_assets(assets)
    return {
        "ManagedLoginBrandingId": branding.id,
        "UserPoolId": pool.id,
        "UseCognitoProvidedValues": branding.provided,
        "Settings": settings,
        "Assets": [_listed(asset) for asset in assets],
        "CreationDate": branding.created,
        "LastModifiedDate": branding.modified,
    }


def _listed(asset: Asset) -> aws.AssetType:
    return {
        "Category": asset.category,
        "ColorMode": asset.color_mode,
        "Extension": asset.extension,
        "Bytes": asset.content,
        "ResourceId": asset.resource_id,
    }


def _check(params: aws.CreateManagedLoginBrandingRequest | aws.UpdateManagedLoginBrandingRequest) -> None:
    settings, assets = params.get("Settings"), params.get("Assets")
    if bool(params.get("UseCognitoProvidedValues")) == (settings is not None):
        raise InvalidParameterException(NEITHER_OR_BOTH)
    size = sum(len(asset.get("Bytes") or b"") * 4 // 3 for asset in assets or ())
    if size + len(json.dumps(settings or {})) > LARGEST:
        raise InvalidParameterException("The request is larger than 2 MB.")
    if settings is not None:
        managed_style.check(settings)
    for asset in assets or ():
        _check_asset(asset)


def _check_asset(asset: aws.AssetType) -> None:
    category, extension, content = asset["Category"], asset["Extension"], asset.get("Bytes")
    if FAVICONS.get(category, extension) != extension or (extension == "ICO" and category not in FAVICONS):
        # inferred: what stands after errorMessage.
        raise InvalidParameterException(
            f"Invalid assets provided. Validation errors: [{{category: {category}, extension: {extension}, "
            f"colorMode: {asset['ColorMode']}, errorMessage: {extension} is not a valid extension for {category}.}}]"
        )
    if not content:
        raise InvalidParameterException(f"The asset {category} has no Bytes.")
    if not _is(extension, content):
        raise InvalidParameterException(f"The Bytes of the asset {category} are not of type {extension}.")


def _is(extension: str, content: bytes) -> bool:
    if extension == "SVG":
        return b"<svg" in content[:SVG_HEAD].lower()
    return content.startswith(MARKS[extension]) and (extension != "WEBP" or content[8:12] == b"WEBP")


def _merged_assets(below: list[Asset], given: list[aws.AssetType]) -> list[Asset]:
    """Each image replaces the one of its category and colour mode; each provider can have a button icon."""
    assets = {_place(asset): asset for asset in below}
    for each in given:
        asset = Asset(
            each["Category"],
            each["ColorMode"],
            each["Extension"],
            each["Bytes"] or b"",
            each.get("ResourceId"),
        )
        assets[_place(asset)] = asset
    if len(assets) > MOST_ASSETS:
        raise InvalidParameterException(f"A style can have at most {MOST_ASSETS} assets.")
    return list(assets.values())


def _place(asset: Asset) -> tuple[str, str, str | None]:
    return (
        asset.category,
        asset.color_mode,
        asset.resource_id if asset.category == "IDP_BUTTON_ICON" else None,
    )
