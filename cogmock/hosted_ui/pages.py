"""Declares pages and what a client needs for them; the error page."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from cogmock.core.call import Call
from cogmock.hosted_ui import look, render
from cogmock.oauth import clients, providers
from cogmock.oauth.endpoints import Answer, Endpoint
from cogmock.oauth.requests import DomainRequest, DomainResponse
from cogmock.state.user_pool import UserPool


def page(path: str, answer: Answer, methods: Sequence[str] = ("GET", "POST")) -> Rule:
    """The routing rule of a page. Scripts of other origins may not call it."""
    return Rule(path, methods=methods, endpoint=Endpoint(answer, "page", cross_origin=False))


def styled(answer: Answer) -> Answer:
    """A page that in managed login needs a style of the client."""

    def checked(call: Call, pool: UserPool | None, request: DomainRequest) -> Response:
        if pool and look.is_missing(call, pool, request):
            call.reason = (
                "no style for this client: CreateManagedLoginBranding(UseCognitoProvidedValues=True)"
            )
            unavailable = "Login pages unavailable. Please contact an administrator."
            return render.page(call, request, "error.html", status=403, error=unavailable, message=None)
        return answer(call, pool, request)

    return checked


def with_directory(answer: Answer) -> Answer:
    """A page for the pool's own users: the client needs COGNITO among its SupportedIdentityProviders."""

    def checked(call: Call, pool: UserPool | None, request: DomainRequest) -> Response:
        client = clients.find(call, pool, request.args.get("client_id"))
        if client and not providers.has_directory(client):
            call.reason = "COGNITO is not among the SupportedIdentityProviders of the client"
            return render.page(
                call, request, "error.html", status=400, error=providers.UNAVAILABLE, message=None
            )
        return answer(call, pool, request)

    return checked


def with_any_provider(answer: Answer) -> Answer:
    """A page for which the client needs COGNITO or an identity provider."""
    directory = with_directory(answer)

    def checked(call: Call, pool: UserPool | None, request: DomainRequest) -> Response:
        client = clients.find(call, pool, request.args.get("client_id"))
        if client and pool and providers.of_client(pool, client):
            return answer(call, pool, request)
        return directory(call, pool, request)

    return checked


def error(call: Call, _pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    return render.page(
        call,
        request,
        "error.html",
        status=400,
        error=request.args.get("error", ""),
        message=request.args.get("message"),
    )


RULES = [page("/error", error, ["GET"])]
