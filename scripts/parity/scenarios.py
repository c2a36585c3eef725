"""The scenarios: what is asked, in an order that makes sense at any endpoint. They send no SMS and no e-mail."""

from __future__ import annotations

import json
from typing import Any, Protocol

PASSWORD = "Corr3ct-Horse!"
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


class Ask(Protocol):
    """Calls an operation and records the answer. An error is recorded, and {} returned."""

    def __call__(self, service: str, operation: str, **params: Any) -> dict[str, Any]: ...


def pools(ask: Ask) -> None:
    """Defaults of a user pool, an update that resets them, and refusals."""
    pool_id = _pool(ask)
    ask("cognito-idp", "DescribeUserPool", UserPoolId=pool_id)
    ask("cognito-idp", "UpdateUserPool", UserPoolId=pool_id, MfaConfiguration="OFF")
    ask("cognito-idp", "GetUserPoolMfaConfig", UserPoolId=pool_id)
    ask("cognito-idp", "DescribeUserPool", UserPoolId="us-east-1_doesNotEx")
    ask("cognito-idp", "CreateUserPool", PoolName="parity", Policies={"PasswordPolicy": {"MinimumLength": 5}})
    ask(
        "cognito-idp",
        "CreateUserPool",
        PoolName="parity",
        UsernameAttributes=["email"],
        AliasAttributes=["email"],
    )
    ask("cognito-idp", "DeleteUserPool", UserPoolId=pool_id)


def clients(ask: Ask) -> None:
    """Defaults of an app client, OAuth settings, and refusals."""
    pool_id = _pool(ask)
    client_id = _client(ask, pool_id)
    ask("cognito-idp", "DescribeUserPoolClient", UserPoolId=pool_id, ClientId=client_id)
    ask("cognito-idp", "CreateUserPoolClient", UserPoolId=pool_id, ClientName="secret", GenerateSecret=True)
    ask(
        "cognito-idp",
        "CreateUserPoolClient",
        UserPoolId=pool_id,
        ClientName="oauth",
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "email"],
        CallbackURLs=["http://localhost:3000/callback"],
        SupportedIdentityProviders=["COGNITO"],
    )
    ask(
        "cognito-idp",
        "CreateUserPoolClient",
        UserPoolId=pool_id,
        ClientName="wrong",
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["nobody/knows"],
    )
    ask("cognito-idp", "ListUserPoolClients", UserPoolId=pool_id)
    ask("cognito-idp", "DescribeUserPoolClient", UserPoolId=pool_id, ClientId="0" * 26)


def users(ask: Ask) -> None:
    """Users, attributes and groups as an administrator sees them."""
    pool_id = _pool(ask)
    _user(ask, pool_id)
    ask("cognito-idp", "AdminGetUser", UserPoolId=pool_id, Username="ada")
    ask("cognito-idp", "AdminCreateUser", UserPoolId=pool_id, Username="ada", MessageAction="SUPPRESS")
    ask("cognito-idp", "AdminGetUser", UserPoolId=pool_id, Username="nobody")
    ask("cognito-idp", "AdminSetUserPassword", UserPoolId=pool_id, Username="ada", Password="short1A!")
    ask("cognito-idp", "AdminSetUserPassword", UserPoolId=pool_id, Username="ada", Password="no-upper-case1")
    name = [{"Name": "name", "Value": "Ada"}]
    ask("cognito-idp", "AdminUpdateUserAttributes", UserPoolId=pool_id, Username="ada", UserAttributes=name)
    unknown = [{"Name": "custom:unknown", "Value": "x"}]
    ask(
        "cognito-idp", "AdminUpdateUserAttributes", UserPoolId=pool_id, Username="ada", UserAttributes=unknown
    )
    ask("cognito-idp", "CreateGroup", UserPoolId=pool_id, GroupName="staff", Precedence=1)
    ask("cognito-idp", "CreateGroup", UserPoolId=pool_id, GroupName="staff")
    ask("cognito-idp", "AdminAddUserToGroup", UserPoolId=pool_id, Username="ada", GroupName="staff")
    ask("cognito-idp", "AdminListGroupsForUser", UserPoolId=pool_id, Username="ada")
    ask("cognito-idp", "ListUsersInGroup", UserPoolId=pool_id, GroupName="staff")
    ask("cognito-idp", "ListUsers", UserPoolId=pool_id, Filter='username ^= "a"', AttributesToGet=["email"])
    ask("cognito-idp", "ListUsers", UserPoolId=pool_id, Filter="username ~ a")
    ask("cognito-idp", "AdminDisableUser", UserPoolId=pool_id, Username="ada")
    ask("cognito-idp", "AdminGetUser", UserPoolId=pool_id, Username="ada")


