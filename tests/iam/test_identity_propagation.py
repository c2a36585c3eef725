"""Trusted identity propagation: context providers of identity providers, what they put into sessions, source identities."""

import hashlib

import pytest
from botocore.config import Config
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate
from support.identity_env import ACCOUNT, IdentityPoolEnv, allow, client, document
from support.outside_providers import issuer
from support.pool_env import refused

from cogmock.iam.sessions.authorize import authorize

WEB, SAML = "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"
NAMESPACE = "https://sts.amazonaws.com/"
SOURCE = "https://aws.amazon.com/source_identity"
AUDIENCE = "https://api.example.com"
INSTANCE = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
CONTEXT = {
    "SubjectSourceKey": "email",
    "SubjectTypeValue": "user",
    "KeyDefinitionList": [
        {"SourceKey": "department", "TargetKey": "Department"},
        {"SourceKey": "level"},
    ],
}


@pytest.fixture(scope="module")
def served():
    with issuer() as running:
        yield running


@pytest.fixture
def identity_env(cognito, served):
    identity_env = IdentityPoolEnv(cognito)
    identity_env.role("reader", allow(), allow("sts:*"))
    identity_env.provider = identity_env.iam.create_open_id_connect_provider(
        Url=served.url, ClientIDList=["app"]
    )["OpenIDConnectProviderArn"]
    trust(identity_env)
    return identity_env


def trust(identity_env, *more, **conditions):
    actions = [WEB, "sts:TagSession", "sts:SetSourceIdentity", *more]
    statement = {"Effect": "Allow", "Principal": {"Federated": identity_env.provider}, "Action": actions}
    if conditions:
        statement["Condition"] = {"StringEquals": conditions}
    identity_env.iam.update_assume_role_policy(RoleName="reader", PolicyDocument=document(statement))


def update(identity_env, **more):
    identity_env.iam.update_open_id_connect_provider(OpenIDConnectProviderArn=identity_env.provider, **more)


def described(identity_env):
    return identity_env.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=identity_env.provider)


def assume(identity_env, served, **claims):
    token = served.token(identity_env.world.clock.now(), **claims)
    return identity_env.sts().assume_role_with_web_identity(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/reader", RoleSessionName="one", WebIdentityToken=token
    )


def variables(identity_env, answer, **context):
    key = answer["Credentials"]["AccessKeyId"]
    return authorize(identity_env.world, access_key_id=key, action="s3:GetObject", context=context)[
        "variables"
    ]


