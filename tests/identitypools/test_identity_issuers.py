"""The name of identity pools as an issuer: in China and in GovCloud it is another than elsewhere."""

from __future__ import annotations

import json

import boto3
import jwt
import pytest
import requests
from support.behind import Behind
from support.guarded_shop import IDENTITIES, POOL, Shop, invoke, signed
from support.guarded_shop import document as document_of_shop
from support.http import ask
from support.identity_env import IdentityPoolEnv, allow, document
from support.pool_env import refused

from cogmock.iam.sessions.authorize import authorize
from cogmock.testing.server import CognitoServer
from cogmock.web.app import Application
from cogmock.wire import arns

ACTION = "sts:AssumeRoleWithWebIdentity"
EVERYWHERE = "cognito-identity.amazonaws.com"
DEVELOPER = "login.example"
REGIONS = {
    "eu-west-1": EVERYWHERE,
    "us-gov-west-1": "cognito-identity-us-gov.amazonaws.com",
    "us-gov-east-1": "cognito-identity.us-gov-east-1.amazonaws.com",
    "cn-north-1": "cognito-identity.cn-north-1.amazonaws.com.cn",
    "cn-northwest-1": "cognito-identity.cn-northwest-1.amazonaws.com.cn",
}
OTHERS = {region: name for region, name in REGIONS.items() if name != EVERYWHERE}


def trusts(principal, pool_id, prefix=None, actions=ACTION):
    prefix = prefix or principal
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Federated": principal},
            "Action": actions,
            "Condition": {
                "StringEquals": {f"{prefix}:aud": pool_id},
                "ForAnyValue:StringLike": {f"{prefix}:amr": "*authenticated"},
            },
        }
    )


@pytest.fixture(params=REGIONS)
def place(request, cognito):
    return IdentityPoolEnv(cognito, request.param, DeveloperProviderName=DEVELOPER)


@pytest.fixture(params=OTHERS)
def elsewhere(request, cognito):
    return IdentityPoolEnv(cognito, request.param, DeveloperProviderName=DEVELOPER)


@pytest.fixture
def beijing(cognito):
    return IdentityPoolEnv(cognito, "cn-north-1")


def member(env, trust_policy, *statements):
    """The ARN of the role of the pool's members and guests."""
    arn = env.role("member", *statements, trusts=trust_policy)
    roles = {"authenticated": arn, "unauthenticated": arn}
    env.identity.set_identity_pool_roles(IdentityPoolId=env.pool_id, Roles=roles)
    return arn


def developer_token(env):
    return env.identity.get_open_id_token_for_developer_identity(
        IdentityPoolId=env.pool_id, Logins={DEVELOPER: "ada"}
    )


def test_credentials_by_a_trust_policy_that_names_the_regions_issuer(place):
    name = REGIONS[place.region]
    arn = member(place, trusts(name, place.pool_id), allow(resource=f"arn:aws:s3:::b/${{{name}:sub}}/*"))
    credentials, identity_id = place.credentials(), place.id_of()
    assert place.caller(credentials)["Arn"].endswith("assumed-role/member/CognitoIdentityCredentials")
    token = place.identity.get_open_id_token(IdentityId=identity_id)["Token"]
    answer = place.sts().assume_role_with_web_identity(
        RoleArn=arn, RoleSessionName="one", WebIdentityToken=token
    )
    assert (answer["Provider"], answer["Audience"]) == (name, place.pool_id)
    key = answer["Credentials"]["AccessKeyId"]
    for owner, decision in ((identity_id, "allowed"), ("another", "implicitDeny")):
        asked = {"action": "s3:GetObject", "resource": f"arn:aws:s3:::b/{owner}/x"}
        assert authorize(place.world, access_key_id=key, **asked)["decision"] == decision


@pytest.mark.parametrize(
    ("principal", "prefix"), [(EVERYWHERE, EVERYWHERE), (None, EVERYWHERE), (EVERYWHERE, None)]
)
def test_the_usual_name_means_nothing_in_china_and_govcloud(elsewhere, principal, prefix):
    name = REGIONS[elsewhere.region]
    arn = member(elsewhere, trusts(principal or name, elsewhere.pool_id, prefix or name))
    with refused("InvalidIdentityPoolConfigurationException"):
        elsewhere.credentials()
    token = elsewhere.identity.get_open_id_token(IdentityId=elsewhere.id_of())["Token"]
    with refused("AccessDenied", f"Not authorized to perform {ACTION}"):
        elsewhere.sts().assume_role_with_web_identity(
            RoleArn=arn, RoleSessionName="one", WebIdentityToken=token
        )


