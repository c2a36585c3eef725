"""The start page: what there is, where one signs in, and what to copy."""

from __future__ import annotations

from werkzeug.wrappers import Request, Response

from cogmock.console import calls, render
from cogmock.console.context import Context

SERVICES = ("COGNITO_IDENTITY_PROVIDER", "COGNITO_IDENTITY", "STS", "IAM")
"""The last part of AWS_ENDPOINT_URL_…, the variables that send AWS's tools to an endpoint."""
NEWEST = 5
SCREEN = 8
"""Pools and clients that leave messages and refusals on the first screen. With more, those stand first."""


def show(context: Context, request: Request) -> Response:
    overview = context.get("/overview")
    url = context.origin + context.root
    pool = overview["user_pools"][0] if overview["user_pools"] else None
    client = pool["clients"][0] if pool and pool["clients"] else None
    refused = context.get("/requests", failed="true", limit=NEWEST)["requests"]
    return render.page(
        context,
        request,
        "start.html",
        "start",
        overview=overview,
        is_long=sum(1 + len(each["clients"]) for each in overview["user_pools"]) > SCREEN,
        messages=list(
            reversed(context.get("/messages", after=max(0, overview["last_message"] - NEWEST))["messages"])
        ),
        refusals=[calls.explained(each) for each in reversed(refused)],
        snippets=_snippets(url, pool, client),
    )


def _snippets(url: str, pool: dict[str, str] | None, client: dict[str, str] | None) -> dict[str, str]:
    """Title → text to copy, with the ids of the first pool and client."""
    region = pool["region"] if pool else "us-east-1"
    pool_id, client_id = pool["id"] if pool else "USER_POOL_ID", client["id"] if client else "CLIENT_ID"
    issuer = pool["issuer"] if pool else f"{url}/{pool_id}"
    exports = "\n".join(f"export AWS_ENDPOINT_URL_{service}={url}" for service in SERVICES)
    keys = f"export AWS_DEFAULT_REGION={region} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test"
    return {
        "Shell": f"{exports}\n{keys}",
        "boto3": (
            'import boto3\n\nidp = boto3.client(\n    "cognito-idp",\n'
            f'    endpoint_url="{url}",\n    region_name="{region}",\n'
            '    aws_access_key_id="test",\n    aws_secret_access_key="test",\n)\n'
            f'idp.list_users(UserPoolId="{pool_id}")'
        ),
        "Amplify": (
            'import { Amplify } from "aws-amplify";\n\nAmplify.configure({\n  Auth: { Cognito: {\n'
            f'    userPoolId: "{pool_id}",\n    userPoolClientId: "{client_id}",\n'
            f'    userPoolEndpoint: "{url}",\n  }} }},\n}});'
        ),
        "OpenID Connect": f"issuer     {issuer}\n"
        f"discovery  {url}/{pool_id}/.well-known/openid-configuration\n"
        f"keys       {url}/{pool_id}/.well-known/jwks.json\nclient id  {client_id}",
    }
