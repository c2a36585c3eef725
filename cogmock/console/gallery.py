"""Gallery: states of the sign-in pages in a client's branding, in all languages."""

from __future__ import annotations

from werkzeug.wrappers import Request, Response

from cogmock.console import render
from cogmock.console.context import Context

STATES = {
    "sign-in": "Sign in",
    "sign-in-refused": "Sign in, refused",
    "sign-up": "Sign up",
    "sign-up-refused": "Sign up, refused",
    "confirm": "Confirm the address",
    "forgot": "Forgot the password",
    "reset": "Reset the password",
    "new-password": "Choose a new password",
    "mfa-set-up": "Set up an app",
    "mfa": "Code of the app",
    "account": "Signed in already",
    "error": "Error",
}
"""Name in the address of a state → its title."""
LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "pt-BR": "Português (Brasil)",
    "zh-CN": "简体中文",
    "zh-TW": "繁體中文",
}
WIDTHS = {"phone": "Phone", "desk": "Desktop"}


def show(context: Context, request: Request) -> Response:
    """The pages of the client that `client` names, else of the first one."""
    overview = context.get("/overview")
    clients = [
        {**client, "pool_name": pool["name"]} for pool in overview["user_pools"] for client in pool["clients"]
    ]
    wanted = request.args.get("client_id")
    chosen = next(
        (each for each in clients if each["id"] == wanted), clients[0] if clients and not wanted else None
    )
    language, width = request.args.get("lang", "en"), request.args.get("width", "phone")
    return render.page(
        context,
        request,
        "gallery.html",
        "gallery",
        overview=overview,
        chosen=chosen,
        language=language if language in LANGUAGES else "en",
        languages=LANGUAGES,
        width=width if width in WIDTHS else "phone",
        widths=WIDTHS,
        states=STATES,
    )
