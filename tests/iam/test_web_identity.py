"""AssumeRoleWithWebIdentity with tokens of identity pools, user pools and other issuers."""

import re
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from support.identity_env import ACCOUNT, COGNITO, IdentityPoolEnv, allow, client, document, trust
from support.outside_providers import issuer
from support.pool_env import refused

from cogmock.iam.sessions.authorize import authorize

ACTION = "sts:AssumeRoleWithWebIdentity"
DENIED = f"Not authorized to perform {ACTION}"
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def identity_env(cognito):
    identity_env = IdentityPoolEnv(cognito)
    identity_env.add_user()
    identity_env.arn = identity_env.role("reader", allow())
    return identity_env


@pytest.fixture(scope="module")
def served():
    with issuer() as running:
        yield running


def assume(identity_env, token, *, role=None, session="one", **more):
    return identity_env.sts().assume_role_with_web_identity(
        RoleArn=role or identity_env.arn, RoleSessionName=session, WebIdentityToken=token, **more
    )


def openid_token(identity_env, logins=None):
    about = {"Logins": logins} if logins else {}
    return identity_env.identity.get_open_id_token(IdentityId=identity_env.id_of(logins), **about)


def trusting(provider, name, **conditions):
    condition = {"StringEquals": {f"{name}:{key}": value for key, value in conditions.items()}}
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Federated": provider},
            "Action": [ACTION, "sts:TagSession"],
            **({"Condition": condition} if conditions else {}),
        }
    )


class TestAssumeRoleWithWebIdentity:
    def test_the_classic_flow_ends_in_credentials(self, identity_env):
        answer = assume(identity_env, openid_token(identity_env, identity_env.logins())["Token"])
        role = identity_env.iam.get_role(RoleName="reader")["Role"]
        assert answer["AssumedRoleUser"] == {
            "AssumedRoleId": f"{role['RoleId']}:one",
            "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/one",
        }
        assert answer["Provider"] == COGNITO
        assert answer["Audience"] == identity_env.pool_id
        assert answer["SubjectFromWebIdentityToken"] == identity_env.id_of(identity_env.logins())
        assert "PackedPolicySize" not in answer
        credentials = answer["Credentials"]
        assert re.fullmatch(r"ASIA[A-Z0-9]{16}", credentials["AccessKeyId"])
        assert 3590 < credentials["Expiration"].timestamp() - identity_env.world.clock.now() <= 3600
        assert identity_env.caller(credentials)["UserId"] == f"{role['RoleId']}:one"

    def test_a_guest_of_the_classic_flow_is_not_held_back(self, identity_env):
        identity_env.iam.put_role_policy(
            RoleName="reader", PolicyName="all", PolicyDocument=document(allow("*"))
        )
        key = assume(identity_env, openid_token(identity_env)["Token"])["Credentials"]["AccessKeyId"]
        answer = authorize(identity_env.world, access_key_id=key, action="ec2:RunInstances")
        assert answer["decision"] == "allowed"

    @pytest.mark.parametrize(
        "trusts", [trust(amr=["authenticated"]), trust("us-east-1:00000000-0000-4000-8000-000000000000")]
    )
    def test_the_role_must_trust_the_caller(self, identity_env, trusts):
        identity_env.iam.update_assume_role_policy(RoleName="reader", PolicyDocument=trusts)
        with refused("AccessDenied", DENIED) as caught:
            assume(identity_env, openid_token(identity_env)["Token"])
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403

    @pytest.mark.parametrize(
        "role", [f"arn:aws:iam::{ACCOUNT}:role/absent", "arn:aws:iam::210987654321:role/reader"]
    )
    def test_a_role_that_is_not_there(self, identity_env, role):
        with refused("AccessDenied", DENIED):
            assume(identity_env, openid_token(identity_env)["Token"], role=role)

    def test_trust_may_name_a_provider_or_an_identity(self, identity_env):
        token = openid_token(identity_env, identity_env.logins())
        for key, value, good in (
            ("amr", identity_env.provider, True),
            ("sub", token["IdentityId"], True),
            ("sub", "us-east-1:x", False),
            ("amr", "graph.facebook.com", False),
        ):
            condition = {"ForAnyValue:StringEquals": {f"{COGNITO}:{key}": value}}
            statement = {
                "Effect": "Allow",
                "Principal": {"Federated": COGNITO},
                "Action": ACTION,
                "Condition": condition,
            }
            identity_env.iam.update_assume_role_policy(RoleName="reader", PolicyDocument=document(statement))
            if good:
                assert assume(identity_env, token["Token"])
            else:
                with refused("AccessDenied", DENIED):
                    assume(identity_env, token["Token"])

    def test_across_accounts_trust_must_ask_for_pool_and_proof(self, identity_env):
        import boto3

        other = boto3.client("iam", aws_access_key_id="210987654321", aws_secret_access_key="x")
        role = "arn:aws:iam::210987654321:role/abroad"
        other.create_role(RoleName="abroad", AssumeRolePolicyDocument=trust(identity_env.pool_id))
        token = openid_token(identity_env)["Token"]
        assert assume(identity_env, token, role=role)["AssumedRoleUser"]["Arn"].startswith(
            "arn:aws:sts::210987654321:assumed-role/abroad/"
        )
        other.update_assume_role_policy(
            RoleName="abroad", PolicyDocument=trusting(COGNITO, COGNITO, aud=identity_env.pool_id)
        )
        with refused("AccessDenied", DENIED):
            assume(identity_env, token, role=role)

    def test_an_expired_token(self, identity_env):
        token = openid_token(identity_env)["Token"]
        identity_env.cognito.clock.advance(seconds=601)
        with refused("ExpiredTokenException") as caught:
            assume(identity_env, token)
        told = caught.value.response
        assert re.fullmatch(
            r"Token expired: current date/time \d+ must be before the expiration date/time \d+",
            told["Error"]["Message"],
        )
        assert told["ResponseMetadata"]["HTTPStatusCode"] == 400

    def test_a_token_that_was_changed(self, identity_env):
        token = openid_token(identity_env)["Token"]
        head, payload, _ = token.split(".")
        for bad in (f"{head}.{payload}.AAAA", f"{head}.{payload}.", "x.y.z", "nothing"):
            with refused("InvalidIdentityToken"):
                assume(identity_env, bad)

    def test_no_signature_is_needed(self, identity_env):
        import boto3
        from botocore import UNSIGNED
        from botocore.config import Config

        sts = boto3.client("sts", region_name="us-east-1", config=Config(signature_version=UNSIGNED))
        token = openid_token(identity_env)["Token"]
        assert sts.assume_role_with_web_identity(
            RoleArn=identity_env.arn, RoleSessionName="one", WebIdentityToken=token
        )


