"""What tokens say, claim by claim; each is verified by a library that is not ours."""

import base64
import hashlib
import re

import jwt
import pytest

from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.core.world import World
from cogmock.errors import NotAuthorizedException, UserNotFoundException
from cogmock.settings import Settings
from cogmock.state.client import UserPoolClient
from cogmock.state.expiring import Expiring
from cogmock.state.group import Group
from cogmock.state.session import Session
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
POOL = "us-east-1_AbCdEfGhI"
SUB = "11111111-2222-4333-8444-555555555555"
NOW = 1_800_000_000

pytestmark = pytest.mark.usefixtures("still")


class Bench:
    """A pool with one client, one user and one session, at a fixed time."""

    def __init__(self, **client_settings):
        self.world = World(Settings(issuer="aws"))
        self.world.clock.set(NOW)
        self.pool = UserPool(
            id=POOL, arn="", name="p", settings={}, schema={}, created=0, modified=0, seal_key=bytes(32)
        )
        self.client = UserPoolClient(
            id="client1", pool_id=POOL, name="c", settings=client_settings, created=0, modified=0
        )
        self.user = User(
            name="ada",
            sub=SUB,
            attributes={
                "email": "ada@example.com",
                "email_verified": "true",
                "phone_number_verified": "false",
                "address": "1 Main Street",
                "custom:level": "7",
            },
            status="CONFIRMED",
            created=0,
            modified=0,
        )
        self.pool.users.add(self.user)
        self.session = Session(
            id="origin",
            client_id="client1",
            event_id="event",
            authenticated=NOW - 100.5,
            expires=NOW + 2592000,
            last_active=NOW,
            acr="urn:cognito:loa:1",
        )
        self.user.sessions = Expiring()
        self.user.sessions["origin"] = self.session

    def call(self):
        return Call(self.world, self.world.region(), "request")

    def mint(self, **more):
        with self.call() as call:
            return pool_tokens.mint(call, self.pool, self.client, self.user, self.session, **more)

    def payloads(self, **more):
        """ID and access claims, verified, and without their two random ids."""
        minted = self.mint(**more)
        id_key, access_key = self.pool.keys
        checks = {"verify_exp": False, "verify_iat": False}
        read = [
            jwt.decode(minted.id, id_key.public, ["RS256"], audience="client1", options=checks),
            jwt.decode(minted.access, access_key.public, ["RS256"], options=checks),
        ]
        for claims in read:
            claims.pop("jti", None)
        return read

    def read(self, token):
        with self.call() as call:
            return pool_tokens.read(call, self.pool, token)


@pytest.fixture
def bench():
    return Bench()


