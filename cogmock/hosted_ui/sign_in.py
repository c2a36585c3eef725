"""The sign-in page, and the way on from a right password."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.errors import AwsError, PasswordResetRequiredException, UserNotConfirmedException
from cogmock.hosted_ui import journeys, render
from cogmock.oauth import authorize
from cogmock.oauth.authorize import Request
from cogmock.oauth.requests import Reply, Visit, redirect
from cogmock.state.user_pool import UserPool
from cogmock.userpools.sign_in import entrance, flow


def login(call: Call, pool: UserPool | None, visit: Visit) -> Reply:
    asked, pool = authorize.checked(call, pool, visit)
    if visit.method == "GET":
        return _page(call, pool, visit, asked)
    journeys.check_form(call, visit)
    if "continue" in visit.form:
        known = authorize.remembered(call, pool, visit, asked)
        return authorize.granted(call, pool, asked, *known) if known else _page(call, pool, visit, asked)
    return _signed_in(call, pool, visit, asked)


def _signed_in(call: Call, pool: UserPool, visit: Visit, asked: Request) -> Reply:
    username, password = visit.form.get("username", "").strip(), visit.form.get("password", "")
    if not username or not password:
        return _page(call, pool, visit, asked, username, "missing")
    try:
        sign_in = entrance.look_up(
            call,
            pool,
            asked.client,
            "USER_PASSWORD_AUTH",
            {"USERNAME": username, "PASSWORD": password},
        )
        asked_next = flow.start(sign_in)
        journey = journeys.begin(call, pool, visit, asked, username)
        return journeys.go_on(visit, asked, sign_in, journey, asked_next)
    except UserNotConfirmedException:
        # The password was right, and proves who it is once the address is proven too.
        journey = journeys.begin(call, pool, visit, asked, username)
        journey.step = "/confirm"
        return journeys.to_step(visit, journey)
    except PasswordResetRequiredException:
        return redirect(f"/forgotPassword{visit.given}")
    except AwsError as refused:
        call.reason = refused.reason or call.reason
        return _page(call, pool, visit, asked, username, refused.message)


def _page(
    call: Call, pool: UserPool, visit: Visit, asked: Request, username: str = "", error: str | None = None
) -> Reply:
    known = authorize.remembered(call, pool, visit, asked)
    hint = visit.query.get("login_hint", "") if visit.managed else ""
    return render.page(
        call,
        visit,
        "login.html",
        username=username or hint,
        error=error,
        known=known[0].name if known else None,
        sign_up=not (pool.settings.get("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly"),
        name_kind=name_kind(pool),
    )


def name_kind(pool: UserPool) -> str:
    """What people sign in with, as the label says it: username, email, phone or email_or_phone."""
    kinds = pool.settings.get("UsernameAttributes") or ()
    if len(kinds) > 1:
        return "email_or_phone"
    return {"email": "email", "phone_number": "phone"}[kinds[0]] if kinds else "username"
