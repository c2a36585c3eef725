"""The pages by their path: the table of contents."""

from __future__ import annotations

from collections.abc import Callable

from cogmock.core.call import Call
from cogmock.hosted_ui import challenges, look, passkeys, recovery, render, sign_in, sign_up
from cogmock.oauth import authorize, clients, logout, providers
from cogmock.oauth.requests import DomainRequest, DomainResponse
from cogmock.state.user_pool import UserPool


def error(call: Call, _pool: UserPool | None, visit: DomainRequest) -> DomainResponse:
    return render.page(
        call,
        visit,
        "error.html",
        status=400,
        error=visit.query.get("error", ""),
        message=visit.query.get("message"),
    )


Page = Callable[[Call, UserPool | None, DomainRequest], DomainResponse]


def styled(page: Page) -> Page:
    """A page that managed login has only for clients with a style."""

    def answer(call: Call, pool: UserPool | None, visit: DomainRequest) -> DomainResponse:
        if pool and look.is_missing(call, pool, visit):
            call.reason = (
                "no style for this client: CreateManagedLoginBranding(UseCognitoProvidedValues=True)"
            )
            unavailable = "Login pages unavailable. Please contact an administrator."
            return render.page(call, visit, "error.html", status=403, error=unavailable, message=None)
        return page(call, pool, visit)

    return answer


def with_directory(page: Page) -> Page:
    """A page for users of the pool itself, which a client has only where COGNITO is among its providers."""

    def answer(call: Call, pool: UserPool | None, visit: DomainRequest) -> DomainResponse:
        client = clients.find(call, pool, visit.query.get("client_id"))
        if client and not providers.has_directory(client):
            call.reason = "COGNITO is not among the SupportedIdentityProviders of the client"
            return render.page(
                call, visit, "error.html", status=400, error=providers.UNAVAILABLE, message=None
            )
        return page(call, pool, visit)

    return answer


STYLED: dict[str, Page] = {
    "login": with_directory(sign_in.login),
    "signup": with_directory(sign_up.sign_up),
    "confirm": sign_up.confirm,
    "forgotPassword": with_directory(recovery.forgot),
    "confirmForgotPassword": recovery.reset,
    "changePassword": challenges.answer,
    "mfa": challenges.answer,
    "challenge": challenges.answer,
    "passkeys/add": passkeys.add,
}

PAGES: dict[str, Page] = {
    "oauth2/authorize": authorize.answer,
    "authorize": authorize.answer,
    "logout": logout.answer,
    "error": error,
    **{path: styled(page) for path, page in STYLED.items()},
}
