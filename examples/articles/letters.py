"""The API of the paper's letters. It authorizes nobody: the guard before it does, and says who writes."""

from __future__ import annotations

import json
from threading import Lock
from typing import Any
from wsgiref.types import WSGIApplication

from werkzeug import Request, Response

from examples.articles.provision import SUBSCRIBERS

LONGEST = 1000
"""Characters of a letter."""
PRINTED = [
    {
        "name": "mina",
        "subscriber": True,
        "text": "The harbour light blinks three times on Sundays. I have counted.",
    },
    {"name": "tom", "subscriber": False, "text": "My tide table and the tide disagree. Whom do I believe?"},
]
DRAWER = [
    {
        "name": "a keeper",
        "subscriber": True,
        "text": "Do not print this: I still light the old lamp, now and then.",
    }
]


def application() -> WSGIApplication:
    printed, lock = list(PRINTED), Lock()

    @Request.application
    def answer(request: Request) -> Response:
        asked = request.method, request.path
        if asked == ("GET", "/letters"):
            return as_json({"letters": printed})
        if asked == ("GET", "/drawer"):
            return as_json({"letters": DRAWER})
        if asked != ("POST", "/letters"):
            return as_json({"message": "There is no such letter."}, 404)
        text = str((request.get_json(silent=True) or {}).get("text", "")).strip()[:LONGEST]
        if not text:
            return as_json({"message": "A letter has a text."}, 400)
        with lock:
            printed.insert(0, {**writer(request), "text": text})
        return as_json(printed[0], 201)

    return answer


def writer(request: Request) -> dict[str, Any]:
    """Who writes, by the request context, which a Lambda function would find in its event."""
    claims = json.loads(request.headers["x-amzn-request-context"])["authorizer"]["jwt"]["claims"]
    groups = claims.get("cognito:groups", "").strip("[]").split()
    return {"name": claims["cognito:username"], "subscriber": SUBSCRIBERS in groups}


def as_json(content: Any, status: int = 200) -> Response:
    return Response(json.dumps(content), status, mimetype="application/json")
