"""The configuration of Amplify for a pool of a running server: for its versions 6 and 5.

Source: Amplify's parseAWSExports and Auth.configure (5), its types of `Amplify.configure` (6).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from cogmock.cli.client import called, called_identity, server_url
from cogmock.cli.pools import client_of, pool_of

SOCIAL = {"Google": "GOOGLE", "Facebook": "FACEBOOK", "LoginWithAmazon": "AMAZON", "SignInWithApple": "APPLE"}
"""Identity provider → its name in aws-exports.js, by which Amplify UI shows a button."""
CHARACTERS = ("Lowercase", "Uppercase", "Numbers", "Symbols")
SEVERAL_URLS = "// Amplify 5 sends redirectSignIn and redirectSignOut as they are: leave one URL in each.\n"


def amplify(options: argparse.Namespace) -> dict[str, Any]:
    """The argument of `Amplify.configure`, version 6. Raises Failed."""
    pool_id, url = pool_of(options), server_url(options)
    client_id = client_of(options, pool_id)["ClientId"]
    found = {
        "userPoolId": pool_id,
        "userPoolClientId": client_id,
        "userPoolEndpoint": url,
        "identityPoolEndpoint": url,
    }
    identity_pool = _identity_pool(options, pool_id, client_id)
    return {"Auth": {"Cognito": found | ({"identityPoolId": identity_pool} if identity_pool else {})}}


def aws_exports(options: argparse.Namespace) -> dict[str, Any]:
    """What `aws-exports.js` holds, for version 5 and older. Raises Failed."""
    pool_id = pool_of(options)
    client = client_of(options, pool_id)
    where = _region(pool_id)
    identity_pool = _identity_pool(options, pool_id, client["ClientId"])
    return {
        "aws_project_region": where,
        **({"aws_cognito_identity_pool_id": identity_pool} if identity_pool else {}),
        "aws_cognito_region": where,
        "aws_user_pools_id": pool_id,
        "aws_user_pools_web_client_id": client["ClientId"],
        "oauth": _oauth(options, client),
        **_of_pool(options, pool_id),
        "aws_cognito_social_providers": [
            SOCIAL[name] for name in client.get("SupportedIdentityProviders", ()) if name in SOCIAL
        ],
        "Auth": {"endpoint": server_url(options)},
    }


def as_module(exports: dict[str, Any]) -> str:
    """The text of `aws-exports.js`."""
    several = any("," in exports["oauth"].get(name, "") for name in ("redirectSignIn", "redirectSignOut"))
    return (
        f"{SEVERAL_URLS if several else ''}const awsmobile = {json.dumps(exports, indent=2)};\n\n"
        "export default awsmobile;"
    )


def _oauth(options: argparse.Namespace, client: dict[str, Any]) -> dict[str, Any]:
    """The sign-in pages; empty for a client that does not use them. Amplify calls the domain over https, always."""
    flows = client.get("AllowedOAuthFlows", ())
    if not client.get("AllowedOAuthFlowsUserPoolClient") or not {"code", "implicit"}.intersection(flows):
        return {}
    return {
        "domain": urlsplit(server_url(options)).netloc,
        "scope": client.get("AllowedOAuthScopes", []),
        "redirectSignIn": ",".join(client.get("CallbackURLs", ())),
        "redirectSignOut": ",".join(client.get("LogoutURLs", ())),
        "responseType": "code" if "code" in flows else "token",
    }


def _of_pool(options: argparse.Namespace, pool_id: str) -> dict[str, Any]:
    """What Amplify UI's Authenticator reads: its fields and the rules for passwords."""
    pool = called(options, "DescribeUserPool", pool_id)["UserPool"]
    mfa = called(options, "GetUserPoolMfaConfig", pool_id)
    policy = pool["Policies"]["PasswordPolicy"]
    required = [each["Name"] for each in pool["SchemaAttributes"] if each.get("Required")]
    factors = {
        "SMS": "SmsMfaConfiguration" in mfa,
        "TOTP": mfa.get("SoftwareTokenMfaConfiguration", {}).get("Enabled", False),
        "EMAIL": "EmailMfaConfiguration" in mfa,
    }
    return {
        "aws_cognito_username_attributes": _upper(pool.get("UsernameAttributes", ())),
        "aws_cognito_signup_attributes": _upper(name for name in required if name != "sub"),
        "aws_cognito_mfa_configuration": mfa.get("MfaConfiguration", "OFF"),
        "aws_cognito_mfa_types": [name for name, on in factors.items() if on],
        "aws_cognito_password_protection_settings": {
            "passwordPolicyMinLength": policy["MinimumLength"],
            "passwordPolicyCharacters": [
                f"REQUIRES_{kind.upper()}" for kind in CHARACTERS if policy.get(f"Require{kind}")
            ],
        },
        "aws_cognito_verification_mechanisms": _upper(pool.get("AutoVerifiedAttributes", ())),
    }


def _upper(names: Iterable[str]) -> list[str]:
    return [name.upper() for name in names]


def _identity_pool(options: argparse.Namespace, pool_id: str, client_id: str) -> str | None:
    """The identity pool of the pool's Region that takes this client's tokens; None where several do, or none."""
    where = _region(pool_id)
    listed = called_identity(options, "ListIdentityPools", where, MaxResults=60)["IdentityPools"]
    found = [
        each["IdentityPoolId"]
        for each in listed
        if _takes(
            called_identity(options, "DescribeIdentityPool", where, IdentityPoolId=each["IdentityPoolId"]),
            pool_id,
            client_id,
        )
    ]
    return found[0] if len(found) == 1 else None


def _takes(identity_pool: dict[str, Any], pool_id: str, client_id: str) -> bool:
    return any(
        each["ClientId"] == client_id and each["ProviderName"].endswith(f"/{pool_id}")
        for each in identity_pool.get("CognitoIdentityProviders", ())
    )


def _region(pool_id: str) -> str:
    return pool_id.partition("_")[0]