class TestUpdateOpenIDConnectProvider:
    def test_it_sets_changes_and_removes_the_context_provider(self, identity_env):
        assert "ContextProvider" not in described(identity_env)
        update(identity_env, ContextProvider=CONTEXT)
        assert described(identity_env)["ContextProvider"] == CONTEXT
        update(identity_env, ContextProvider={"SubjectSourceKey": "sub"})
        assert described(identity_env)["ContextProvider"] == {"SubjectSourceKey": "sub"}
        update(identity_env, RemoveContextProvider=True)
        assert "ContextProvider" not in described(identity_env)

    def test_an_identity_center_instance_needs_a_context_provider_and_goes_first(self, identity_env):
        with refused("InvalidInput"):
            update(identity_env, IdentityCenterInstanceArn=INSTANCE)
        update(identity_env, ContextProvider=CONTEXT)
        update(identity_env, IdentityCenterInstanceArn=INSTANCE)
        found = described(identity_env)
        assert found["IdentityCenterInstanceArn"] == INSTANCE
        assert found["IdentityStoreArn"].startswith(f"arn:aws:identitystore::{ACCOUNT}:identitystore/d-")
        listed = identity_env.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        assert [entry["IsTrustedIdentityPropagationEnabled"] for entry in listed] == [True]
        with refused("InvalidInput"):
            update(identity_env, RemoveContextProvider=True)
        update(identity_env, RemoveIdentityCenterInstance=True)
        update(identity_env, RemoveContextProvider=True)
        assert not {"ContextProvider", "IdentityCenterInstanceArn", "IdentityStoreArn"} & set(
            described(identity_env)
        )

    @pytest.mark.parametrize(
        "more",
        [
            {},
            {"ContextProvider": CONTEXT, "RemoveContextProvider": True},
            {"IdentityCenterInstanceArn": INSTANCE, "RemoveIdentityCenterInstance": True},
            {"ContextProvider": CONTEXT, "IdentityCenterInstanceArn": INSTANCE},
            {"RemoveContextProvider": True, "RemoveIdentityCenterInstance": True},
            {"IdentityCenterInstanceArn": "arn:aws:sso:::other/x"},
            {"ContextProvider": {**CONTEXT, "SubjectTypeSourceKey": "kind"}},
            {"ContextProvider": {"SubjectSourceKey": " sub"}},
            {"ContextProvider": {"SubjectSourceKey": "a  b"}},
            {"ContextProvider": {"SubjectSourceKey": "sub", "SubjectTypeSourceKey": "a*b"}},
            {"ContextProvider": {"SubjectSourceKey": "sub", "KeyDefinitionList": [{"SourceKey": "ä"}]}},
        ],
    )
    def test_what_does_not_fit_is_refused_and_changes_nothing(self, identity_env, more):
        update(identity_env, ContextProvider={"SubjectSourceKey": "sub"})
        before = described(identity_env)
        with refused("InvalidInput"):
            update(identity_env, **more)
        after = described(identity_env)
        assert {**after, "ResponseMetadata": 0} == {**before, "ResponseMetadata": 0}

    def test_eleven_mappings_and_a_missing_subject_are_refused_by_the_model(self, identity_env):
        many = [{"SourceKey": f"key{number}"} for number in range(11)]
        with refused("ValidationError"):
            update(identity_env, ContextProvider={"SubjectSourceKey": "sub", "KeyDefinitionList": many})

    def test_one_that_is_not_there(self, identity_env):
        with refused("NoSuchEntity"):
            identity_env.iam.update_open_id_connect_provider(
                OpenIDConnectProviderArn=f"{identity_env.provider}x", RemoveContextProvider=True
            )

    def test_create_takes_both_at_once(self, identity_env):
        def create(name, **more):
            return identity_env.iam.create_open_id_connect_provider(Url=f"https://{name}.example.com", **more)

        with refused("InvalidInput"):
            create("one", IdentityCenterInstanceArn=INSTANCE)
        arn = create("two", ContextProvider=CONTEXT, IdentityCenterInstanceArn=INSTANCE)
        found = identity_env.iam.get_open_id_connect_provider(
            OpenIDConnectProviderArn=arn["OpenIDConnectProviderArn"]
        )
        assert (found["ContextProvider"], found["IdentityCenterInstanceArn"]) == (CONTEXT, INSTANCE)


class TestSessionsOfTokens:
    def test_the_answer_and_the_session_say_who_the_end_user_is(self, identity_env, served):
        update(identity_env, ContextProvider=CONTEXT)
        answer = assume(identity_env, served, email="ada@example.com", department="sales", level=3)
        origin = {
            "Subject": "ada@example.com",
            "SubjectType": "user",
            "Issuer": served.name,
            "FederatedProviderArn": identity_env.provider,
        }
        assert answer["TrustedIdentityPropagationContext"] == {
            "OriginIdentity": origin,
            "TransactionContext": {"IdentityProvider": {"Department": "sales", "level": "3"}},
        }
        found = variables(identity_env, answer, **{"aws:OriginIdentity/Subject": "eve"})
        assert found["aws:OriginIdentity/Subject"] == "ada@example.com"
        assert found["aws:TransactionContext/IdentityProvider/Department"] == "sales"

    def test_policies_decide_by_it(self, identity_env, served):
        update(identity_env, ContextProvider=CONTEXT)
        condition = {"StringEquals": {"aws:OriginIdentity/Subject": "ada@example.com"}}
        identity_env.iam.put_role_policy(
            RoleName="reader",
            PolicyName="own",
            PolicyDocument=document(allow("s3:PutObject", Condition=condition)),
        )
        for email, expected in (("ada@example.com", "allowed"), ("bob@example.com", "implicitDeny")):
            key = assume(identity_env, served, email=email)["Credentials"]["AccessKeyId"]
            found = authorize(identity_env.world, access_key_id=key, action="s3:PutObject")
            assert found["decision"] == expected

    def test_trust_policies_decide_by_it(self, identity_env, served):
        update(identity_env, ContextProvider=CONTEXT)
        trust(identity_env, **{"aws:OriginIdentity/Subject": "ada@example.com"})
        assert assume(identity_env, served, email="ada@example.com")
        with refused("AccessDenied"):
            assume(identity_env, served, email="bob@example.com")

    def test_the_kind_of_subject_may_be_a_claim(self, identity_env, served):
        update(identity_env, ContextProvider={"SubjectSourceKey": "sub", "SubjectTypeSourceKey": "kind"})
        answer = assume(identity_env, served, kind="workload")
        assert answer["TrustedIdentityPropagationContext"]["OriginIdentity"]["SubjectType"] == "workload"
        answer = assume(identity_env, served)
        assert "SubjectType" not in answer["TrustedIdentityPropagationContext"]["OriginIdentity"]
        assert "TransactionContext" not in answer["TrustedIdentityPropagationContext"]

    def test_without_a_provider_or_a_subject_there_is_none(self, identity_env, served):
        assert "TrustedIdentityPropagationContext" not in assume(identity_env, served, email="a@b.c")
        update(identity_env, ContextProvider=CONTEXT)
        assert "TrustedIdentityPropagationContext" not in assume(identity_env, served, department="sales")

    def test_values_that_are_too_long_or_lists_are_left_out(self, identity_env, served):
        update(identity_env, ContextProvider=CONTEXT)
        answer = assume(identity_env, served, email="a@b.c", department="x" * 129, level=["a", "b"])
        assert "TransactionContext" not in answer["TrustedIdentityPropagationContext"]

    def test_the_instance_is_in_the_session_and_not_in_the_answer(self, identity_env, served):
        update(identity_env, ContextProvider=CONTEXT)
        update(identity_env, IdentityCenterInstanceArn=INSTANCE)
        answer = assume(identity_env, served, email="a@b.c")
        assert INSTANCE not in str(answer["TrustedIdentityPropagationContext"])
        assert variables(identity_env, answer)["aws:IdentityCenterInstanceArn"] == INSTANCE

    def test_a_removed_one_leaves_sessions_as_they_are(self, identity_env, served):
        update(identity_env, ContextProvider=CONTEXT)
        answer = assume(identity_env, served, email="ada@example.com")
        update(identity_env, RemoveContextProvider=True)
        assert variables(identity_env, answer)["aws:OriginIdentity/Subject"] == "ada@example.com"
        assert "TrustedIdentityPropagationContext" not in assume(identity_env, served, email="a@b.c")