def sign_in(ask: Ask) -> None:
    """Tokens by password, refresh and revocation, and the refusals that applications show."""
    pool_id = _pool(ask)
    client_id = _client(ask, pool_id)
    _user(ask, pool_id)
    result = _tokens(ask, client_id)
    access, renewal = result.get("AccessToken", "none"), result.get("RefreshToken", "none")
    ask("cognito-idp", "GetUser", AccessToken=access)
    _auth(ask, client_id, USERNAME="ada", PASSWORD="Wr0ng-Horse!")
    _auth(ask, client_id, USERNAME="nobody", PASSWORD=PASSWORD)
    _auth(ask, client_id, USERNAME="ada")
    ask(
        "cognito-idp",
        "InitiateAuth",
        ClientId=client_id,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": renewal},
    )
    ask("cognito-idp", "RevokeToken", ClientId=client_id, Token=renewal)
    ask("cognito-idp", "GetUser", AccessToken=access)
    ask("cognito-idp", "GetUser", AccessToken="not-a-token")
    ask("cognito-idp", "GlobalSignOut", AccessToken=access)


def new_password(ask: Ask) -> None:
    """A temporary password, and the challenge that replaces it."""
    pool_id = _pool(ask)
    client_id = _client(ask, pool_id)
    ask(
        "cognito-idp",
        "AdminCreateUser",
        UserPoolId=pool_id,
        Username="ada",
        TemporaryPassword=PASSWORD,
        MessageAction="SUPPRESS",
    )
    asked = _auth(ask, client_id, USERNAME="ada", PASSWORD=PASSWORD)
    challenge = {
        "ClientId": client_id,
        "ChallengeName": "NEW_PASSWORD_REQUIRED",
        "Session": asked.get("Session", "x" * 20),
    }
    ask(
        "cognito-idp",
        "RespondToAuthChallenge",
        **challenge,
        ChallengeResponses={"USERNAME": "ada", "NEW_PASSWORD": "short"},
    )
    ask(
        "cognito-idp",
        "RespondToAuthChallenge",
        **challenge,
        ChallengeResponses={"USERNAME": "ada", "NEW_PASSWORD": "An0ther-Horse!"},
    )
    ask("cognito-idp", "AdminGetUser", UserPoolId=pool_id, Username="ada")


def sign_up(ask: Ask) -> None:
    """A sign-up without messages: confirmed by the administrator."""
    pool_id = _pool(ask)
    client_id = _client(ask, pool_id)
    ada = {"ClientId": client_id, "Username": "ada"}
    ask("cognito-idp", "SignUp", **ada, Password="short")
    ask("cognito-idp", "SignUp", **ada, Password=PASSWORD)
    ask("cognito-idp", "SignUp", **ada, Password=PASSWORD)
    _auth(ask, client_id, USERNAME="ada", PASSWORD=PASSWORD)
    ask("cognito-idp", "ConfirmSignUp", **ada, ConfirmationCode="000000")
    ask("cognito-idp", "AdminConfirmSignUp", UserPoolId=pool_id, Username="ada")
    ask("cognito-idp", "AdminConfirmSignUp", UserPoolId=pool_id, Username="ada")
    _tokens(ask, client_id)


