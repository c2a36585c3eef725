"""The pages by their path: the table of contents."""

from __future__ import annotations

from collections.abc import Callable

from cogmock.core.call import Call
from cogmock.hosted_ui import challenges, recovery, render, sign_in, sign_up
from cogmock.oauth import authorize, logout
from cogmock.oauth.requests import Reply, Visit
from cogmock.state.user_pool import UserPool


def error(call: Call, _pool: UserPool | None, visit: Visit) -> Reply:
    return render.page(
        call,
        visit,
        "error.html",
        status=400,
        error=visit.query.get("error", ""),
        message=visit.query.get("message"),
    )


PAGES: dict[str, Callable[[Call, UserPool | None, Visit], Reply]] = {
    "oauth2/authorize": authorize.answer,
    "authorize": authorize.answer,
    "logout": logout.answer,
    "error": error,
    "login": sign_in.login,
    "signup": sign_up.sign_up,
    "confirm": sign_up.confirm,
    "forgotPassword": recovery.forgot,
    "confirmForgotPassword": recovery.reset,
    "changePassword": challenges.answer,
    "mfa": challenges.answer,
}
