"""The authorization endpoint: shows the page, and sends what was granted to the client."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.wrappers import Request, Response

from cogmock.standin import form, page
from cogmock.standin.answers import PageError, redirect, with_query
from cogmock.standin.context import Context
from cogmock.standin.form import Submission
from cogmock.standin.memory import Grant
from cogmock.standin.oauth import tokens
from cogmock.standin.oauth.provider import OAuthProvider
from cogmock.standin.oauth.request import AuthorizationRequest, ClientError
from cogmock.standin.oauth.request_reading import read

CODE_SECONDS = 300


def answer(context: Context, request: Request, provider: OAuthProvider) -> Response:
    """GET shows the page, POST of its form signs in. An authorization request may come by POST, too."""
    if request.method == "POST" and not form.is_submitted(request):
        params = MultiDict(CombinedMultiDict([request.args, request.form]))
        return redirect(with_query(request.base_url, params.to_dict()), 303)
    try:
        asked = read(MultiDict(request.args), provider)
        if not form.is_submitted(request):
            return _page(context, request, provider, asked)
        form.refuse_foreign(request, context)
        try:
            submission = form.read(request, context, provider)
        except form.FormError as fault:
            return _page(context, request, provider, asked, str(fault))
        return _signed_in(context, provider, asked, submission)
    except ClientError as fault:
        return _sent(context, provider, fault.asked, fault.params)


def _page(
    context: Context, request: Request, provider: OAuthProvider, asked: AuthorizationRequest, error: str = ""
) -> Response:
    hint = asked.params.get("login_hint", "")
    return page.sign_in(context, request, provider, client=asked.client_id, login_hint=hint, error=error)


def _signed_in(
    context: Context, provider: OAuthProvider, asked: AuthorizationRequest, submission: Submission
) -> Response:
    if submission.fault == "denied":
        return _sent(context, provider, asked, provider.denied)
    if submission.fault == "replay":
        return _sent(context, provider, asked, {"code": _last_code(context, provider, asked)})
    grant = _grant(context, provider, asked, submission)
    params: dict[str, str] = {}
    if "code" in asked.response_type:
        params["code"] = provider.new_code(context.entropy)
        with context.memory.lock:
            context.memory.codes.put((provider.key, params["code"]), grant, context.now + CODE_SECONDS)
    if "token" in asked.response_type:
        access_token = tokens.access_token(context, provider, grant)
        params |= {
            "access_token": access_token,
            "token_type": "bearer",
            "expires_in": str(provider.access_seconds),
        }
    if "id_token" in asked.response_type:
        if grant.algorithm == "HS256":
            raise ClientError(
                asked, "invalid_request", "HS256 needs the client secret: response_type must be code"
            )
        params["id_token"] = tokens.id_token(
            context, provider, grant, code=params.get("code"), access_token=params.get("access_token")
        )
    params |= provider.callback(context, asked, grant)
    with context.memory.lock:
        context.memory.signed_in.put(
            (provider.key, grant.client_id, grant.claims["sub"]), entry=True, expires=float("inf")
        )
    return _sent(context, provider, asked, params)


def _grant(
    context: Context, provider: OAuthProvider, asked: AuthorizationRequest, submission: Submission
) -> Grant:
    with context.memory.lock:
        metadata = context.memory.clients.get((provider.key, asked.client_id), context.now) or {}
    wanted = asked.params.get("id_token_signed_response_alg") or metadata.get("id_token_signed_response_alg")
    if wanted is not None and wanted not in (provider.algorithms or ("RS256",)):
        raise ClientError(asked, "invalid_request", f"id_token_signed_response_alg {wanted!r} is not offered")
    opaque = not provider.issuer
    return Grant(
        stand_in=provider.key,
        # Without ID tokens the only audience is the client to which codes and access tokens belong.
        client_id=provider.foreign_client if opaque and submission.fault == "audience" else asked.client_id,
        redirect_uri=asked.redirect_uri,
        scopes=asked.scopes,
        claims=submission.claims,
        auth_time=context.now,
        nonce=asked.nonce,
        challenge=asked.challenge,
        challenge_method=asked.challenge_method,
        fault=submission.fault,
        algorithm=submission.algorithm or wanted or "RS256",
        offline="offline_access" in asked.scopes or asked.params.get("access_type") == "offline",
    )


def _last_code(context: Context, provider: OAuthProvider, asked: AuthorizationRequest) -> str:
    with context.memory.lock:
        code = context.memory.last_good.get((provider.key, asked.client_id), context.now)
    if code is None or asked.response_type != {"code"}:
        raise PageError(
            "There is nothing to replay: this client has redeemed no code of this stand-in yet."
            if code is None
            else "Only codes can be replayed: the response_type must be code.",
            409,
        )
    return code


def _sent(
    context: Context, provider: OAuthProvider, asked: AuthorizationRequest, params: Mapping[str, str]
) -> Response:
    """The answer at the client's address, in the mode that was asked for."""
    whole = dict(params) | ({} if asked.state is None else {"state": asked.state})
    match asked.response_mode:
        case "form_post":
            return page.form_post(context, provider, asked.redirect_uri, whole)
        case "fragment":
            return redirect(f"{asked.redirect_uri}#{urlencode(whole)}")
        case _:
            return redirect(with_query(asked.redirect_uri, whole) + provider.fragment)
