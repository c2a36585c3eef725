"""The main use case in one run: from sign-up to what a user may access. `make demo` and tests use it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from scripts.visit import Visit

REGION = "us-east-1"
PASSWORD = "Corr3ct-Horse!"
ARTICLE = "arn:aws:s3:::articles/premium/welcome.txt"
LEAFLET = "arn:aws:s3:::articles/free/welcome.txt"
READ = "s3:GetObject"
CALLBACK = "http://localhost:3000/callback"
FLOWS = ("ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")


@dataclass
class Door:
    """Access to cogmock: boto3 clients, and what AWS has no call for."""

    client: Callable[..., Any]
    """Creates a boto3 client for a service, with further arguments."""
    code: Callable[[str], str]
    """The code in the newest message to a user."""
    decide: Callable[[dict[str, Any], str, str], str]
    """The decision for credentials, action and resource: allowed, explicitDeny or implicitDeny."""
    pages: str = ""
    """Where the sign-in pages are. Empty: at the pool's own domain."""


@dataclass
class Step:
    """One step. `operation` is empty if it was no AWS call."""

    about: str
    service: str
    operation: str
    params: dict[str, Any]
    answer: Any


@dataclass
class Ending:
    """The results of the run, for tests."""

    pool_id: str = ""
    claims: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Claims of the ID token and the access token, verified by another library."""
    roles: dict[str, str] = field(default_factory=dict)
    """Chapter → the answer of GetCallerIdentity for its credentials."""
    decisions: dict[str, str] = field(default_factory=dict)


class Story:
    """One run. Each step is reported as it happens."""

    def __init__(self, door: Door, tell: Callable[[Step], None]) -> None:
        self._door = door
        self._tell = tell
        self._clients: dict[str, Any] = {}
        self.ending = Ending()

    def play(self) -> Ending:
        pool_id, client_id = self._user_pool()
        identity_pool_id = self._identity_pool(pool_id, client_id)
        self._roles(pool_id, client_id, identity_pool_id)
        self._sign_up(pool_id, client_id)
        self._guest(identity_pool_id)
        self._join(pool_id, "free")
        free = self._credentials("as free", pool_id, identity_pool_id, self._sign_in(client_id))
        self._judge("free reads free", "May she read what is free?", free, LEAFLET)
        self._judge("free reads premium", "And what is premium?", free, ARTICLE)
        self._join(pool_id, "premium")
        tokens = self._sign_in(client_id)
        self._verify(tokens)
        premium = self._credentials("as premium", pool_id, identity_pool_id, tokens)
        self._judge("premium reads premium", "Now she may.", premium, ARTICLE)
        self._by_google(pool_id, client_id)
        self._edit()
        self._judge("after the edit", "The same credentials, a moment later.", premium, ARTICLE)
        return self.ending

    def _user_pool(self) -> tuple[str, str]:
        pool_id = self._do(
            "An administrator creates a user pool.",
            "cognito-idp",
            "create_user_pool",
            PoolName="articles",
            AutoVerifiedAttributes=["email"],
        )["UserPool"]["Id"]
        client = self._do(
            "And an app client.",
            "cognito-idp",
            "create_user_pool_client",
            UserPoolId=pool_id,
            ClientName="web",
            ExplicitAuthFlows=[*FLOWS],
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email"],
            CallbackURLs=[CALLBACK],
        )["UserPoolClient"]
        self.ending.pool_id = pool_id
        return pool_id, client["ClientId"]

    def _identity_pool(self, pool_id: str, client_id: str) -> str:
        provider = {"ProviderName": _provider(pool_id), "ClientId": client_id}
        return str(
            self._do(
                "And an identity pool, which takes the user pool's tokens, and guests.",
                "cognito-identity",
                "create_identity_pool",
                IdentityPoolName="articles",
                AllowUnauthenticatedIdentities=True,
                CognitoIdentityProviders=[provider],
            )["IdentityPoolId"]
        )

    def _roles(self, pool_id: str, client_id: str, identity_pool_id: str) -> None:
        roles = {}
        for name, amr in (
            ("free", "authenticated"),
            ("premium", "authenticated"),
            ("guest", "unauthenticated"),
        ):
            roles[name] = self._do(
                f"A role for {name}.",
                "iam",
                "create_role",
                RoleName=f"articles-{name}",
                AssumeRolePolicyDocument=json.dumps(trust(identity_pool_id, amr)),
            )["Role"]["Arn"]
        for name in ("free", "premium"):
            self._put_policy(f"What {name} may read.", name, "Allow")
        for rank, name in enumerate(("premium", "free")):
            self._do(
                f"A group for {name}.",
                "cognito-idp",
                "create_group",
                UserPoolId=pool_id,
                GroupName=name,
                Precedence=rank,
                RoleArn=roles[name],
            )
        self._do(
            "Who signs in gets the role of the foremost group; who does not is a guest.",
            "cognito-identity",
            "set_identity_pool_roles",
            IdentityPoolId=identity_pool_id,
            Roles={"authenticated": roles["free"], "unauthenticated": roles["guest"]},
            RoleMappings={
                f"{_provider(pool_id)}:{client_id}": {
                    "Type": "Token",
                    "AmbiguousRoleResolution": "AuthenticatedRole",
                }
            },
        )

    def _sign_up(self, pool_id: str, client_id: str) -> None:
        self._do(
            "Ada signs up.",
            "cognito-idp",
            "sign_up",
            ClientId=client_id,
            Username="ada",
            Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": "ada@example.com"}],
        )
        code = self._door.code("ada")
        self._tell(
            Step("An e-mail brings her a code.", "", "", {"user_pool_id": pool_id, "username": "ada"}, code)
        )
        self._do(
            "She confirms.",
            "cognito-idp",
            "confirm_sign_up",
            ClientId=client_id,
            Username="ada",
            ConfirmationCode=code,
        )

    def _guest(self, identity_pool_id: str) -> None:
        identity = self._do(
            "Before she signs in she is a guest.",
            "cognito-identity",
            "get_id",
            IdentityPoolId=identity_pool_id,
        )["IdentityId"]
        credentials = self._do(
            "A guest gets credentials too.",
            "cognito-identity",
            "get_credentials_for_identity",
            IdentityId=identity,
        )["Credentials"]
        self._judge("guest reads premium", "May a guest read what is premium?", credentials, ARTICLE)

    def _join(self, pool_id: str, group: str) -> None:
        self._do(
            f"The administrator makes her a member of {group}.",
            "cognito-idp",
            "admin_add_user_to_group",
            UserPoolId=pool_id,
            Username="ada",
            GroupName=group,
        )

    def _sign_in(self, client_id: str) -> dict[str, str]:
        tokens: dict[str, str] = self._do(
            "Ada signs in.",
            "cognito-idp",
            "initiate_auth",
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ada", "PASSWORD": PASSWORD},
        )["AuthenticationResult"]
        return tokens

    def _verify(self, tokens: dict[str, str]) -> None:
        for name in ("IdToken", "AccessToken"):
            self.ending.claims[name] = claims = verified(tokens[name])
            self._tell(Step(f"PyJWT verifies the {name} against the served keys.", "", "", {}, claims))

    def _by_google(self, pool_id: str, client_id: str) -> None:
        """Through the stand-in for Google, which needs no network."""
        self._do(
            "The administrator lets people sign in with Google.",
            "cognito-idp",
            "create_identity_provider",
            UserPoolId=pool_id,
            ProviderName="Google",
            ProviderType="Google",
            ProviderDetails={"client_id": "any", "client_secret": "any", "authorize_scopes": "openid email"},
            AttributeMapping={"email": "email"},
        )
        name = f"articles-{pool_id.partition('_')[2].lower()}"
        self._do(
            "For that the pool has pages.",
            "cognito-idp",
            "create_user_pool_domain",
            UserPoolId=pool_id,
            Domain=name,
        )
        self._do(
            "And the client offers them.",
            "cognito-idp",
            "update_user_pool_client",
            UserPoolId=pool_id,
            ClientId=client_id,
            SupportedIdentityProviders=["COGNITO", "Google"],
            ExplicitAuthFlows=[*FLOWS],
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email"],
            CallbackURLs=[CALLBACK],
        )
        pages = self._door.pages or f"https://{name}.auth.{REGION}.amazoncognito.com"
        visit = Visit(CALLBACK)
        asked = {"client_id": client_id, "redirect_uri": CALLBACK, "scope": "openid email"}
        asked |= {"response_type": "code", "identity_provider": "Google"}
        code = visit.sign_in(f"{pages}/oauth2/authorize?{urlencode(asked)}", email="grace@example.com")
        self._tell(
            Step("Grace comes by Google; its stand-in needs no network.", "", "", asked, f"code {code}")
        )
        form = {"grant_type": "authorization_code", "client_id": client_id, "redirect_uri": CALLBACK}
        tokens = visit.post(f"{pages}/oauth2/token", **form, code=code)
        self.ending.claims["Google"] = claims = verified(tokens["id_token"])
        self._tell(Step("Her ID token says where she comes from.", "", "", {}, claims))

    def _credentials(
        self, chapter: str, pool_id: str, identity_pool_id: str, tokens: dict[str, str]
    ) -> dict[str, Any]:
        logins = {_provider(pool_id): tokens["IdToken"]}
        identity = self._do(
            "Her ID token tells the identity pool who she is.",
            "cognito-identity",
            "get_id",
            IdentityPoolId=identity_pool_id,
            Logins=logins,
        )["IdentityId"]
        credentials: dict[str, Any] = self._do(
            "And buys temporary AWS credentials.",
            "cognito-identity",
            "get_credentials_for_identity",
            IdentityId=identity,
            Logins=logins,
        )["Credentials"]
        own = {
            "aws_access_key_id": credentials["AccessKeyId"],
            "aws_secret_access_key": credentials["SecretKey"],
            "aws_session_token": credentials["SessionToken"],
        }
        self.ending.roles[chapter] = self._do(
            "STS knows them.", "sts", "get_caller_identity", client=self._door.client("sts", **own)
        )["Arn"]
        return credentials

    def _judge(self, chapter: str, about: str, credentials: dict[str, Any], resource: str) -> None:
        decision = self._door.decide(credentials, READ, resource)
        self.ending.decisions[chapter] = decision
        self._tell(Step(about, "", "", {"action": READ, "resource": resource}, decision))

    def _edit(self) -> None:
        self._put_policy("The administrator edits the role's policy.", "premium", "Deny")

    def _put_policy(self, about: str, name: str, effect: str) -> None:
        statement = {"Effect": effect, "Action": READ, "Resource": f"arn:aws:s3:::articles/{name}/*"}
        self._do(
            about,
            "iam",
            "put_role_policy",
            RoleName=f"articles-{name}",
            PolicyName="reading",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )

    def _do(self, about: str, service: str, operation: str, client: Any = None, **params: Any) -> Any:
        if client is None:
            client = self._clients.setdefault(service, None) or self._door.client(service)
            self._clients[service] = client
        answer = getattr(client, operation)(**params)
        answer.pop("ResponseMetadata")
        self._tell(Step(about, service, operation, params, answer))
        return answer


def verified(token: str) -> dict[str, Any]:
    """The claims of a token, verified with its issuer's published keys. An ID token's audience is the client."""
    import jwt

    issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
    key = jwt.PyJWKClient(f"{issuer}/.well-known/jwks.json").get_signing_key_from_jwt(token)
    claims: dict[str, Any] = jwt.decode(
        token, key.key, algorithms=["RS256"], issuer=issuer, options={"verify_aud": False}
    )
    return claims


def _provider(pool_id: str) -> str:
    return f"cognito-idp.{REGION}.amazonaws.com/{pool_id}"


def trust(identity_pool_id: str, amr: str) -> dict[str, Any]:
    """A trust policy for identities of this identity pool, authenticated or not."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {"cognito-identity.amazonaws.com:aud": identity_pool_id},
                    "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": amr},
                },
            }
        ],
    }
