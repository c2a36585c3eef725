"""Single sign-on by the redirect and the POST binding, and from the identity provider's side."""

from __future__ import annotations

import base64

from werkzeug.wrappers import Request, Response

from cogmock.standin import form, page
from cogmock.standin.answers import PageError, is_redirectable
from cogmock.standin.context import Context, ServiceProvider
from cogmock.standin.saml import messages, response, service_providers, xml
from cogmock.standin.saml.identity import Identity, identity
from cogmock.standin.saml.response import Recipient

REPLAYABLE = 86400
"""How long a response is remembered for `replay`."""


def answer(context: Context, request: Request, name: str) -> Response:
    """An AuthnRequest shows the page. The page posts to the same address, with the request once more."""
    me = identity(context, name)
    asked = messages.read(request, "AuthnRequest")
    sender = service_providers.find(context, me, asked.issuer)
    messages.verify(asked, sender)
    to = _recipient(me, asked, sender)
    hidden = {}
    if not asked.query:  # with the POST binding the request is in the body, and the form repeats it
        hidden = {key: request.form[key] for key in ("SAMLRequest", "RelayState") if key in request.form}
    if asked.root.get("IsPassive") in {"true", "1"}:
        document = response.refuse(context, me, to, "NoPassive", "Nobody is signed in at the stand-in.")
        return _sent(context, me, to, document, asked.relay_state)
    return _page_or_response(context, request, me, to, asked.relay_state, hidden)


def start(context: Context, request: Request, name: str) -> Response:
    """A sign-in that no service provider asked for. `sp` is its entity ID, `acs` where the response goes."""
    me = identity(context, name)
    entity_id = request.args.get("sp", "")
    if not entity_id:
        raise PageError("The parameter sp is missing: the entity ID of the service provider.")
    known = service_providers.find(context, me, entity_id)
    acs = _acs(known, request.args.get("acs", ""))
    return _page_or_response(
        context, request, me, Recipient(known, acs, None), request.args.get("RelayState"), {}
    )


def _page_or_response(
    context: Context,
    request: Request,
    me: Identity,
    to: Recipient,
    relay_state: str | None,
    hidden: dict[str, str],
) -> Response:
    client = to.service_provider.entity_id
    if not form.is_submitted(request):
        return page.sign_in(context, request, me.provider, client=client, hidden=hidden)
    form.refuse_foreign(request, context)
    try:
        submission = form.read(request, context, me.provider)
        document = _document(context, me, to, submission)
    except form.FormError as fault:
        return page.sign_in(context, request, me.provider, client=client, hidden=hidden, error=str(fault))
    return _sent(context, me, to, document, relay_state)


def _document(context: Context, me: Identity, to: Recipient, submission: form.Submission) -> bytes:
    key = (me.provider.key, to.service_provider.entity_id)
    if submission.fault == "denied":
        return response.refuse(context, me, to, "RequestDenied", "The user refused to sign in.")
    if submission.fault == "replay":
        with context.memory.lock:
            last = context.memory.last_good.get(key, context.now)
        if last is None:
            raise PageError(
                "There is nothing to replay: nobody has signed in to this service provider yet.", 409
            )
        return base64.b64decode(last)
    document = response.respond(context, me, to, submission)
    if not submission.fault:
        with context.memory.lock:
            context.memory.last_good.put(key, base64.b64encode(document).decode(), context.now + REPLAYABLE)
    return document


def _recipient(me: Identity, asked: messages.Message, sender: ServiceProvider) -> Recipient:
    destination = asked.root.get("Destination")
    if (
        destination
        and destination.rpartition("/_cogmock/")[2] != f"{me.base}/sso".rpartition("/_cogmock/")[2]
    ):
        raise PageError(f"The AuthnRequest is for {destination!r}, but this is {me.base}/sso.")
    binding = asked.root.get("ProtocolBinding")
    if binding not in {None, xml.POST}:
        raise PageError(f"The ProtocolBinding {binding!r} is not supported: responses are sent by POST.")
    policy = asked.root.find("samlp:NameIDPolicy", xml.NAMES)
    wanted = "" if policy is None else policy.get("Format") or ""
    return Recipient(
        service_provider=sender,
        acs=_acs(sender, asked.root.get("AssertionConsumerServiceURL") or ""),
        in_response_to=asked.id,
        name_format=wanted,
        context_class=xml.text_of(asked.root, "samlp:RequestedAuthnContext/saml:AuthnContextClassRef"),
    )


def _acs(known: ServiceProvider, wanted: str) -> str:
    """Where the response goes: to a registered address, or to any where none is registered. Raises PageError."""
    if known.acs and wanted and wanted not in known.acs:
        raise PageError(
            f"{wanted!r} is no AssertionConsumerService of {known.entity_id}: {', '.join(known.acs)}."
        )
    address = wanted or (known.acs[0] if known.acs else "")
    if not address:
        raise PageError(
            f"Nothing says where the response for {known.entity_id} goes. Name an AssertionConsumerServiceURL (`acs`), "
            "or post the service provider's metadata to this identity provider's address `sp`."
        )
    if not is_redirectable(address):
        raise PageError(f"The address {address!r} must be an absolute URL without a fragment.")
    return address


def _sent(
    context: Context, me: Identity, to: Recipient, document: bytes, relay_state: str | None
) -> Response:
    key = (me.provider.key, to.service_provider.entity_id)
    with context.memory.lock:
        context.memory.addresses.put(key, to.acs, float("inf"))
    fields = {"SAMLResponse": base64.b64encode(document).decode()}
    if relay_state is not None:
        fields["RelayState"] = relay_state
    return page.form_post(context, me.provider, to.acs, fields)