class TestDuration:
    def test_it_lasts_as_long_as_is_asked(self, identity_env):
        identity_env.iam.create_role(
            RoleName="long", AssumeRolePolicyDocument=trust(), MaxSessionDuration=7200
        )
        answer = assume(
            identity_env,
            openid_token(identity_env)["Token"],
            role=f"arn:aws:iam::{ACCOUNT}:role/long",
            DurationSeconds=7200,
        )
        assert 7190 < answer["Credentials"]["Expiration"].timestamp() - identity_env.world.clock.now() <= 7200

    def test_the_role_has_a_limit(self, identity_env):
        with refused(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ):
            assume(identity_env, openid_token(identity_env)["Token"], DurationSeconds=3601)


class TestParameters:
    def test_a_role_arn_that_is_none(self, identity_env):
        with refused("ValidationError", "role/reader-and-so-on is invalid"):
            assume(identity_env, openid_token(identity_env)["Token"], role="role/reader-and-so-on")

    def test_a_session_name_with_a_colon(self, identity_env):
        with refused("ValidationError") as caught:
            assume(identity_env, openid_token(identity_env)["Token"], session="Session1:2")
        assert caught.value.response["Error"]["Message"] == (
            "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [\\w+=,.@-]*"
        )

    def test_a_session_name_of_65(self, identity_env):
        with refused("ValidationError"):
            assume(identity_env, openid_token(identity_env)["Token"], session="x" * 65)