def test_in_china_condition_keys_have_the_prefix_of_the_guides_example_too(beijing):
    member(
        beijing,
        trusts(REGIONS["cn-north-1"], beijing.pool_id, "cognito-identity.amazonaws.com.cn"),
        allow(resource="arn:aws-cn:s3:::b/${cognito-identity.amazonaws.com.cn:sub}/*"),
    )
    identity_id = beijing.id_of()
    key = beijing.credentials(identity_id=identity_id)["AccessKeyId"]
    asked = {"action": "s3:GetObject", "resource": f"arn:aws-cn:s3:::b/{identity_id}/x"}
    assert authorize(beijing.world, access_key_id=key, **asked)["decision"] == "allowed"


def test_the_token_and_the_documents_name_the_issuer(place):
    name = REGIONS[place.region]
    token = place.identity.get_open_id_token(IdentityId=place.id_of())["Token"]
    found = requests.get(f"https://{name}/.well-known/openid-configuration", timeout=30).json()
    expected = f"https://{name}"
    if place.region != "eu-west-1":  # the usual name does not say which Region's
        assert found["issuer"] == expected
    keys = jwt.PyJWKSet.from_dict(requests.get(f"https://{name}/.well-known/jwks_uri", timeout=30).json())
    key = next(each for each in keys.keys if each.key_id == jwt.get_unverified_header(token)["kid"])
    claims = jwt.decode(token, key.key, algorithms=["RS512"], audience=place.pool_id, issuer=expected)
    assert claims[f"{expected}/identity-pool-arn"].startswith(f"arn:{arns.partition(place.region)}:")


def test_a_developers_token_is_a_login_under_the_issuers_name(place):
    name = REGIONS[place.region]
    member(place, trusts(name, place.pool_id))
    made = developer_token(place)
    about = {"IdentityId": made["IdentityId"], "Logins": {name: made["Token"]}}
    answer = place.identity.get_credentials_for_identity(**about)
    assert answer["IdentityId"] == made["IdentityId"]
    with refused("NotAuthorizedException", "Invalid login token. Can't pass in a Cognito token."):
        place.id_of({name: made["Token"]})


def test_a_developers_token_is_none_under_the_usual_name(elsewhere):
    member(elsewhere, trusts(REGIONS[elsewhere.region], elsewhere.pool_id))
    made = developer_token(elsewhere)
    with refused("NotAuthorizedException", "Invalid login token. Can't pass in a Cognito token."):
        elsewhere.identity.get_credentials_for_identity(
            IdentityId=made["IdentityId"], Logins={EVERYWHERE: made["Token"]}
        )


@pytest.mark.parametrize("name", REGIONS.values())
@pytest.mark.usefixtures("cognito")
def test_a_trust_policy_without_condition_is_refused_under_each_name(name):
    bare = document({"Effect": "Allow", "Principal": {"Federated": name}, "Action": ACTION})
    with refused("MalformedPolicyDocument") as caught:
        boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=bare)
    assert name in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "cognito-identity.eu-west-1.amazonaws.com",
        "cognito-identity.us-gov-west-1.amazonaws.com",
        "cognito-identity.cn-north-1.amazonaws.com",
        "cognito-identity.us-gov-east-1.amazonaws.com.cn",
        "cognito-idp.cn-north-1.amazonaws.com.cn",
        "accounts.google.com",
    ],
)
def test_other_names_are_not_identity_pools(name):
    assert not arns.is_identity_issuer(name)


def test_across_accounts_both_conditions_are_asked_for_under_the_issuers_name(beijing):
    stranger = boto3.client(
        "iam", region_name="cn-north-1", aws_access_key_id="111122223333", aws_secret_access_key="x"
    )
    name, pool_id = REGIONS["cn-north-1"], beijing.pool_id
    token = beijing.identity.get_open_id_token(IdentityId=beijing.id_of())["Token"]
    only_aud = {
        "Effect": "Allow",
        "Principal": {"Federated": name},
        "Action": ACTION,
        "Condition": {"StringEquals": {f"{name}:aud": pool_id}},
    }
    for role, policy in (("loose", document(only_aud)), ("strict", trusts(name, pool_id))):
        arn = stranger.create_role(RoleName=role, AssumeRolePolicyDocument=policy)["Role"]["Arn"]
        asked = {"RoleArn": arn, "RoleSessionName": "one", "WebIdentityToken": token}
        if role == "strict":
            assert beijing.sts().assume_role_with_web_identity(**asked)["Provider"] == name
        else:
            with refused("AccessDenied"):
                beijing.sts().assume_role_with_web_identity(**asked)


