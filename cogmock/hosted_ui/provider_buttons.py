"""The identity providers on the sign-in page: a button for each, or a box for an e-mail address that finds one."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from cogmock.core.call import Call
from cogmock.hosted_ui import look
from cogmock.hosted_ui.managed_look import Picture, Style
from cogmock.oauth import providers
from cogmock.oauth.requests import DomainRequest, DomainResponse, redirect
from cogmock.state.client import UserPoolClient
from cogmock.state.identity_provider import IdentityProvider
from cogmock.state.user_pool import UserPool

NAMES = {"LoginWithAmazon": "Amazon", "SignInWithApple": "Apple"}
SOCIAL = ("Facebook", "Google", "LoginWithAmazon", "SignInWithApple")
FIELD = "corporateEmail"


class Button(NamedTuple):
    label: str
    href: str
    kind: str
    """The type of the provider; social providers have a logo."""
    social: bool
    style: str
    """The CSS class with the colors that the managed login style has for the provider."""
    icon: Picture | None


class Choice(NamedTuple):
    """The identity providers that the sign-in page offers."""

    buttons: list[Button]
    by_mail: bool
    """Whether the SAML provider is found by e-mail address: if each SAML provider has identifiers (AWS dev guide)."""
    first: bool
    """Whether the providers are above the password form."""
    icons: bool
    css: str

    @property
    def social(self) -> list[Button]:
        return [button for button in self.buttons if button.social]

    @property
    def corporate(self) -> list[Button]:
        return [button for button in self.buttons if not button.social]


def for_client(call: Call, pool: UserPool, client: UserPoolClient, request: DomainRequest) -> Choice | None:
    """The providers on the sign-in page; None if the client has none."""
    found = providers.of_client(pool, client)
    if not found:
        return None
    shown = look.for_request(call, request)
    style = shown if isinstance(shown, Style) else None
    by_mail = _has_identifiers(found)
    listed = [provider for provider in found if not (by_mail and provider.type == "SAML")]
    if style:
        order = style.provider_order
        listed.sort(key=lambda each: order.index(each.name) if each.name in order else len(order))
    buttons = [_button(request, provider, style, number) for number, provider in enumerate(listed)]
    return Choice(
        buttons=buttons,
        by_mail=by_mail,
        first=style is None or style.providers_first,
        icons=style is None or style.provider_icons,
        css=style.provider_css([provider.name for provider in listed]) if style else "",
    )


def by_mail(
    pool: UserPool, client: UserPoolClient, request: DomainRequest, address: str
) -> DomainResponse | None:
    """A redirect to the SAML provider that has the address's domain as an identifier; None if there is none."""
    domain = address.rpartition("@")[2].strip()
    found = providers.of_client(pool, client)
    if not domain or not _has_identifiers(found):
        return None
    known = {name.casefold(): name for each in found if each.type == "SAML" for name in each.identifiers}
    identifier = known.get(domain.casefold())
    return redirect(_address(request, "idp_identifier", identifier)) if identifier else None


def _has_identifiers(found: list[IdentityProvider]) -> bool:
    saml = [provider for provider in found if provider.type == "SAML"]
    return bool(saml) and all(provider.identifiers for provider in saml)


def _button(request: DomainRequest, provider: IdentityProvider, style: Style | None, number: int) -> Button:
    return Button(
        label=NAMES.get(provider.type, provider.name),
        href=_address(request, "identity_provider", provider.name),
        kind=provider.type,
        social=provider.type in SOCIAL,
        style=f"idp-{number}",
        icon=style.provider_icon(provider.name) if style else None,
    )


def _address(request: DomainRequest, parameter: str, value: str) -> str:
    """The URL of the same authorization request with the provider added."""
    kept = {name: given for name, given in request.args.items() if name not in providers.NAMED_BY}
    return f"/oauth2/authorize?{urlencode({**kept, parameter: value})}"