class TestSessionPolicies:
    def test_they_narrow_the_role(self, identity_env):
        policy = document(allow(resource="arn:aws:s3:::a/*"))
        answer = assume(identity_env, openid_token(identity_env)["Token"], Policy=policy)
        assert 1 <= answer["PackedPolicySize"] <= 100
        key = answer["Credentials"]["AccessKeyId"]
        for bucket, decision in (("a", "allowed"), ("b", "implicitDeny")):
            asked = {"action": "s3:GetObject", "resource": f"arn:aws:s3:::{bucket}/x"}
            assert authorize(identity_env.world, access_key_id=key, **asked)["decision"] == decision

    def test_managed_ones_by_their_arn(self, identity_env):
        made = identity_env.iam.create_policy(
            PolicyName="none", PolicyDocument=document(allow("s3:PutObject"))
        )["Policy"]["Arn"]
        answer = assume(identity_env, openid_token(identity_env)["Token"], PolicyArns=[{"arn": made}])
        key = answer["Credentials"]["AccessKeyId"]
        asked = {"action": "s3:GetObject", "resource": "arn:aws:s3:::a/x"}
        assert authorize(identity_env.world, access_key_id=key, **asked)["decision"] == "implicitDeny"

    def test_a_faulty_one_is_refused(self, identity_env):
        token = openid_token(identity_env)["Token"]
        with refused("MalformedPolicyDocument"):
            assume(identity_env, token, Policy="{}")
        with refused("MalformedPolicyDocument"):
            assume(identity_env, token, PolicyArns=[{"arn": f"arn:aws:iam::{ACCOUNT}:policy/absent"}])

    def test_too_many_are_too_large(self, identity_env):
        arns = [{"arn": f"arn:aws:iam::{ACCOUNT}:policy/p{n}"} for n in range(11)]
        with refused("PackedPolicyTooLarge"):
            assume(identity_env, openid_token(identity_env)["Token"], PolicyArns=arns)
        with refused("ValidationError"):
            assume(identity_env, openid_token(identity_env)["Token"], Policy=" " * 2049)


class TestTokensOfUserPools:
    def provider(self, identity_env, *clients):
        return identity_env.iam.create_open_id_connect_provider(
            Url=f"https://{identity_env.provider}", ClientIDList=list(clients)
        )["OpenIDConnectProviderArn"]

    def test_they_need_a_provider_in_iam(self, identity_env):
        with refused(
            "InvalidIdentityToken",
            f"No OpenIDConnect provider found in your account for https://{identity_env.provider}",
        ) as caught:
            assume(identity_env, identity_env.tokens().id)
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400

    def test_with_one_the_role_is_assumed(self, identity_env):
        arn = self.provider(identity_env, identity_env.client_id)
        identity_env.iam.update_assume_role_policy(
            RoleName="reader", PolicyDocument=trusting(arn, identity_env.provider, aud=identity_env.client_id)
        )
        answer = assume(identity_env, identity_env.tokens().id)
        assert answer["Provider"] == arn
        assert answer["Audience"] == identity_env.client_id
        variables = authorize(
            identity_env.world, access_key_id=answer["Credentials"]["AccessKeyId"], action="s3:GetObject"
        )["variables"]
        assert variables["aws:FederatedProvider"] == arn
        assert variables[f"{identity_env.provider}:sub"] == answer["SubjectFromWebIdentityToken"]

    def test_a_client_that_is_not_listed(self, identity_env):
        self.provider(identity_env, "another")
        with refused("InvalidIdentityToken", "Incorrect token audience"):
            assume(identity_env, identity_env.tokens().id)

    def test_access_tokens_and_forged_ones(self, identity_env):
        self.provider(identity_env, identity_env.client_id)
        for token in (identity_env.tokens().access, identity_env.tokens().id[:-8] + "AAAAAAAA"):
            with refused("InvalidIdentityToken"):
                assume(identity_env, token)

    def test_an_expired_one_has_no_leeway(self, identity_env, monkeypatch):
        now = time.time()
        monkeypatch.setattr("cogmock.core.clock.Clock.real", lambda _: now)  # only `advance` turns it
        arn = self.provider(identity_env, identity_env.client_id)
        identity_env.iam.update_assume_role_policy(
            RoleName="reader", PolicyDocument=trusting(arn, identity_env.provider)
        )
        token = identity_env.tokens().id
        identity_env.cognito.clock.advance(seconds=3599)
        assert assume(identity_env, token)
        identity_env.cognito.clock.advance(seconds=2)
        with refused("ExpiredTokenException"):
            assume(identity_env, token)