def test_a_caller_cannot_say_who_the_identity_is(beijing):
    name = REGIONS["cn-north-1"]
    member(beijing, trusts(name, beijing.pool_id), allow(resource=f"arn:aws-cn:s3:::b/${{{name}:sub}}/*"))
    answer = authorize(
        beijing.world,
        access_key_id=beijing.credentials()["AccessKeyId"],
        action="s3:GetObject",
        resource="arn:aws-cn:s3:::b/mallory/x",
        context={f"{name}:sub": "mallory"},
    )
    assert answer["decision"] == "implicitDeny"


@pytest.fixture
def of_a_document(cognito):
    """An identity pool in Beijing whose roles a document makes, and the client that makes calls there."""
    pool_id = "cn-north-1:00000000-0000-4000-8000-00000000000a"
    read = {"policy": {"Version": "2012-10-17", "Statement": [allow(resource="arn:aws-cn:s3:::b/*")]}}
    pool = {"IdentityPoolName": "shop", "AllowUnauthenticatedIdentities": True}
    roles = {"authenticated": read, "unauthenticated": read}
    cognito.apply({"identity_pools": [{"id": pool_id, **pool, "roles": roles}]})
    return pool_id, boto3.client("cognito-identity", region_name="cn-north-1")


def test_the_roles_of_a_document_trust_the_regions_issuer(of_a_document):
    pool_id, identity = of_a_document
    identity_id = identity.get_id(IdentityPoolId=pool_id)["IdentityId"]
    assert identity.get_credentials_for_identity(IdentityId=identity_id)["Credentials"]


def test_the_doctor_writes_a_trust_policy_for_the_regions_issuer(cognito, of_a_document):
    def found():
        answer = ask(Application(cognito.world), "GET", "/_cogmock/doctor").json["findings"]
        return {each["code"]: each for each in answer if each["level"] == "fault"}

    assert found() == {}
    iam = boto3.client("iam", region_name="cn-north-1")
    usual = trusts(EVERYWHERE, of_a_document[0])
    for role in iam.list_roles()["Roles"]:
        iam.update_assume_role_policy(RoleName=role["RoleName"], PolicyDocument=usual)
    assert f"{REGIONS['cn-north-1']}:aud" in found()["trust_refuses"]["command"]
    identity = of_a_document[1]
    identity.set_identity_pool_roles(IdentityPoolId=of_a_document[0], Roles={})
    assert "arn:aws-cn:iam::" in found()["no_role"]["command"]


@pytest.mark.parametrize("kind", ["rest", "http"])
def test_a_guarded_api_tells_who_signed(kind):
    """The request context of API Gateway has the identity, whatever the issuer's name is."""
    name, behind = REGIONS["cn-north-1"], Behind()
    api = {"id": "shop", "kind": kind, "stage": "prod", "upstream": behind.url, "issuer_pool": POOL}
    routes = [{"path": "/signed", "authorizer": "iam"}]
    stated = json.dumps(document_of_shop({**api, "routes": routes}, guest=[invoke("GET/*")]))
    stated = (
        stated.replace("us-east-1", "cn-north-1").replace("arn:aws:", "arn:aws-cn:").replace(EVERYWHERE, name)
    )
    with CognitoServer() as server:
        server.apply(json.loads(stated))
        identity = server.client("cognito-identity", region_name="cn-north-1")
        pool_id = IDENTITIES.replace("us-east-1", "cn-north-1")
        guest = identity.get_id(IdentityPoolId=pool_id)["IdentityId"]
        credentials = identity.get_credentials_for_identity(IdentityId=guest)["Credentials"]
        shop = Shop(server)
        host = f"shop.execute-api.cn-north-1.localhost:{shop.port}"
        headers = signed("GET", "/prod/signed", credentials, host, region="cn-north-1")
        assert shop.send("GET", "/prod/signed", headers=headers, host=host).status == 200
    behind.stop()
    context = behind.context
    if kind == "rest":
        told = context["identity"]
        assert (told["cognitoIdentityId"], told["cognitoAuthenticationType"]) == (guest, "unauthenticated")
    else:
        told = context["authorizer"]["iam"]["cognitoIdentity"]
        assert told == {"amr": ["unauthenticated"], "identityId": guest, "identityPoolId": pool_id}
