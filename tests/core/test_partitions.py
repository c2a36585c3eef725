"""Partitions: ARNs and host names outside the usual Regions."""

import json

import boto3
import jwt
import pytest
import requests
from support.pool_env import PASSWORD, PoolEnv

from cogmock import mock_cognito
from cogmock.wire import arns

REGIONS = [("eu-west-1", "aws", ""), ("us-gov-west-1", "aws-us-gov", ""), ("cn-north-1", "aws-cn", ".cn")]


def trust(principal):
    statement = {"Effect": "Allow", "Principal": principal, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(params=REGIONS, ids=lambda param: param[0])
def place(request, monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", request.param[0])
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "123456789012")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    return request.param


@pytest.fixture
def client(place):
    """Clients of the Region."""
    with mock_cognito():
        yield lambda service, **more: boto3.client(service, region_name=place[0], **more)


def test_arns_of_pools(place, client):
    region, partition, _ = place
    pool = client("cognito-idp").create_user_pool(PoolName="shop")["UserPool"]
    assert pool["Arn"] == f"arn:{partition}:cognito-idp:{region}:123456789012:userpool/{pool['Id']}"
    idp = client("cognito-idp")
    idp.tag_resource(ResourceArn=pool["Arn"], Tags={"a": "b"})
    assert idp.list_tags_for_resource(ResourceArn=pool["Arn"])["Tags"] == {"a": "b"}
    identity = client("cognito-identity")
    made = identity.create_identity_pool(IdentityPoolName="p", AllowUnauthenticatedIdentities=True)
    arn = f"arn:{partition}:cognito-identity:{region}:123456789012:identitypool/{made['IdentityPoolId']}"
    assert identity.list_tags_for_resource(ResourceArn=arn)["Tags"] == {}


def test_arns_of_iam(place, client):
    iam, head = client("iam"), f"arn:{place[1]}:iam::123456789012:"
    anybody = trust({"AWS": "*"})
    role = iam.create_role(RoleName="r", Path="/a/", AssumeRolePolicyDocument=anybody)["Role"]["Arn"]
    assert role == f"{head}role/a/r"
    assert iam.create_user(UserName="u")["User"]["Arn"] == f"{head}user/u"
    assert iam.create_group(GroupName="g")["Group"]["Arn"] == f"{head}group/g"
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    )
    policy = iam.create_policy(PolicyName="p", PolicyDocument=document)["Policy"]["Arn"]
    assert policy == f"{head}policy/p"
    own = f"arn:{place[1]}:iam::aws:policy/AdministratorAccess"
    for arn in (policy, own):
        iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    attached = iam.list_attached_role_policies(RoleName="r")["AttachedPolicies"]
    assert {each["PolicyArn"] for each in attached} == {policy, own}


def test_sessions_and_who_they_are(place, client):
    partition = place[1]
    root = f"arn:{partition}:iam::123456789012:root"
    assert client("sts").get_caller_identity()["Arn"] == root
    role = client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=trust({"AWS": root}))["Role"]
    assumed = client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="sess")
    expected = f"arn:{partition}:sts::123456789012:assumed-role/r/sess"
    assert assumed["AssumedRoleUser"]["Arn"] == expected
    given = assumed["Credentials"]
    session = client(
        "sts",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
    assert session.get_caller_identity()["Arn"] == expected
    federated = client("sts").get_federation_token(Name="bob")["FederatedUser"]["Arn"]
    assert federated == f"arn:{partition}:sts::123456789012:federated-user/bob"


def test_the_issuer(place, monkeypatch):
    region, _, end = place
    with mock_cognito() as cognito:
        env = PoolEnv(cognito)
        env.idp = boto3.client("cognito-idp", region_name=region)
        env.pool_id = env.idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
        env.client_of()
        env.add_user()
        flow = {"USERNAME": "ada", "PASSWORD": PASSWORD}
        result = env.idp.initiate_auth(
            ClientId=env.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=flow
        )["AuthenticationResult"]
        claims = jwt.decode(result["IdToken"], options={"verify_signature": False})
        provider = f"cognito-idp.{region}.amazonaws.com{end}/{env.pool_id}"
        assert claims["iss"] == f"https://{provider}"
        identity = boto3.client("cognito-identity", region_name=region)
        pool = identity.create_identity_pool(
            IdentityPoolName="p",
            AllowUnauthenticatedIdentities=False,
            CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": env.client_id}],
        )["IdentityPoolId"]
        found = identity.get_id(IdentityPoolId=pool, Logins={provider: result["IdToken"]})["IdentityId"]
        assert identity.describe_identity(IdentityId=found)["Logins"] == [provider]


def test_made_by_one_function():
    assert arns.arn("s3", "cn-north-1", "", "bucket/key") == "arn:aws-cn:s3:::bucket/key"
    assert arns.arn("sts", "us-gov-east-1", "1", "x") == "arn:aws-us-gov:sts::1:x"
    assert arns.beside("arn:aws-cn:iam::1:role/r", "sts", "1", "x") == "arn:aws-cn:sts::1:x"
    assert arns.host("cognito-idp", "cn-northwest-1") == "cognito-idp.cn-northwest-1.amazonaws.com.cn"


@pytest.mark.parametrize(
    ("region", "label"),
    [("eu-west-1", "auth"), ("us-gov-west-1", "auth-fips"), ("us-gov-east-1", "auth-fips")],
)
def test_the_host_of_a_domain(region, label, monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    with mock_cognito() as cognito:
        linked = {"DefaultEmailOption": "CONFIRM_WITH_LINK"}
        env = PoolEnv(cognito, AutoVerifiedAttributes=["email"], VerificationMessageTemplate=linked)
        env.idp = boto3.client("cognito-idp", region_name=region)
        env.pool_id = env.idp.create_user_pool(
            PoolName="shop", AutoVerifiedAttributes=["email"], VerificationMessageTemplate=linked
        )["UserPool"]["Id"]
        env.client_of(ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"])
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        issuer = f"https://cognito-idp.{region}.amazonaws.com/{env.pool_id}"
        found = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=30).json()
        domain = f"https://shop.{label}.{region}.amazoncognito.com"
        assert found["authorization_endpoint"] == f"{domain}/oauth2/authorize"
        env.sign_up(attributes={"email": "ada@example.com"})
        link = cognito.messages.last(username="ada").link
        assert link.startswith(f"{domain}/confirmUser?")
        assert requests.get(link, timeout=30).ok
        assert env.status() == "CONFIRMED"
