"""What one call does, counted rather than timed: nothing is parsed, verified or matched twice."""

from collections import Counter

import boto3
import pytest

from cogmock import foreign_json, mock_cognito
from cogmock.crypto import jws
from cogmock.testing import active
from cogmock.wire import constraints, model


@pytest.fixture
def shop():
    with mock_cognito() as cognito:
        yield cognito.make_pool(users=["ada"])


@pytest.fixture
def access_key(shop):
    """The key that signs the access tokens of the pool; it has signed one by now."""
    assert shop.user("ada").tokens
    run = active.current()
    return run.world.find_pool(shop.id)[1].keys[1]


@pytest.fixture
def idp():
    return boto3.client("cognito-idp", region_name="us-east-1")


@pytest.fixture
def counted(monkeypatch):
    counts = Counter()

    def count(owner, name, key):
        original = getattr(owner, name)

        def counting(*args, **kwargs):
            counts[key] += 1
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, counting)

    count(foreign_json, "read", "JSON texts")
    count(constraints, "parsed", "bodies")
    return counts


def verifications(key, monkeypatch):
    """Counts how often a signature is computed with a key."""
    made = []

    class Public:
        def __init__(self, public):
            self.public = public

        def verify(self, *args):
            made.append(1)
            return self.public.verify(*args)

        def __getattr__(self, name):
            return getattr(self.public, name)

    monkeypatch.setattr(key, "public", Public(key.public))
    return made


class TestGetUser:
    def test_the_token_is_parsed_once(self, shop, idp, counted):
        token = shop.user("ada").tokens.access_token
        jws._parsed.cache_clear()
        counted.clear()
        idp.get_user(AccessToken=token)
        assert counted["JSON texts"] == 3  # the body, and header and claims of the token
        counted.clear()
        idp.get_user(AccessToken=token)
        assert counted["JSON texts"] == 1

    def test_the_signature_of_an_own_token_is_not_computed(self, shop, idp, access_key, monkeypatch):
        made = verifications(access_key, monkeypatch)
        idp.get_user(AccessToken=shop.user("ada").tokens.access_token)
        assert made == []

    def test_a_signature_that_the_key_does_not_remember_is_computed_once(
        self, shop, idp, access_key, monkeypatch
    ):
        made = verifications(access_key, monkeypatch)
        monkeypatch.setattr(access_key, "_known", {})
        for _ in range(3):
            idp.get_user(AccessToken=shop.user("ada").tokens.access_token)
        assert made == [1]

    def test_a_remembered_token_is_refused_once_it_expired_or_was_revoked(self, shop, idp):
        token = shop.user("ada").tokens.access_token
        idp.get_user(AccessToken=token)
        idp.global_sign_out(AccessToken=token)
        with pytest.raises(idp.exceptions.NotAuthorizedException, match="revoked"):
            idp.get_user(AccessToken=token)

    def test_a_remembered_token_with_another_signature_is_refused(self, shop, idp):
        token = shop.user("ada").tokens.access_token
        idp.get_user(AccessToken=token)
        signed, _, signature = token.rpartition(".")
        other = f"{signed}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
        with pytest.raises(idp.exceptions.NotAuthorizedException, match="Invalid Access Token"):
            idp.get_user(AccessToken=other)


class TestCreateUserPool:
    def test_only_the_members_that_are_given_are_compiled(self, idp, monkeypatch):
        made = []
        compile_shape = constraints.compile_shape
        monkeypatch.setattr(
            constraints,
            "compile_shape",
            lambda name, shapes: made.append(name) or compile_shape(name, shapes),
        )
        monkeypatch.setattr(model.load("cognito-idp").operations["CreateUserPool"], "_check", None)
        with mock_cognito():
            for _ in range(2):
                idp.create_user_pool(PoolName="one")
        assert made == ["CreateUserPoolRequest", "UserPoolNameType"]

    def test_pools_of_a_name_alone_share_no_settings_that_one_may_change(self, shop, idp):
        first = idp.create_user_pool(PoolName="one")["UserPool"]
        function = "arn:aws:lambda:us-east-1:123456789012:function:f"
        idp.update_user_pool(
            UserPoolId=first["Id"],
            LambdaConfig={"PreSignUp": function},
            EmailConfiguration={"EmailSendingAccount": "COGNITO_DEFAULT", "ReplyToEmailAddress": "a@b.c"},
            MfaConfiguration="OFF",
        )
        idp.set_user_pool_mfa_config(
            UserPoolId=first["Id"], SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="ON"
        )
        second = idp.create_user_pool(PoolName="two")["UserPool"]
        names = {"Id", "Arn", "Name", "CreationDate", "LastModifiedDate"}
        assert {name: first[name] for name in first if name not in names} == {
            name: second[name] for name in second if name not in names
        }
        assert second["LambdaConfig"] == {}
        assert second["MfaConfiguration"] == "OFF"