class TestSourceIdentity:
    def test_it_comes_from_the_token_and_stays_in_chained_sessions(self, identity_env, served):
        answer = assume(identity_env, served, **{SOURCE: "ada"})
        assert answer["SourceIdentity"] == "ada"
        assert variables(identity_env, answer)["aws:SourceIdentity"] == "ada"
        role(identity_env, "next", "sts:AssumeRole", "sts:SetSourceIdentity")
        sts = client("sts", answer["Credentials"])
        arn = f"arn:aws:iam::{ACCOUNT}:role/next"
        assert sts.assume_role(RoleArn=arn, RoleSessionName="two")["SourceIdentity"] == "ada"
        assert (
            sts.assume_role(RoleArn=arn, RoleSessionName="two", SourceIdentity="ada")["SourceIdentity"]
            == "ada"
        )
        with refused("AccessDenied"):
            sts.assume_role(RoleArn=arn, RoleSessionName="two", SourceIdentity="eve")

    def test_the_trust_policy_must_allow_it(self, identity_env, served):
        statement = {"Effect": "Allow", "Principal": {"Federated": identity_env.provider}, "Action": WEB}
        identity_env.iam.update_assume_role_policy(RoleName="reader", PolicyDocument=document(statement))
        assert "SourceIdentity" not in assume(identity_env, served)
        with refused("AccessDenied"):
            assume(identity_env, served, **{SOURCE: "ada"})

    def test_so_must_that_of_an_assumed_role(self, identity_env):
        role(identity_env, "closed", "sts:AssumeRole")
        arn = f"arn:aws:iam::{ACCOUNT}:role/closed"
        sts = identity_env.sts()
        assert sts.assume_role(RoleArn=arn, RoleSessionName="two")
        with refused("AccessDenied"):
            sts.assume_role(RoleArn=arn, RoleSessionName="two", SourceIdentity="ada")

    @pytest.mark.parametrize("length", [2, 256])
    def test_it_has_two_to_256_characters(self, identity_env, length):
        role(identity_env, "next", "sts:AssumeRole", "sts:SetSourceIdentity")
        arn = f"arn:aws:iam::{ACCOUNT}:role/next"
        sts = identity_env.sts()
        answer = sts.assume_role(RoleArn=arn, RoleSessionName="two", SourceIdentity="x" * length)
        assert answer["SourceIdentity"] == "x" * length
        with refused("ValidationError"):
            sts.assume_role(RoleArn=arn, RoleSessionName="two", SourceIdentity="x" * 257)

    @pytest.mark.parametrize("claim", ["a", "x" * 257, "a b", 7, ["ada"]])
    def test_a_claim_of_another_form_is_refused(self, identity_env, served, claim):
        with refused("InvalidIdentityToken"):
            assume(identity_env, served, **{SOURCE: claim})


