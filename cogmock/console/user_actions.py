"""What the section Users does to a user. Each action is a form; the calls are those of AWS's API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from cogmock.console import pools_of, users
from cogmock.console.context import Context, Json, Refused
from cogmock.console.totp_app import give, take_away

Pool = dict[str, Any]
Action = Callable[[Context, Pool, str, Request], None]


def run(context: Context, request: Request, action: str) -> Response:
    """Does it, and leads back to the user. A refusal is shown on the page that it came from."""
    done = ACTIONS.get(action)
    pool = pools_of.chosen(request, context.get("/overview"))
    name = request.form.get("username", "").strip()
    if done is None or pool is None:
        raise NotFound("There is no such action, or no such user pool.")
    try:
        done[0](context, pool, name, request)
    except Refused as refused:
        return users.show(context, request, error=f"{refused.error}: {refused.message}", status=400)
    kept = {"user_pool_id": pool["id"], "username": name, "done": done[1]}
    if action == "delete":
        del kept["username"]
    return redirect(f"{context.root}/_cogmock/ui/users?{urlencode(kept)}", 303)


def _act(context: Context, pool: Pool, operation: str, **params: Any) -> Json:
    return context.act(pools_of.place(pool), operation, UserPoolId=pool["id"], **params)


def _simple(operation: str) -> Action:
    def act(context: Context, pool: Pool, name: str, _request: Request) -> None:
        _act(context, pool, operation, Username=name)

    return act


def _create(context: Context, pool: Pool, name: str, request: Request) -> None:
    """Nothing is sent. With a password the user is CONFIRMED; an address counts as verified."""
    given = {kind: request.form.get(kind, "").strip() for kind in ("email", "phone_number", "name")}
    attributes = {kind: value for kind, value in given.items() if value}
    attributes |= {f"{kind}_verified": "true" for kind in ("email", "phone_number") if given[kind]}
    listed = [{"Name": kind, "Value": value} for kind, value in attributes.items()]
    _act(context, pool, "AdminCreateUser", Username=name, UserAttributes=listed, MessageAction="SUPPRESS")
    if request.form.get("password"):
        password = request.form["password"]
        try:
            _act(context, pool, "AdminSetUserPassword", Username=name, Password=password, Permanent=True)
        except Refused:
            _act(context, pool, "AdminDeleteUser", Username=name)
            raise


def _password(context: Context, pool: Pool, name: str, request: Request) -> None:
    permanent = request.form.get("permanent") == "true"
    password = request.form.get("password", "")
    _act(context, pool, "AdminSetUserPassword", Username=name, Password=password, Permanent=permanent)


def _join(context: Context, pool: Pool, name: str, request: Request) -> None:
    _act(context, pool, "AdminAddUserToGroup", Username=name, GroupName=request.form.get("group", ""))


def _leave(context: Context, pool: Pool, name: str, request: Request) -> None:
    _act(context, pool, "AdminRemoveUserFromGroup", Username=name, GroupName=request.form.get("group", ""))


def _attribute(context: Context, pool: Pool, name: str, request: Request) -> None:
    """Writes an attribute; an empty value deletes it."""
    attribute, value = request.form.get("attribute", "").strip(), request.form.get("value", "")
    if value:
        given = [{"Name": attribute, "Value": value}]
        _act(context, pool, "AdminUpdateUserAttributes", Username=name, UserAttributes=given)
    else:
        _act(context, pool, "AdminDeleteUserAttributes", Username=name, UserAttributeNames=[attribute])


def _forget(context: Context, pool: Pool, name: str, request: Request) -> None:
    _act(context, pool, "AdminForgetDevice", Username=name, DeviceKey=request.form.get("device", ""))


def _revoke(context: Context, pool: Pool, name: str, request: Request) -> None:
    _act(context, pool, "AdminRevokeUserSession", Username=name, SessionId=request.form.get("session", ""))


def _give_app(context: Context, pool: Pool, name: str, _request: Request) -> None:
    give(context, pool, name)


def _take_app(context: Context, pool: Pool, name: str, _request: Request) -> None:
    take_away(context, pool, name)


ACTIONS: dict[str, tuple[Action, str]] = {
    "create": (_create, "created"),
    "delete": (_simple("AdminDeleteUser"), "deleted"),
    "disable": (_simple("AdminDisableUser"), "disabled"),
    "enable": (_simple("AdminEnableUser"), "enabled"),
    "confirm": (_simple("AdminConfirmSignUp"), "confirmed"),
    "reset": (_simple("AdminResetUserPassword"), "reset"),
    "sign-out": (_simple("AdminUserGlobalSignOut"), "signed-out"),
    "password": (_password, "password"),
    "join": (_join, "group"),
    "leave": (_leave, "group"),
    "attribute": (_attribute, "attributes"),
    "forget": (_forget, "device"),
    "revoke": (_revoke, "session"),
    "give-app": (_give_app, "totp"),
    "take-app": (_take_app, "no-totp"),
}
"""Last part of the form's address → the function, and what the page then says (`render.NOTICES`)."""
