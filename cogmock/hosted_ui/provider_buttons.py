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
    """Type of the provider: social ones have a mark of their own."""
    social: bool
    style: str
    """CSS class that has the provider's own colours in a managed style."""
    icon: Picture | None


class Choice(NamedTuple):
    """What the page offers besides the pool's own directory."""

    buttons: list[Button]
    by_mail: bool
    """Whether an e-mail address finds the SAML provider: where each has identifiers (AWS dev guide)."""
    first: bool
    """Whether it stands above the form for passwords."""
    icons: bool
    css: str

    @property
    def social(self) -> list[Button]:
        return [button for button in self.buttons if button.social]

    @property
    def corporate(self) -> list[Button]:
        return [button for button in self.buttons if not button.social]


def of(call: Call, pool: UserPool, client: UserPoolClient, request: DomainRequest) -> Choice | None:
    """None where the client has no identity providers."""
    found = providers.of_client(pool, client)
    if not found:
        return None
    shown = look.of(call, request)
    style = shown if isinstance(shown, Style) else None
    by_mail = _has_identifiers(found)
    listed = [provider for provider in found if not (by_mail and provider.type == "SAML")]
    if style:
        order = style.provider_order
        listed.sort(key=lambda of: order.index(of.name) if of.name in order else len(order))
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
    """To the provider that an e-mail address belongs to; None where it belongs to none."""
    domain = address.rpartition("@")[2].strip()
    found = providers.of_client(pool, client)
    if not domain or not _has_identifiers(found):
        return None
    known = {name.casefold(): name for of in found if of.type == "SAML" for name in of.identifiers}
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
    """The authorization request once more, with a provider named."""
    kept = {name: of for name, of in request.args.items() if name not in providers.NAMED_BY}
    return f"/oauth2/authorize?{urlencode({**kept, parameter: value})}"