def identities(ask: Ask) -> None:
    """An identity pool: guests, a signed-in user, roles and credentials."""
    pool_id = _pool(ask)
    client_id = _client(ask, pool_id)
    _user(ask, pool_id)
    provider = f"cognito-idp.{pool_id.partition('_')[0]}.amazonaws.com/{pool_id}"
    identity_pool = ask(
        "cognito-identity",
        "CreateIdentityPool",
        IdentityPoolName="parity",
        AllowUnauthenticatedIdentities=True,
        CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": client_id}],
    ).get("IdentityPoolId", "us-east-1:00000000-0000-0000-0000-000000000000")
    guest = ask("cognito-identity", "GetId", IdentityPoolId=identity_pool).get("IdentityId", identity_pool)
    ask("cognito-identity", "GetCredentialsForIdentity", IdentityId=guest)
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": identity_pool}},
    }
    role = ask(
        "iam",
        "CreateRole",
        RoleName="parity",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust}),
    )
    arn = role.get("Role", {}).get("Arn", "arn:aws:iam::123456789012:role/parity")
    roles = {"authenticated": arn, "unauthenticated": arn}
    ask("cognito-identity", "SetIdentityPoolRoles", IdentityPoolId=identity_pool, Roles=roles)
    ask("cognito-identity", "GetIdentityPoolRoles", IdentityPoolId=identity_pool)
    ask("cognito-identity", "GetCredentialsForIdentity", IdentityId=guest)
    logins = {provider: _tokens(ask, client_id).get("IdToken", "none")}
    member = ask("cognito-identity", "GetId", IdentityPoolId=identity_pool, Logins=logins).get(
        "IdentityId", guest
    )
    ask("cognito-identity", "GetCredentialsForIdentity", IdentityId=member, Logins=logins)
    ask("cognito-identity", "GetCredentialsForIdentity", IdentityId=member)
    ask("cognito-identity", "GetId", IdentityPoolId=identity_pool, Logins={provider: "not-a-token"})


def roles(ask: Ask) -> None:
    """Roles and policies of IAM, and IAM's refusals."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": trust})
    allowed = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    ask("iam", "CreateRole", RoleName="parity-role", AssumeRolePolicyDocument=document)
    ask("iam", "CreateRole", RoleName="parity-role", AssumeRolePolicyDocument=document)
    ask("iam", "CreateRole", RoleName="parity-bad", AssumeRolePolicyDocument="{}")
    policy = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    ask("iam", "PutRolePolicy", RoleName="parity-role", PolicyName="read", PolicyDocument=policy)
    ask("iam", "GetRolePolicy", RoleName="parity-role", PolicyName="read")
    ask("iam", "DeleteRole", RoleName="parity-role")
    ask("iam", "DeleteRolePolicy", RoleName="parity-role", PolicyName="read")
    ask("iam", "DeleteRole", RoleName="parity-role")
    ask("iam", "GetRole", RoleName="parity-role")


SCENARIOS = {
    scenario.__name__: scenario
    for scenario in (pools, clients, users, sign_in, new_password, sign_up, identities, roles)
}


def _pool(ask: Ask) -> str:
    answer = ask("cognito-idp", "CreateUserPool", PoolName="parity")
    return str(answer.get("UserPool", {}).get("Id", "us-east-1_doesNotEx"))


def _client(ask: Ask, pool_id: str) -> str:
    answer = ask(
        "cognito-idp", "CreateUserPoolClient", UserPoolId=pool_id, ClientName="web", ExplicitAuthFlows=FLOWS
    )
    return str(answer.get("UserPoolClient", {}).get("ClientId", "0" * 26))


def _user(ask: Ask, pool_id: str) -> None:
    email = [{"Name": "email", "Value": "ada@example.com"}, {"Name": "email_verified", "Value": "true"}]
    ask(
        "cognito-idp",
        "AdminCreateUser",
        UserPoolId=pool_id,
        Username="ada",
        UserAttributes=email,
        MessageAction="SUPPRESS",
    )
    ask(
        "cognito-idp",
        "AdminSetUserPassword",
        UserPoolId=pool_id,
        Username="ada",
        Password=PASSWORD,
        Permanent=True,
    )


def _auth(ask: Ask, client_id: str, **given: str) -> dict[str, Any]:
    return ask(
        "cognito-idp",
        "InitiateAuth",
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters=given,
    )


def _tokens(ask: Ask, client_id: str) -> dict[str, Any]:
    result: dict[str, Any] = _auth(ask, client_id, USERNAME="ada", PASSWORD=PASSWORD).get(
        "AuthenticationResult", {}
    )
    return result
