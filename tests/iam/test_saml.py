"""AssumeRoleWithSAML and SAML logins of identity pools, with assertions signed in the test."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from support.identity_env import ACCOUNT, IdentityPoolEnv, allow, client, document, trust
from support.outside_providers import AWS, ENTITY, RECIPIENT, assertion, metadata, response
from support.pool_env import refused

from cogmock.iam.sessions.authorize import authorize

pytest.importorskip("signxml", reason="the extra `saml` is not installed")

ACTION = "sts:AssumeRoleWithSAML"
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def identity_env(cognito):
    identity_env = IdentityPoolEnv(cognito)
    identity_env.arn = identity_env.iam.create_saml_provider(Name="corp", SAMLMetadataDocument=metadata())[
        "SAMLProviderArn"
    ]
    for name in ("reader", "writer"):
        identity_env.role(name, allow(), trusts=trusting(identity_env.arn))
    return identity_env


def trusting(arn, audience=RECIPIENT, **conditions):
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Federated": arn},
            "Action": [ACTION, "sts:TagSession"],
            "Condition": {"StringEquals": {"SAML:aud": audience, **conditions}},
        }
    )


def role(name):
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def said(identity_env, *names, **more):
    """An assertion that offers the roles with these names."""
    attributes = {
        "Role": [f"{role(name)},{identity_env.arn}" for name in names or ("reader",)],
        "RoleSessionName": ["ada@example.com"],
        **more,
    }
    return assertion(identity_env.world.clock.now(), **{name: of for name, of in attributes.items() if of})


def assume(identity_env, encoded, name="reader", **more):
    return identity_env.sts().assume_role_with_saml(
        RoleArn=role(name), PrincipalArn=identity_env.arn, SAMLAssertion=encoded, **more
    )


class TestAssumeRoleWithSAML:
    @pytest.mark.parametrize("sign", ["assertion", "response"])
    def test_a_signed_assertion_ends_in_credentials(self, identity_env, sign):
        answer = assume(identity_env, response(said(identity_env), sign=sign))
        assert answer["AssumedRoleUser"]["Arn"] == (
            f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/ada@example.com"
        )
        assert (answer["Subject"], answer["SubjectType"]) == ("ada", "persistent")
        assert (answer["Issuer"], answer["Audience"]) == (ENTITY, RECIPIENT)
        named = f"{ENTITY}{ACCOUNT}/corp".encode()
        assert answer["NameQualifier"] == base64.b64encode(hashlib.sha1(named).digest()).decode()
        assert identity_env.caller(answer["Credentials"])["Account"] == ACCOUNT

    def test_the_pair_of_role_and_provider_may_stand_in_either_order(self, identity_env):
        inner = said(identity_env, Role=[f"{identity_env.arn}, {role('reader')}"])
        assert assume(identity_env, response(inner))

    def test_conditions_see_the_assertion(self, identity_env):
        identity_env.iam.update_assume_role_policy(
            RoleName="reader",
            PolicyDocument=trusting(identity_env.arn, **{"saml:sub": "ada", "saml:doc": f"{ACCOUNT}/corp"}),
        )
        answer = assume(identity_env, response(said(identity_env)))
        variables = authorize(
            identity_env.world, access_key_id=answer["Credentials"]["AccessKeyId"], action="s3:GetObject"
        )["variables"]
        assert variables["saml:sub_type"] == "persistent"
        with refused("AccessDenied", f"Not authorized to perform {ACTION}"):
            assume(identity_env, response(said(identity_env, subject="bob")))

    def test_tags_and_duration_come_with_it(self, identity_env):
        inner = said(identity_env, **{f"{AWS}PrincipalTag:team": ["x"], "SessionDuration": ["1800"]})
        answer = assume(identity_env, response(inner))
        left = answer["Credentials"]["Expiration"].timestamp() - identity_env.world.clock.now()
        assert 1790 < left <= 1800
        found = authorize(
            identity_env.world, access_key_id=answer["Credentials"]["AccessKeyId"], action="s3:GetObject"
        )
        assert found["principal_tags"] == {"team": "x"}

    def test_a_role_that_is_not_offered(self, identity_env):
        with refused("AccessDenied", f"Not authorized to perform {ACTION}"):
            assume(identity_env, response(said(identity_env)), "writer")
        with refused("AccessDenied"):
            assume(identity_env, response(said(identity_env, Role=[f"{role('reader')},{identity_env.arn}x"])))

    def test_without_a_session_name(self, identity_env):
        with refused("InvalidIdentityToken", "RoleSessionName is required in AuthnResponse"):
            assume(identity_env, response(said(identity_env, RoleSessionName=None)))

    def test_a_provider_that_is_not_there(self, identity_env):
        encoded = response(said(identity_env))
        identity_env.iam.delete_saml_provider(SAMLProviderArn=identity_env.arn)
        with refused("InvalidIdentityToken"):
            assume(identity_env, encoded)

    def test_an_expired_one(self, identity_env):
        encoded = response(said(identity_env))
        identity_env.cognito.clock.advance(seconds=301)
        with refused("ExpiredTokenException"):
            assume(identity_env, encoded)

    def test_one_of_the_future(self, identity_env):
        encoded = response(said(identity_env))
        identity_env.cognito.clock.advance(hours=-2)
        with refused("InvalidIdentityToken"):
            assume(identity_env, encoded)

    def test_another_audience(self, identity_env):
        with refused("InvalidIdentityToken"):
            assume(identity_env, response(said(identity_env, audience="https://other.example")))

    def test_a_foreign_issuer(self, identity_env):
        with refused("InvalidIdentityToken"):
            assume(identity_env, response(said(identity_env, entity="https://evil.example")))

    def test_a_foreign_key(self, identity_env):
        for sign in ("assertion", "response"):
            with refused("InvalidIdentityToken", "Response signature invalid"):
                assume(identity_env, response(said(identity_env), key=STRANGER, sign=sign))

    def test_no_signature(self, identity_env):
        with refused("InvalidIdentityToken"):
            assume(identity_env, response(said(identity_env), sign=None))

    def test_a_failure_is_no_success(self, identity_env):
        status = "urn:oasis:names:tc:SAML:2.0:status:Responder"
        with refused("InvalidIdentityToken"):
            assume(identity_env, response(said(identity_env), status=status))

    def test_a_changed_assertion(self, identity_env):
        text = base64.b64decode(response(said(identity_env))).decode()
        assert text.count(">ada<") == 1
        changed = base64.b64encode(text.replace(">ada<", ">root<").encode()).decode()
        with refused("InvalidIdentityToken"):
            assume(identity_env, changed)

    def test_an_unsigned_assertion_beside_the_signed_one_says_nothing(self, identity_env):
        """Signature wrapping: only the signed element may be read."""
        signed = base64.b64decode(response(said(identity_env))).decode()
        forged = said(identity_env, "writer").replace('ID="_a1"', 'ID="_a2"').replace(">ada<", ">root<")
        at = signed.index("<saml:Assertion")
        for wrapped in (
            signed[:at] + forged + signed[at:],
            signed.replace("</samlp:Response>", forged + "</samlp:Response>"),
        ):
            encoded = base64.b64encode(wrapped.encode()).decode()
            with refused("AccessDenied"):
                assume(identity_env, encoded, "writer")
            assert assume(identity_env, encoded)["Subject"] == "ada"

    def test_a_comment_does_not_cut_a_name_short(self, identity_env):
        inner = said(identity_env, subject="ada<!-- -->.evil")
        assert assume(identity_env, response(inner))["Subject"] in {"ada.evil"}

    @pytest.mark.parametrize(
        "document",
        [
            b"not xml",
            b"<a/>",
            b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
            b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>',
            b"<a>" * 5000,
        ],
        ids=["text", "empty", "external entity", "entities", "deep"],
    )
    def test_documents_that_are_no_response(self, identity_env, document):
        with refused("InvalidIdentityToken"):
            assume(identity_env, base64.b64encode(document).decode())

    @pytest.mark.parametrize(
        ("found", "instead"),
        [
            ("cm:bearer", "cm:holder-of-key"),
            ("NotOnOrAfter=", "Until="),
            (">ada<", "><"),
            ('NotBefore="2', 'NotBefore="x2'),
            ("<saml:Issuer>", "<saml:Issuer> <!-- -->"),
        ],
        ids=["no bearer", "no end", "no name", "no time", "blanks"],
    )
    def test_signed_but_not_as_it_should_be(self, identity_env, found, instead):
        inner = said(identity_env)
        assert found in inner
        encoded = response(inner.replace(found, instead))
        if found == "<saml:Issuer>":
            assert assume(identity_env, encoded)["Issuer"] == ENTITY
            return
        with refused("InvalidIdentityToken"):
            assume(identity_env, encoded)

    def test_metadata_without_a_certificate(self, identity_env):
        start, end = "<KeyDescriptor", "</KeyDescriptor>"
        text = metadata()
        bare = text[: text.index(start)] + text[text.index(end) + len(end) :]
        identity_env.iam.update_saml_provider(
            SAMLProviderArn=identity_env.arn, SAMLMetadataDocument=bare + " " * 1000
        )
        with refused("InvalidIdentityToken"):
            assume(identity_env, response(said(identity_env)))

    def test_a_key_that_is_replaced(self, identity_env):
        identity_env.iam.update_saml_provider(
            SAMLProviderArn=identity_env.arn, SAMLMetadataDocument=metadata(STRANGER)
        )
        with refused("InvalidIdentityToken"):
            assume(identity_env, response(said(identity_env)))
        assert assume(identity_env, response(said(identity_env), key=STRANGER))

    def test_without_the_extra_it_says_how_it_comes(self, identity_env, monkeypatch):
        import sys

        encoded = response(said(identity_env))
        for name in [name for name in sys.modules if name.partition(".")[0] in {"signxml", "lxml"}]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, "lxml", None)
        with refused(
            "NotImplementedException",
            "SAML needs an optional dependency: pip install 'cogmock[saml]' (lxml is missing)",
        ):
            assume(identity_env, encoded)

    def test_what_is_no_base64(self, identity_env):
        with refused("InvalidIdentityToken"):
            assume(identity_env, "<<<<>>>>")


class TestLogins:
    @pytest.fixture
    def pooled(self, identity_env):
        identity_env.pool_id = identity_env.pool(SamlProviderARNs=[identity_env.arn])
        return identity_env

    def logins(self, identity_env, *names, **more):
        return {identity_env.arn: response(said(identity_env, *names, **more))}

    def test_the_role_comes_from_the_assertion(self, pooled):
        logins = self.logins(pooled)
        identity_id = pooled.id_of(logins)
        assert identity_id == pooled.id_of(self.logins(pooled))
        credentials = pooled.credentials(logins=logins, identity_id=identity_id)
        assert pooled.caller(credentials)["Arn"].endswith("/reader/CognitoIdentityCredentials")

    def test_of_several_the_caller_must_choose(self, pooled):
        logins = self.logins(pooled, "reader", "writer")
        credentials = pooled.credentials(logins=logins, CustomRoleArn=role("writer"))
        assert "/writer/" in pooled.caller(credentials)["Arn"]
        with refused("NotAuthorizedException"):
            pooled.credentials(logins=logins)
        with refused("NotAuthorizedException"):
            pooled.credentials(logins=logins, CustomRoleArn=role("other"))

    def test_a_role_may_trust_the_identity_pool_instead(self, pooled):
        pooled.iam.update_assume_role_policy(RoleName="reader", PolicyDocument=trust(pooled.pool_id))
        assert pooled.credentials(logins=self.logins(pooled))
        pooled.iam.update_assume_role_policy(
            RoleName="reader", PolicyDocument=trust(pooled.pool_id, amr=["unauthenticated"])
        )
        with refused("InvalidIdentityPoolConfigurationException"):
            pooled.credentials(logins=self.logins(pooled))

    def test_the_classic_flow_is_not_for_them(self, pooled):
        logins = self.logins(pooled)
        identity_id = pooled.id_of(logins)
        with refused("InvalidParameterException"):
            pooled.identity.get_open_id_token(IdentityId=identity_id, Logins=logins)

    def test_a_bad_one_creates_nothing(self, pooled):
        before = pooled.count()
        for token in ("x", response(said(pooled), key=STRANGER)):
            with refused("NotAuthorizedException"):
                pooled.id_of({pooled.arn: token})
        with refused(
            "NotAuthorizedException", "Token is not from a supported provider of this identity pool."
        ):
            pooled.id_of({f"{pooled.arn}2": response(said(pooled))})
        assert pooled.count() == before


def test_its_credentials_work(identity_env):
    assert client(
        "sts", assume(identity_env, response(said(identity_env)))["Credentials"]
    ).get_caller_identity()
