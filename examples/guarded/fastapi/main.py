"""An API in FastAPI, behind a guard: uvicorn main:app --port 3000."""

import json
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header

app = FastAPI()


def caller(x_amzn_request_context: Annotated[str, Header()] = "{}") -> dict[str, Any]:
    """Who called: the authorizer's part of the request context, as in the event of a Lambda function."""
    authorizer: dict[str, Any] = json.loads(x_amzn_request_context).get("authorizer", {})
    return authorizer


Caller = Annotated[dict[str, Any], Depends(caller)]


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/me")
def me(who: Caller) -> dict[str, str]:
    claims = who["jwt"]["claims"]
    return {"name": claims["cognito:username"], "groups": claims["cognito:groups"]}


@app.get("/reports/{report}")
def read(report: str, who: Caller) -> dict[str, str]:
    return {"report": report, "identity": who["iam"]["cognitoIdentity"]["identityId"]}
