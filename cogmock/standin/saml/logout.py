"""Single logout: a service provider's request is answered, with a signature, at its logout service."""

from __future__ import annotations

import base64

from werkzeug.wrappers import Request, Response

from cogmock.standin import page
from cogmock.standin.answers import PageError, is_redirectable, redirect
from cogmock.standin.context import Context
from cogmock.standin.saml import messages, sealing, service_providers, xml
from cogmock.standin.saml.identity import identity
from cogmock.standin.saml.response import STATUS


def answer(context: Context, request: Request, name: str) -> Response:
    """There is no session to end: every sign-in asks anew."""
    me = identity(context, name)
    asked = messages.read(request, "LogoutRequest")
    sender = service_providers.find(context, me, asked.issuer)
    messages.verify(asked, sender)
    if sender.logout is None:
        raise PageError(
            f"Nothing says where {asked.issuer} is told that it is signed out. Post the service provider's metadata, "
            f"with a SingleLogoutService, to {me.base}/sp."
        )
    binding, address = sender.logout
    if not is_redirectable(address):
        raise PageError(f"The logout service {address!r} must be an absolute URL without a fragment.")
    root = xml.element(
        "samlp:LogoutResponse",
        xml.element("saml:Issuer", text=me.entity_id),
        xml.element("samlp:Status", xml.element("samlp:StatusCode", Value=f"{STATUS}Success")),
        ID=f"_{context.entropy.uuid()}",
        Version="2.0",
        IssueInstant=xml.moment(context.now),
        Destination=address,
        InResponseTo=asked.id,
    )
    state = {} if asked.relay_state is None else {"RelayState": asked.relay_state}
    if binding == "redirect":
        params = {"SAMLResponse": xml.deflated(xml.written(root)), **state}
        glue = "&" if "?" in address else "?"
        return redirect(f"{address}{glue}{sealing.signed_query(context, me, params)}")
    document = xml.written(sealing.signed(context, me, root, ""))
    fields = {"SAMLResponse": base64.b64encode(document).decode(), **state}
    return page.form_post(context, me.provider, address, fields)
