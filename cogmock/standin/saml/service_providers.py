"""Service providers: what is known of them from their metadata, or from the server."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

from cogmock.standin import form
from cogmock.standin.answers import PageError, as_json
from cogmock.standin.context import Context, ServiceProvider
from cogmock.standin.saml.identity import Identity, identity
from cogmock.standin.saml.xml import NAMES, POST, REDIRECT, name, parse


def register(context: Context, request: Request, name: str) -> Response:
    """Takes the metadata of a service provider, as the body. It replaces an earlier one of the same entity ID."""
    form.refuse_foreign(request, context)
    document = request.get_data()
    known = _read(document)
    with context.memory.lock:
        key = (identity(context, name).provider.key, known.entity_id)
        context.memory.service_providers.put(key, document, float("inf"))
    return as_json(
        {"entity_id": known.entity_id, "acs": list(known.acs), "encrypted": bool(known.encryption)}, 201
    )


def find(context: Context, me: Identity, entity_id: str) -> ServiceProvider:
    """What is known of a service provider: registered metadata first. Unknown ones may sign in too."""
    key = (me.provider.key, entity_id)
    with context.memory.lock:
        document = context.memory.service_providers.get(key, context.now)
        address = context.memory.addresses.get(key, context.now) or ""
    if document is not None:
        return _read(document)
    return context.service_provider(entity_id, me.entity_id, address) or ServiceProvider(entity_id)


def _read(document: bytes) -> ServiceProvider:
    """Raises PageError."""
    root = parse(document, "metadata")
    role = root.find("md:SPSSODescriptor", NAMES)
    entity_id = root.get("entityID")
    if root.tag != name("md:EntityDescriptor") or role is None or not entity_id:
        raise PageError("The metadata must be an EntityDescriptor with an entityID and an SPSSODescriptor.")
    services = [
        each for each in role.findall("md:AssertionConsumerService", NAMES) if each.get("Binding") == POST
    ]
    if not services:
        raise PageError("The metadata names no AssertionConsumerService with the HTTP-POST binding.")
    services.sort(key=lambda each: each.get("isDefault") not in {"true", "1"})
    return ServiceProvider(
        entity_id=entity_id,
        acs=tuple(each.get("Location", "") for each in services),
        logout=_logout(role),
        signing=tuple(_certificates(role, "signing")),
        encryption=next(iter(_certificates(role, "encryption")), "") if _encrypts(role) else "",
    )


def _encrypts(role: Any) -> bool:
    """A key for encryption alone asks for encryption. One for all uses does not."""
    return role.find("md:KeyDescriptor[@use='encryption']", NAMES) is not None


def _certificates(role: Any, use: str) -> list[str]:
    found = role.xpath(
        "md:KeyDescriptor[not(@use) or @use=$use]//ds:X509Certificate", namespaces=NAMES, use=use
    )
    return ["".join((each.text or "").split()) for each in found]


def _logout(role: Any) -> tuple[str, str] | None:
    for each in role.findall("md:SingleLogoutService", NAMES):
        binding = {REDIRECT: "redirect", POST: "post"}.get(each.get("Binding", ""))
        if binding:
            return binding, each.get("ResponseLocation") or each.get("Location", "")
    return None
