"""Tokens of a server without a sign-in, and calls of an API with them."""

from __future__ import annotations

import json
import urllib.error
import urllib.request


def token(server, kind, pool, client, **more):
    about = json.dumps({"user_pool_id": pool, "client_id": client, "username": "ada", **more}).encode()
    headers = {"Content-Type": "application/json"}
    asked = urllib.request.Request(f"{server.url}/_cogmock/tokens", about, headers)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return json.load(answer)[kind]


def called(url, token=None):
    """Status and JSON of a route that is called with a token; the status and the message of a refusal."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.loads(refusal.read())["message"]


def forged(good):
    """The same claims under a signature that nobody made."""
    head, body, signature = good.split(".")
    return f"{head}.{body}.{'A' * len(signature)}"