class TestOtherIssuers:
    @pytest.fixture
    def arn(self, identity_env, served):
        arn = identity_env.iam.create_open_id_connect_provider(Url=served.url, ClientIDList=["app"])[
            "OpenIDConnectProviderArn"
        ]
        identity_env.iam.update_assume_role_policy(
            RoleName="reader", PolicyDocument=trusting(arn, served.name, aud="app", sub="ada-at-issuer")
        )
        return arn

    def test_their_keys_are_found_by_discovery(self, identity_env, served, arn):
        answer = assume(identity_env, served.token(identity_env.world.clock.now()))
        assert (answer["Provider"], answer["Audience"]) == (arn, "app")
        assert answer["SubjectFromWebIdentityToken"] == "ada-at-issuer"

    def test_trust_decides_by_the_claims(self, identity_env, served, arn):
        with refused("AccessDenied", DENIED):
            assume(identity_env, served.token(identity_env.world.clock.now(), sub="bob-at-issuer"))

    def test_tags_of_the_token_become_those_of_the_session(self, identity_env, served, arn):
        claim = {"principal_tags": {"team": ["x"], "stage": "dev"}, "transitive_tag_keys": ["team"]}
        token = served.token(identity_env.world.clock.now(), **{"https://aws.amazon.com/tags": claim})
        answer = assume(identity_env, token)
        assert answer["PackedPolicySize"] >= 1
        found = authorize(
            identity_env.world, access_key_id=answer["Credentials"]["AccessKeyId"], action="s3:GetObject"
        )
        assert found["principal_tags"] == {"team": "x", "stage": "dev"}

    def test_foreign_keys_and_missing_claims(self, identity_env, served, arn):
        now = identity_env.world.clock.now()
        for token in (
            served.token(now, key=STRANGER),
            served.token(now, exp=None),
            served.token(now, sub=None),
            served.token(now, aud=None),
        ):
            with refused("InvalidIdentityToken"):
                assume(identity_env, token)

    def test_an_issuer_that_is_down(self, identity_env):
        with issuer() as gone:
            token = gone.token(identity_env.world.clock.now())
        identity_env.iam.create_open_id_connect_provider(Url=gone.url, ClientIDList=["app"])
        with refused("IDPCommunicationError"):
            assume(identity_env, token)


class TestSocialProviders:
    def test_google_needs_no_provider_in_iam(self, identity_env, cognito, served):
        cognito.settings.social = (f"accounts.google.com={served.url}",)
        name = "accounts.google.com"
        identity_env.iam.update_assume_role_policy(
            RoleName="reader", PolicyDocument=trusting(name, name, aud="app")
        )
        token = served.token(identity_env.world.clock.now(), iss=f"https://{name}")
        assert assume(identity_env, token)["Provider"] == name
        identity_env.iam.update_assume_role_policy(
            RoleName="reader", PolicyDocument=trusting(name, name, aud="other")
        )
        with refused("AccessDenied"):
            assume(identity_env, token)

    def test_amazon_is_named_by_the_caller(self, identity_env, cognito, served):
        name = "www.amazon.com"
        cognito.settings.social = (f"{name}={served.url}",)
        served.answers["/auth/o2/tokeninfo"] = lambda _: {"aud": "amzn1.app", "user_id": "amzn1.account.ada"}
        identity_env.iam.update_assume_role_policy(
            RoleName="reader", PolicyDocument=trusting(name, name, app_id="amzn1.app")
        )
        answer = assume(identity_env, "Atza|token", ProviderId=name)
        assert answer["SubjectFromWebIdentityToken"] == "amzn1.account.ada"
        with refused("InvalidIdentityToken"):
            assume(identity_env, "Atza|token", ProviderId="example.com")


def test_boto3_assumes_the_role_of_its_environment(identity_env, tmp_path, monkeypatch):
    """botocore's credential provider for AWS_WEB_IDENTITY_TOKEN_FILE."""
    import boto3

    file = tmp_path / "token"
    file.write_text(openid_token(identity_env)["Token"])
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(file))
    monkeypatch.setenv("AWS_ROLE_ARN", identity_env.arn)
    monkeypatch.setenv("AWS_ROLE_SESSION_NAME", "from-file")
    found = boto3.Session(region_name="us-east-1").client("sts").get_caller_identity()
    assert found["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/from-file"


def test_its_sessions_ask_for_no_session_of_their_own(identity_env):
    sts = client("sts", assume(identity_env, openid_token(identity_env)["Token"])["Credentials"])
    with refused("AccessDenied", "Cannot call GetSessionToken with session credentials"):
        sts.get_session_token()
    with refused("AccessDenied", "Cannot call GetFederationToken with session credentials"):
        sts.get_federation_token(Name="ada")
