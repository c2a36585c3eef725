"""AssumeRoleWithWebIdentity, by tokens of identity pools, of user pools and of other issuers."""

import re

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from issuers import issuer
from people import refused
from society import ACCOUNT, COGNITO, Society, allow, client, document, trust

from cogmock.iam.authorize import authorize

ACTION = "sts:AssumeRoleWithWebIdentity"
DENIED = f"Not authorized to perform {ACTION}"
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def society(cognito):
    society = Society(cognito)
    society.resident()
    society.arn = society.role("reader", allow())
    return society


@pytest.fixture(scope="module")
def served():
    with issuer() as running:
        yield running


def assume(society, token, *, role=None, session="one", **more):
    return society.sts().assume_role_with_web_identity(
        RoleArn=role or society.arn, RoleSessionName=session, WebIdentityToken=token, **more
    )


def openid_token(society, logins=None):
    about = {"Logins": logins} if logins else {}
    return society.identity.get_open_id_token(IdentityId=society.id_of(logins), **about)


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


class TestTokensOfIdentityPools:
    def test_the_classic_flow_ends_in_credentials(self, society):
        answer = assume(society, openid_token(society, society.logins())["Token"])
        role = society.iam.get_role(RoleName="reader")["Role"]
        assert answer["AssumedRoleUser"] == {
            "AssumedRoleId": f"{role['RoleId']}:one",
            "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/one",
        }
        assert answer["Provider"] == COGNITO
        assert answer["Audience"] == society.pool_id
        assert answer["SubjectFromWebIdentityToken"] == society.id_of(society.logins())
        assert "PackedPolicySize" not in answer
        credentials = answer["Credentials"]
        assert re.fullmatch(r"ASIA[A-Z0-9]{16}", credentials["AccessKeyId"])
        assert 3590 < credentials["Expiration"].timestamp() - society.world.clock.now() <= 3600
        assert society.caller(credentials)["UserId"] == f"{role['RoleId']}:one"

    def test_a_guest_of_the_classic_flow_is_not_held_back(self, society):
        society.iam.put_role_policy(RoleName="reader", PolicyName="all", PolicyDocument=document(allow("*")))
        key = assume(society, openid_token(society)["Token"])["Credentials"]["AccessKeyId"]
        answer = authorize(society.world, access_key_id=key, action="ec2:RunInstances")
        assert answer["decision"] == "allowed"

    @pytest.mark.parametrize(
        "trusts", [trust(amr=["authenticated"]), trust("us-east-1:00000000-0000-4000-8000-000000000000")]
    )
    def test_the_role_must_trust_the_caller(self, society, trusts):
        society.iam.update_assume_role_policy(RoleName="reader", PolicyDocument=trusts)
        with refused("AccessDenied", DENIED) as caught:
            assume(society, openid_token(society)["Token"])
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403

    @pytest.mark.parametrize(
        "role", [f"arn:aws:iam::{ACCOUNT}:role/absent", "arn:aws:iam::210987654321:role/reader"]
    )
    def test_a_role_that_is_not_there(self, society, role):
        with refused("AccessDenied", DENIED):
            assume(society, openid_token(society)["Token"], role=role)

    def test_trust_may_name_a_provider_or_an_identity(self, society):
        token = openid_token(society, society.logins())
        for key, value, good in (
            ("amr", society.provider, True),
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
            society.iam.update_assume_role_policy(RoleName="reader", PolicyDocument=document(statement))
            if good:
                assert assume(society, token["Token"])
            else:
                with refused("AccessDenied", DENIED):
                    assume(society, token["Token"])

    def test_across_accounts_trust_must_ask_for_pool_and_proof(self, society):
        import boto3

        other = boto3.client("iam", aws_access_key_id="210987654321", aws_secret_access_key="x")
        role = "arn:aws:iam::210987654321:role/abroad"
        other.create_role(RoleName="abroad", AssumeRolePolicyDocument=trust(society.pool_id))
        token = openid_token(society)["Token"]
        assert assume(society, token, role=role)["AssumedRoleUser"]["Arn"].startswith(
            "arn:aws:sts::210987654321:assumed-role/abroad/"
        )
        other.update_assume_role_policy(
            RoleName="abroad", PolicyDocument=trusting(COGNITO, COGNITO, aud=society.pool_id)
        )
        with refused("AccessDenied", DENIED):
            assume(society, token, role=role)

    def test_an_expired_token(self, society):
        token = openid_token(society)["Token"]
        society.cognito.clock.advance(seconds=601)
        with refused("ExpiredTokenException") as caught:
            assume(society, token)
        told = caught.value.response
        assert re.fullmatch(
            r"Token expired: current date/time \d+ must be before the expiration date/time \d+",
            told["Error"]["Message"],
        )
        assert told["ResponseMetadata"]["HTTPStatusCode"] == 400

    def test_a_token_that_was_changed(self, society):
        token = openid_token(society)["Token"]
        head, payload, _ = token.split(".")
        for bad in (f"{head}.{payload}.AAAA", f"{head}.{payload}.", "x.y.z", "nothing"):
            with refused("InvalidIdentityToken"):
                assume(society, bad)

    def test_no_signature_is_needed(self, society):
        import boto3
        from botocore import UNSIGNED
        from botocore.config import Config

        sts = boto3.client("sts", region_name="us-east-1", config=Config(signature_version=UNSIGNED))
        token = openid_token(society)["Token"]
        assert sts.assume_role_with_web_identity(
            RoleArn=society.arn, RoleSessionName="one", WebIdentityToken=token
        )


class TestDuration:
    def test_it_lasts_as_long_as_is_asked(self, society):
        society.iam.create_role(RoleName="long", AssumeRolePolicyDocument=trust(), MaxSessionDuration=7200)
        answer = assume(
            society,
            openid_token(society)["Token"],
            role=f"arn:aws:iam::{ACCOUNT}:role/long",
            DurationSeconds=7200,
        )
        assert 7190 < answer["Credentials"]["Expiration"].timestamp() - society.world.clock.now() <= 7200

    def test_the_role_has_a_limit(self, society):
        with refused(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ):
            assume(society, openid_token(society)["Token"], DurationSeconds=3601)


class TestParameters:
    def test_a_role_arn_that_is_none(self, society):
        with refused("ValidationError", "role/reader-and-so-on is invalid"):
            assume(society, openid_token(society)["Token"], role="role/reader-and-so-on")

    def test_a_session_name_with_a_colon(self, society):
        with refused("ValidationError") as caught:
            assume(society, openid_token(society)["Token"], session="Session1:2")
        assert caught.value.response["Error"]["Message"] == (
            "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [\\w+=,.@-]*"
        )

    def test_a_session_name_of_65(self, society):
        with refused("ValidationError"):
            assume(society, openid_token(society)["Token"], session="x" * 65)


class TestSessionPolicies:
    def test_they_narrow_the_role(self, society):
        policy = document(allow(resource="arn:aws:s3:::a/*"))
        answer = assume(society, openid_token(society)["Token"], Policy=policy)
        assert 1 <= answer["PackedPolicySize"] <= 100
        key = answer["Credentials"]["AccessKeyId"]
        for bucket, decision in (("a", "allowed"), ("b", "implicitDeny")):
            asked = {"action": "s3:GetObject", "resource": f"arn:aws:s3:::{bucket}/x"}
            assert authorize(society.world, access_key_id=key, **asked)["decision"] == decision

    def test_managed_ones_by_their_arn(self, society):
        made = society.iam.create_policy(PolicyName="none", PolicyDocument=document(allow("s3:PutObject")))[
            "Policy"
        ]["Arn"]
        answer = assume(society, openid_token(society)["Token"], PolicyArns=[{"arn": made}])
        key = answer["Credentials"]["AccessKeyId"]
        asked = {"action": "s3:GetObject", "resource": "arn:aws:s3:::a/x"}
        assert authorize(society.world, access_key_id=key, **asked)["decision"] == "implicitDeny"

    def test_a_faulty_one_is_refused(self, society):
        token = openid_token(society)["Token"]
        with refused("MalformedPolicyDocument"):
            assume(society, token, Policy="{}")
        with refused("MalformedPolicyDocument"):
            assume(society, token, PolicyArns=[{"arn": f"arn:aws:iam::{ACCOUNT}:policy/absent"}])

    def test_too_many_are_too_large(self, society):
        arns = [{"arn": f"arn:aws:iam::{ACCOUNT}:policy/p{n}"} for n in range(11)]
        with refused("PackedPolicyTooLarge"):
            assume(society, openid_token(society)["Token"], PolicyArns=arns)
        with refused("ValidationError"):
            assume(society, openid_token(society)["Token"], Policy=" " * 2049)


class TestTokensOfUserPools:
    def provider(self, society, *clients):
        return society.iam.create_open_id_connect_provider(
            Url=f"https://{society.provider}", ClientIDList=list(clients)
        )["OpenIDConnectProviderArn"]

    def test_they_need_a_provider_in_iam(self, society):
        with refused(
            "InvalidIdentityToken",
            f"No OpenIDConnect provider found in your account for https://{society.provider}",
        ) as caught:
            assume(society, society.tokens().id)
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400

    def test_with_one_the_role_is_assumed(self, society):
        arn = self.provider(society, society.client_id)
        society.iam.update_assume_role_policy(
            RoleName="reader", PolicyDocument=trusting(arn, society.provider, aud=society.client_id)
        )
        answer = assume(society, society.tokens().id)
        assert answer["Provider"] == arn
        assert answer["Audience"] == society.client_id
        variables = authorize(
            society.world, access_key_id=answer["Credentials"]["AccessKeyId"], action="s3:GetObject"
        )["variables"]
        assert variables["aws:FederatedProvider"] == arn
        assert variables[f"{society.provider}:sub"] == answer["SubjectFromWebIdentityToken"]

    def test_a_client_that_is_not_listed(self, society):
        self.provider(society, "another")
        with refused("InvalidIdentityToken", "Incorrect token audience"):
            assume(society, society.tokens().id)

    def test_access_tokens_and_forged_ones(self, society):
        self.provider(society, society.client_id)
        for token in (society.tokens().access, society.tokens().id[:-8] + "AAAAAAAA"):
            with refused("InvalidIdentityToken"):
                assume(society, token)

    def test_an_expired_one_has_no_leeway(self, society):
        arn = self.provider(society, society.client_id)
        society.iam.update_assume_role_policy(
            RoleName="reader", PolicyDocument=trusting(arn, society.provider)
        )
        token = society.tokens().id
        society.cognito.clock.advance(seconds=3599)
        assert assume(society, token)
        society.cognito.clock.advance(seconds=2)
        with refused("ExpiredTokenException"):
            assume(society, token)


class TestOtherIssuers:
    @pytest.fixture
    def arn(self, society, served):
        arn = society.iam.create_open_id_connect_provider(Url=served.url, ClientIDList=["app"])[
            "OpenIDConnectProviderArn"
        ]
        society.iam.update_assume_role_policy(
            RoleName="reader", PolicyDocument=trusting(arn, served.name, aud="app", sub="ada-at-issuer")
        )
        return arn

    def test_their_keys_are_found_by_discovery(self, society, served, arn):
        answer = assume(society, served.token(society.world.clock.now()))
        assert (answer["Provider"], answer["Audience"]) == (arn, "app")
        assert answer["SubjectFromWebIdentityToken"] == "ada-at-issuer"

    def test_trust_decides_by_the_claims(self, society, served, arn):
        with refused("AccessDenied", DENIED):
            assume(society, served.token(society.world.clock.now(), sub="bob-at-issuer"))

    def test_tags_of_the_token_become_those_of_the_session(self, society, served, arn):
        claim = {"principal_tags": {"team": ["x"], "stage": "dev"}, "transitive_tag_keys": ["team"]}
        token = served.token(society.world.clock.now(), **{"https://aws.amazon.com/tags": claim})
        answer = assume(society, token)
        assert answer["PackedPolicySize"] >= 1
        found = authorize(
            society.world, access_key_id=answer["Credentials"]["AccessKeyId"], action="s3:GetObject"
        )
        assert found["principal_tags"] == {"team": "x", "stage": "dev"}

    def test_foreign_keys_and_missing_claims(self, society, served, arn):
        now = society.world.clock.now()
        for token in (
            served.token(now, key=STRANGER),
            served.token(now, exp=None),
            served.token(now, sub=None),
            served.token(now, aud=None),
        ):
            with refused("InvalidIdentityToken"):
                assume(society, token)

    def test_an_issuer_that_is_down(self, society):
        with issuer() as gone:
            token = gone.token(society.world.clock.now())
        society.iam.create_open_id_connect_provider(Url=gone.url, ClientIDList=["app"])
        with refused("IDPCommunicationError"):
            assume(society, token)


class TestSocialProviders:
    def test_google_needs_no_provider_in_iam(self, society, cognito, served):
        cognito.settings.social = (f"accounts.google.com={served.url}",)
        name = "accounts.google.com"
        society.iam.update_assume_role_policy(
            RoleName="reader", PolicyDocument=trusting(name, name, aud="app")
        )
        token = served.token(society.world.clock.now(), iss=f"https://{name}")
        assert assume(society, token)["Provider"] == name
        society.iam.update_assume_role_policy(
            RoleName="reader", PolicyDocument=trusting(name, name, aud="other")
        )
        with refused("AccessDenied"):
            assume(society, token)

    def test_amazon_is_named_by_the_caller(self, society, cognito, served):
        name = "www.amazon.com"
        cognito.settings.social = (f"{name}={served.url}",)
        served.answers["/auth/o2/tokeninfo"] = lambda _: {"aud": "amzn1.app", "user_id": "amzn1.account.ada"}
        society.iam.update_assume_role_policy(
            RoleName="reader", PolicyDocument=trusting(name, name, app_id="amzn1.app")
        )
        answer = assume(society, "Atza|token", ProviderId=name)
        assert answer["SubjectFromWebIdentityToken"] == "amzn1.account.ada"
        with refused("InvalidIdentityToken"):
            assume(society, "Atza|token", ProviderId="example.com")


def test_boto3_assumes_the_role_of_its_environment(society, tmp_path, monkeypatch):
    """botocore's own provider, by AWS_WEB_IDENTITY_TOKEN_FILE."""
    import boto3

    file = tmp_path / "token"
    file.write_text(openid_token(society)["Token"])
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(file))
    monkeypatch.setenv("AWS_ROLE_ARN", society.arn)
    monkeypatch.setenv("AWS_ROLE_SESSION_NAME", "from-file")
    found = boto3.Session(region_name="us-east-1").client("sts").get_caller_identity()
    assert found["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/from-file"


def test_its_sessions_ask_for_no_session_of_their_own(society):
    sts = client("sts", assume(society, openid_token(society)["Token"])["Credentials"])
    with refused("AccessDenied", "Cannot call GetSessionToken with session credentials"):
        sts.get_session_token()
    with refused("AccessDenied", "Cannot call GetFederationToken with session credentials"):
        sts.get_federation_token(Name="ada")