class TestMint:
    def test_an_id_token_says_just_this(self, bench):
        identity, _ = bench.payloads()
        assert identity == {
            "sub": SUB,
            "iss": f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}",
            "origin_jti": "origin",
            "event_id": "event",
            "auth_time": NOW - 101,
            "iat": NOW,
            "exp": NOW + 3600,
            "acr": "urn:cognito:loa:1",
            "amr": ["pwd"],
            "token_use": "id",
            "aud": "client1",
            "cognito:username": "ada",
            "email": "ada@example.com",
            "email_verified": True,
            "phone_number_verified": False,
            "address": {"formatted": "1 Main Street"},
            "custom:level": "7",
        }

    def test_an_access_token_says_just_this(self, bench):
        _, access = bench.payloads()
        assert access == {
            "sub": SUB,
            "iss": f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}",
            "origin_jti": "origin",
            "event_id": "event",
            "auth_time": NOW - 101,
            "iat": NOW,
            "exp": NOW + 3600,
            "acr": "urn:cognito:loa:1",
            "amr": ["pwd"],
            "token_use": "access",
            "scope": "aws.cognito.signin.user.admin",
            "client_id": "client1",
            "username": "ada",
        }

    def test_the_newer_issuer_where_the_pool_asks_for_it(self, bench):
        bench.pool.settings["IssuerConfiguration"] = {"Type": "UPDATED"}
        for claims in bench.payloads():
            assert claims["iss"] == f"https://issuer-cognito-idp.us-east-1.amazonaws.com/{POOL}"

    def test_the_header_has_kid_and_alg_alone_and_each_token_its_own_key(self, bench):
        minted = bench.mint()
        headers = [jwt.get_unverified_header(token) for token in (minted.id, minted.access)]
        assert [sorted(header) for header in headers] == [["alg", "kid"]] * 2
        assert [header["alg"] for header in headers] == ["RS256", "RS256"]
        assert headers[0]["kid"] != headers[1]["kid"]
        assert all(len(header["kid"]) == 44 and header["kid"].endswith("=") for header in headers)

    def test_each_token_has_a_jti_of_its_own(self, bench):
        minted = [bench.mint(), bench.mint()]
        ids = [
            jwt.decode(token, options={"verify_signature": False})["jti"]
            for one in minted
            for token in (one.id, one.access)
        ]
        assert len(set(ids)) == 4
        assert all(UUID.fullmatch(of) for of in ids)

    def test_without_revocation_there_is_no_origin_and_no_jti(self):
        bench = Bench(EnableTokenRevocation=False)
        minted = bench.mint()
        for token in (minted.id, minted.access):
            claims = jwt.decode(token, options={"verify_signature": False})
            assert "jti" not in claims
            assert "origin_jti" not in claims

    def test_groups_come_by_precedence_and_roles_in_the_id_token_alone(self, bench):
        for name, precedence, role in (("low", 9, "arn:low"), ("top", 1, "arn:top"), ("none", None, None)):
            group = Group(name=name, created=0, modified=0, precedence=precedence, role_arn=role)
            bench.pool.groups.add(group)
        bench.user.groups = dict.fromkeys(["none", "low", "top"])
        identity, access = bench.payloads()
        assert identity["cognito:groups"] == access["cognito:groups"] == ["top", "low", "none"]
        assert identity["cognito:roles"] == ["arn:top", "arn:low"]
        assert identity["cognito:preferred_role"] == "arn:top"
        assert not {"cognito:roles", "cognito:preferred_role"} & access.keys()

    def test_two_best_groups_with_different_roles_prefer_none(self, bench):
        for name in ("a", "b"):
            bench.pool.groups.add(
                Group(name=name, created=0, modified=0, precedence=1, role_arn=f"arn:{name}")
            )
        bench.user.groups = dict.fromkeys(["a", "b"])
        identity, _ = bench.payloads()
        assert identity["cognito:roles"] == ["arn:a", "arn:b"]
        assert "cognito:preferred_role" not in identity

    def test_two_best_groups_with_one_role_prefer_it(self, bench):
        for name, role in (("a", "arn:same"), ("b", "arn:same")):
            bench.pool.groups.add(Group(name=name, created=0, modified=0, precedence=0, role_arn=role))
        bench.pool.groups.add(Group(name="c", created=0, modified=0, precedence=None, role_arn="arn:last"))
        bench.user.groups = dict.fromkeys(["a", "b", "c"])
        identity, _ = bench.payloads()
        assert identity["cognito:preferred_role"] == "arn:same"

    def test_the_id_token_shows_what_the_client_may_read(self):
        bench = Bench(ReadAttributes=["email"])
        identity, _ = bench.payloads()
        assert identity["email"] == "ada@example.com"
        assert not {"email_verified", "address", "custom:level"} & identity.keys()

    def test_a_device_is_named_in_the_access_token_alone(self, bench):
        bench.session.device_key = "us-east-1_device"
        identity, access = bench.payloads()
        assert access["device_key"] == "us-east-1_device"
        assert "device_key" not in identity

    def test_linked_identities_are_in_the_id_token_alone(self, bench):
        bench.user.identities = [
            {
                "userId": "1",
                "providerName": "Google",
                "providerType": "Google",
                "issuer": None,
                "primary": "true",
                "dateCreated": "1700000000000",
            }
        ]
        identity, access = bench.payloads()
        assert identity["identities"] == bench.user.identities
        assert "identities" not in access

    def test_an_oauth_sign_in_adds_version_nonce_and_at_hash(self, bench):
        bench.session.oauth = True
        bench.session.scopes = ("openid", "email")
        minted = bench.mint(nonce="n-1")
        identity = jwt.decode(minted.id, options={"verify_signature": False})
        access = jwt.decode(minted.access, options={"verify_signature": False})
        half = hashlib.sha256(minted.access.encode()).digest()[:16]
        assert identity["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
        assert identity["nonce"] == "n-1"
        assert (access["version"], access["scope"]) == (2, "openid email")
        assert not {"version", "nonce", "at_hash"} & (identity.keys() ^ {"nonce", "at_hash"})

    @pytest.mark.parametrize(
        ("settings", "seconds"),
        [
            ({}, 3600),
            ({"AccessTokenValidity": 2}, 7200),
            ({"AccessTokenValidity": 10, "TokenValidityUnits": {"AccessToken": "minutes"}}, 600),
            ({"AccessTokenValidity": 1, "TokenValidityUnits": {"AccessToken": "days"}}, 86400),
        ],
    )
    def test_validity_counts_in_the_clients_units(self, settings, seconds):
        _, access = Bench(**settings).payloads()
        assert access["exp"] - access["iat"] == seconds


class TestRefreshToken:
    def test_it_looks_like_awss(self, bench):
        token = bench.mint().refresh
        assert token.startswith("eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ.")
        assert token.count(".") == 4

    def test_it_is_good_for_its_client_alone(self, bench):
        token = bench.mint().refresh
        other = UserPoolClient(id="other", pool_id=POOL, name="o", settings={}, created=0, modified=0)
        with bench.call() as call:
            found = pool_tokens.read_refresh_token(call, bench.pool, bench.client, token)
            assert (found.user, found.session) == (bench.user, bench.session)
            with pytest.raises(NotAuthorizedException, match=r"^Invalid Refresh Token$"):
                pool_tokens.read_refresh_token(call, bench.pool, other, token)

    @pytest.mark.parametrize("spoil", ["", "x", "a.b.c.d.e", "....", "é.é.é.é.é"])
    def test_garbage_is_invalid(self, bench, spoil):
        with bench.call() as call, pytest.raises(NotAuthorizedException, match=r"^Invalid Refresh Token$"):
            pool_tokens.read_refresh_token(call, bench.pool, bench.client, spoil)

    def test_it_ends_by_the_clock_and_says_so(self, bench):
        token = bench.mint().refresh
        bench.world.clock.set(NOW + 2592001)
        with bench.call() as call, pytest.raises(NotAuthorizedException, match="has expired"):
            pool_tokens.read_refresh_token(call, bench.pool, bench.client, token)

    def test_without_its_session_it_is_revoked(self, bench):
        token = bench.mint().refresh
        bench.user.sessions = None
        with bench.call() as call, pytest.raises(NotAuthorizedException, match="has been revoked"):
            pool_tokens.read_refresh_token(call, bench.pool, bench.client, token)


class TestRead:
    def test_a_good_token_gives_user_and_claims(self, bench):
        user, claims = bench.read(bench.mint().access)
        assert user is bench.user
        assert claims["client_id"] == "client1"

    def test_an_id_token_a_strange_signature_and_garbage_are_invalid(self, bench):
        minted = bench.mint()
        head, payload, signature = minted.access.split(".")
        unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
        for token in (
            minted.id,
            Bench().mint().access,
            f"{head}.{payload}.{signature[:-4]}AAAA",
            f"{unsigned}.{payload}.",
            "a.b.c",
            "",
        ):
            with pytest.raises(NotAuthorizedException, match=r"^Invalid Access Token$"):
                bench.read(token)

    def test_an_expired_one(self, bench):
        token = bench.mint().access
        bench.world.clock.set(NOW + 3601)
        with pytest.raises(NotAuthorizedException, match=r"^Access Token has expired$"):
            bench.read(token)

    @pytest.mark.parametrize("revocable", [True, False])
    def test_one_whose_session_was_ended(self, revocable):
        bench = Bench(EnableTokenRevocation=revocable)
        token = bench.mint().access
        assert bench.read(token)
        bench.user.sessions = None
        with pytest.raises(NotAuthorizedException, match=r"^Access Token has been revoked$"):
            bench.read(token)

    def test_one_of_a_user_who_is_disabled_or_gone(self, bench):
        token = bench.mint().access
        bench.user.enabled = False
        with pytest.raises(NotAuthorizedException, match="User is disabled"):
            bench.read(token)
        bench.pool.users.remove(bench.user)
        with pytest.raises(UserNotFoundException, match="User does not exist"):
            bench.read(token)