def role(identity_env, name, *actions):
    statement = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": list(actions)}
    identity_env.role(name, trusts=document(statement))


class TestContextAssertions:
    @pytest.mark.parametrize("length", [4, 3072])
    def test_none_is_valid_here(self, identity_env, length):
        role(identity_env, "next", "sts:AssumeRole")
        arn = f"arn:aws:iam::{ACCOUNT}:role/next"
        provider = "arn:aws:iam::aws:contextProvider/IdentityCenter"
        contexts = [{"ProviderArn": provider, "ContextAssertion": "x" * length}]
        with refused("InvalidContextAssertion"):
            identity_env.sts().assume_role(RoleArn=arn, RoleSessionName="two", ProvidedContexts=contexts)

    def test_one_that_is_too_long_is_no_request(self, identity_env):
        contexts = [{"ProviderArn": INSTANCE, "ContextAssertion": "x" * 3073}]
        arn = f"arn:aws:iam::{ACCOUNT}:role/next"
        with refused("ValidationError"):
            identity_env.sts().assume_role(RoleArn=arn, RoleSessionName="two", ProvidedContexts=contexts)


class TestSubjectMode:
    @pytest.fixture
    def acting(self, identity_env, served):
        """Gives an STS client of a session for a user with this subject, and reads the claims of its token."""
        import jwt

        identity_env.iam.enable_outbound_web_identity_federation()
        update(identity_env, ContextProvider={"SubjectSourceKey": "email", "SubjectTypeValue": "user"})

        def made(subject="ada@example.com", audience=(AUDIENCE,), **more):
            claims = {"email": subject} if subject is not None else {}
            sts = client("sts", assume(identity_env, served, **claims)["Credentials"])
            answer = sts.get_web_identity_token(
                Audience=list(audience), SigningAlgorithm="RS256", SubjectMode="OriginIdentity", **more
            )
            return jwt.decode(answer["WebIdentityToken"], options={"verify_signature": False})

        return made

    def test_the_subject_is_the_end_user_and_the_principal_stays(self, acting):
        found = acting()
        assert found["sub"] == "ada@example.com"
        assert found[NAMESPACE]["principal_id"] == f"arn:aws:iam::{ACCOUNT}:role/reader"
        assert found[NAMESPACE]["subject_mode"] == "OriginIdentity"
        assert "scope" not in found

    def test_scope_is_copied_to_the_letter(self, acting):
        assert acting(Scope="read READ a:b")["scope"] == "read READ a:b"

    @pytest.mark.parametrize("scope", ["read read", " read", "a  b", 'a"b', "a,b", "x" * 257])
    def test_a_scope_of_another_form_is_refused(self, acting, scope):
        with refused("ValidationError"):
            acting(Scope=scope)

    def test_scope_needs_one_audience_and_an_end_user(self, identity_env, acting):
        with refused("ValidationError"):
            acting(Scope="read", audience=("https://a.example.com", "https://b.example.com"))
        with refused("ValidationError"):
            identity_env.sts().get_web_identity_token(
                Audience=[AUDIENCE], SigningAlgorithm="RS256", Scope="read"
            )

    def test_a_session_without_an_end_user_is_refused(self, identity_env, acting):
        with refused("ValidationError"):
            acting(subject=None)
        with refused("ValidationError"):
            identity_env.sts().get_web_identity_token(
                Audience=[AUDIENCE], SigningAlgorithm="RS256", SubjectMode="OriginIdentity"
            )

    @pytest.mark.parametrize(
        "subject", ["arn:aws:iam::1:user/x", "ARN:x", " ada", "ada ", "a\u00a0b", "a\u200bb", "a\tb"]
    )
    def test_a_subject_that_could_deceive_is_denied(self, acting, subject):
        with refused("AccessDenied"):
            acting(subject=subject)

    def test_policies_decide_on_mode_and_scope(self, identity_env, acting):
        def permit(*statements):
            identity_env.iam.put_role_policy(
                RoleName="reader", PolicyName="limits", PolicyDocument=document(*statements)
            )

        deny = {"Effect": "Deny", "Resource": "*"}
        permit({**deny, "Action": "sts:SetWebIdentityTokenScope"})
        assert acting()
        with refused("AccessDenied"):
            acting(Scope="read")
        only = {"ForAnyValue:StringNotEquals": {"sts:IdentityTokenScope": ["read"]}}
        permit({**deny, "Action": "sts:SetWebIdentityTokenScope", "Condition": only})
        assert acting(Scope="read")
        with refused("AccessDenied"):
            acting(Scope="read write")
        mode = {"StringEquals": {"sts:SubjectMode": "OriginIdentity"}}
        permit({**deny, "Action": "sts:GetWebIdentityToken", "Condition": mode})
        with refused("AccessDenied"):
            acting()


