"""Metadata of the identity provider (SAML 2.0 Metadata, 2.4.3)."""

from __future__ import annotations

import base64

from werkzeug.wrappers import Request, Response

from cogmock.standin.context import Context
from cogmock.standin.saml.identity import certified, identity
from cogmock.standin.saml.xml import NAMES, POST, REDIRECT, element, written

FORMATS = ("2.0:nameid-format:persistent", "1.1:nameid-format:emailAddress", "1.1:nameid-format:unspecified")


def answer(context: Context, _request: Request, name: str) -> Response:
    me = identity(context, name)
    _, der = certified(context, me.provider.key)
    key = element(
        "md:KeyDescriptor",
        element(
            "ds:KeyInfo",
            element("ds:X509Data", element("ds:X509Certificate", text=base64.b64encode(der).decode())),
        ),
        use="signing",
    )
    services = [
        element(f"md:{service}", Binding=binding, Location=f"{me.base}/{path}")
        for service, path in (("SingleLogoutService", "slo"), ("SingleSignOnService", "sso"))
        for binding in (REDIRECT, POST)
    ]
    formats = [element("md:NameIDFormat", text=f"urn:oasis:names:tc:SAML:{form}") for form in FORMATS]
    root = element(
        "md:EntityDescriptor",
        element(
            "md:IDPSSODescriptor",
            key,
            # The schema has sign-out first, then the name formats, then sign-in.
            *services[:2],
            *formats,
            *services[2:],
            protocolSupportEnumeration=NAMES["samlp"],
            WantAuthnRequestsSigned="false",
        ),
        entityID=me.entity_id,
    )
    return Response(written(root), content_type="application/samlmetadata+xml")