class TestSamlProviders:
    @pytest.fixture
    def corp(self, identity_env):
        pytest.importorskip("signxml", reason="the extra `saml` is not installed")
        from support.outside_providers import metadata

        identity_env.provider = identity_env.iam.create_saml_provider(
            Name="corp", SAMLMetadataDocument=metadata(), ContextProvider={"SubjectSourceKey": "mail"}
        )["SAMLProviderArn"]
        trust(identity_env, SAML)
        return identity_env

    def test_the_hash_of_the_signing_key_is_shown(self, corp):
        from support.outside_providers import ENTITY, metadata

        from cogmock.federation import saml_metadata

        certificate = load_pem_x509_certificate(saml_metadata.read(metadata()).certificates[0].encode())
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        found = corp.iam.get_saml_provider(SAMLProviderArn=corp.provider)
        assert found["SAMLKeyHashes"] == [
            {"IssuerURL": ENTITY, "KeyHashes": [hashlib.sha256(key).hexdigest()]}
        ]
        assert found["ContextProvider"] == {"SubjectSourceKey": "mail"}

    def test_attributes_become_the_context_and_the_issuer_is_the_key(self, corp):
        from support.outside_providers import assertion, response

        arn = f"arn:aws:iam::{ACCOUNT}:role/reader"
        said = {"Role": [f"{arn},{corp.provider}"], "RoleSessionName": ["one"], "SourceIdentity": ["ada"]}

        def assume(**more):
            encoded = response(assertion(corp.world.clock.now(), **said, **more))
            return corp.sts().assume_role_with_saml(
                RoleArn=arn, PrincipalArn=corp.provider, SAMLAssertion=encoded
            )

        answer = assume()
        assert answer["SourceIdentity"] == "ada"
        assert "TrustedIdentityPropagationContext" not in answer
        corp.iam.update_saml_provider(
            SAMLProviderArn=corp.provider,
            ContextProvider={"SubjectSourceKey": "NameID", "SubjectTypeValue": "user"},
        )
        [hashed] = corp.iam.get_saml_provider(SAMLProviderArn=corp.provider)["SAMLKeyHashes"][0]["KeyHashes"]
        assert assume()["TrustedIdentityPropagationContext"] == {
            "OriginIdentity": {
                "Subject": "ada",
                "SubjectType": "user",
                "Issuer": hashed,
                "FederatedProviderArn": corp.provider,
            }
        }

    def test_update_and_list_as_those_of_openid(self, corp):
        arn = {"SAMLProviderArn": corp.provider}
        corp.iam.update_saml_provider(**arn, IdentityCenterInstanceArn=INSTANCE)
        [listed] = corp.iam.list_saml_providers()["SAMLProviderList"]
        assert listed["IsTrustedIdentityPropagationEnabled"] is True
        with refused("InvalidInput"):
            corp.iam.update_saml_provider(**arn, RemoveContextProvider=True)
        corp.iam.update_saml_provider(**arn, RemoveIdentityCenterInstance=True)
        corp.iam.update_saml_provider(**arn, RemoveContextProvider=True)
        assert "ContextProvider" not in corp.iam.get_saml_provider(**arn)


class TestMaxSigninSessionDuration:
    def test_it_is_kept_changed_and_reset(self, identity_env):
        iam = identity_env.iam
        trusts = document({"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"})

        def shown():
            return iam.get_role(RoleName="clerk")["Role"].get("MaxSigninSessionDuration")

        iam.create_role(RoleName="clerk", AssumeRolePolicyDocument=trusts, MaxSigninSessionDuration=3600)
        assert shown() == 3600
        iam.update_role(RoleName="clerk", MaxSigninSessionDuration=7776000)
        assert shown() == 7776000
        iam.update_role(RoleName="clerk", Description="x", ResetMaxSigninSessionDuration=False)
        assert shown() == 7776000
        with refused("InvalidInput"):
            iam.update_role(
                RoleName="clerk", MaxSigninSessionDuration=3600, ResetMaxSigninSessionDuration=True
            )
        iam.update_role(RoleName="clerk", ResetMaxSigninSessionDuration=True)
        assert shown() is None
        iam.update_role(RoleName="clerk", ResetMaxSigninSessionDuration=True)
        unchecked = client("iam", config=Config(parameter_validation=False))
        for seconds in (3599, 7776001):
            with refused("ValidationError"):
                unchecked.update_role(RoleName="clerk", MaxSigninSessionDuration=seconds)
