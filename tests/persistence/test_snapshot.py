"""A snapshot is put in place of all state, and what was issued before goes on."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import boto3
import pytest
from support.pool_env import OTHER, PASSWORD, PoolEnv

from cogmock import CognitoServer, mock_cognito
from cogmock.core.keys import STOCK
from cogmock.persistence import formats, pool_data, rows, snapshot
from cogmock.persistence.errors import Damaged, Newer, PersistenceError
from cogmock.persistence.root import Root

FORMATS = Path(__file__).parent / "formats"


@pytest.fixture
def cognito():
    with mock_cognito() as handle:
        yield handle


@pytest.fixture
def env(cognito):
    env = PoolEnv(cognito, AutoVerifiedAttributes=["email"])
    env.add_user("ada", email="ada@example.com")
    return env


def through_json(value):
    return json.loads(json.dumps(value, allow_nan=False))


def restored(cognito, changed=lambda: None):
    """Takes a snapshot, changes the state, drops it all and puts the snapshot back."""
    taken = through_json(cognito.snapshot())
    changed()
    cognito.reset()
    cognito.restore(taken)
    return taken


class TestWhatIsBack:
    def test_users_passwords_and_attributes(self, cognito, env):
        before = env.user()
        restored(cognito, lambda: env.add_user("bob"))
        assert env.user()["UserAttributes"] == before["UserAttributes"]
        assert env.sign_in("ada", PASSWORD)["AccessToken"]
        assert [user["Username"] for user in env.idp.list_users(UserPoolId=env.pool_id)["Users"]] == ["ada"]

    def test_access_and_refresh_tokens(self, cognito, env):
        tokens = env.sign_in("ada", PASSWORD)
        restored(cognito)
        assert env.idp.get_user(AccessToken=tokens["AccessToken"])["Username"] == "ada"
        fresh = env.idp.initiate_auth(
            ClientId=env.client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
        )
        assert fresh["AuthenticationResult"]["AccessToken"]

    def test_a_sign_out_after_the_snapshot_is_undone(self, cognito, env):
        token = env.sign_in("ada", PASSWORD)["AccessToken"]
        restored(cognito, lambda: env.idp.global_sign_out(AccessToken=token))
        assert env.idp.get_user(AccessToken=token)["Username"] == "ada"

    def test_a_code_that_was_sent_and_not_used(self, cognito, env):
        env.sign_up("eve", attributes={"email": "eve@example.com"})
        code = env.code("eve")
        restored(cognito, lambda: env.confirm("eve"))
        assert cognito.messages.last(username="eve").code == code
        env.confirm("eve", code)
        assert env.user("eve")["UserStatus"] == "CONFIRMED"

    def test_a_challenge_that_waits_for_its_answer(self, cognito, env):
        env.create("new", TemporaryPassword=PASSWORD)
        asked = env.idp.initiate_auth(
            ClientId=env.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "new", "PASSWORD": PASSWORD},
        )
        restored(cognito)
        answered = env.idp.respond_to_auth_challenge(
            ClientId=env.client_id,
            ChallengeName=asked["ChallengeName"],
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "new", "NEW_PASSWORD": OTHER},
        )
        assert answered["AuthenticationResult"]["AccessToken"]

    def test_temporary_credentials_of_identity_pools(self, cognito):
        identity = boto3.client("cognito-identity", region_name="us-east-1")
        pool = identity.create_identity_pool(IdentityPoolName="p", AllowUnauthenticatedIdentities=True)
        iam = boto3.client("iam", region_name="us-east-1")
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {
                        "StringEquals": {"cognito-identity.amazonaws.com:aud": pool["IdentityPoolId"]}
                    },
                }
            ],
        }
        allow = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
        }
        role = iam.create_role(RoleName="guest", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
        iam.put_role_policy(RoleName="guest", PolicyName="read", PolicyDocument=json.dumps(allow))
        identity.set_identity_pool_roles(
            IdentityPoolId=pool["IdentityPoolId"], Roles={"unauthenticated": role["Arn"]}
        )
        found = identity.get_id(IdentityPoolId=pool["IdentityPoolId"])["IdentityId"]
        credentials = identity.get_credentials_for_identity(IdentityId=found)["Credentials"]
        restored(cognito)
        assert cognito.authorize(credentials, "s3:GetObject", "arn:aws:s3:::b/k").allowed
        assert identity.describe_identity(IdentityId=found)["IdentityId"] == found

    def test_the_clock(self, cognito, env):
        cognito.clock.advance(days=3)
        taken = cognito.snapshot()
        cognito.clock.reset()
        before = cognito.clock.now()
        cognito.restore(taken)
        assert (cognito.clock.now() - before).days == 3

    def test_numbers_of_messages_go_on(self, cognito, env):
        env.sign_up("eve", attributes={"email": "eve@example.com"})
        cognito.messages.clear()
        restored(cognito)
        env.sign_up("bob", attributes={"email": "bob@example.com"})
        assert [message.id for message in cognito.messages] == [2]


class TestKeys:
    def test_a_key_in_a_snapshot_goes_to_no_other_pool(self, cognito, env):
        env.sign_in("ada", PASSWORD)
        taken = cognito.snapshot()
        [pool] = cognito.world.region().user_pools
        kids = {key.kid for key in pool.keys}
        cognito.reset()
        assert kids.isdisjoint({key.kid for key in STOCK._keys})
        cognito.restore(taken)
        [pool] = cognito.world.region().user_pools
        assert {key.kid for key in pool.keys} == kids


class TestDocument:
    def test_it_is_apart_from_the_state(self, cognito, env):
        taken = cognito.snapshot()
        kept = copy.deepcopy(taken)
        env.update(env.sign_in("ada", PASSWORD)["AccessToken"], email="new@example.com")
        env.idp.delete_user_pool_client(UserPoolId=env.pool_id, ClientId=env.client_id)
        assert taken == kept

    def test_restoring_twice_gives_the_same_twice(self, cognito, env):
        taken = through_json(cognito.snapshot())
        for _ in range(2):
            cognito.restore(taken)
            env.add_user("bob")
        cognito.restore(taken)
        assert cognito.snapshot()["rows"].keys() == taken["rows"].keys()

    def test_it_goes_from_one_world_to_another(self, cognito, env):
        token = env.sign_in("ada", PASSWORD)["AccessToken"]
        taken = through_json(cognito.snapshot())
        with CognitoServer() as server:
            server.restore(taken)
            idp = server.client("cognito-idp")
            assert idp.get_user(AccessToken=token)["Username"] == "ada"


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "error"),
        [
            (lambda _: None, PersistenceError),
            (lambda _: {"accounts": {}}, PersistenceError),
            (lambda taken: taken | {"kind": "other"}, PersistenceError),
            (lambda taken: taken | {"rows": []}, Damaged),
            (lambda taken: taken | {"rows": {}}, Damaged),
            (lambda taken: taken | {"format": "1"}, Damaged),
            (lambda taken: taken | {"format": 0}, Damaged),
            (lambda taken: taken | {"format": 99, "version": "9.0"}, Newer),
            (lambda taken: taken | {"rows": taken["rows"] | {"accounts/1": {"id": 5}}}, Damaged),
        ],
    )
    def test_what_is_no_snapshot_changes_nothing(self, cognito, env, change, error):
        before = cognito.snapshot()["rows"]
        with pytest.raises(error):
            cognito.restore(change(through_json(cognito.snapshot())))
        assert cognito.snapshot()["rows"] == before

    @pytest.mark.parametrize(
        ("of", "field", "value"),
        [
            ("user_pools", "schema", {"sub": 5}),
            ("user_pools", "schema", {"sub": {"Name": "sub"}}),
            ("user_pools", "settings", {"Policies": {"PasswordPolicy": {"MinimumLength": "8"}}}),
            ("user_pools", "settings", {"AutoVerifiedAttributes": "email"}),
            ("user_pools", "settings", {"EmailMfaConfiguration": []}),
            ("user_pools", "settings", None),
            ("user_pools", "settings", {"UserPoolTier": "GOLD"}),
            ("user_pools", "log_configurations", [5]),
            ("clients", "settings", {"CallbackURLs": {"a": 1}}),
            ("clients", "settings", {"AccessTokenValidity": True}),
            ("identity_pools", "settings", {"SupportedLoginProviders": {"a": 5}}),
            ("identity_pools", "role_mappings", {"a": "Token"}),
        ],
    )
    def test_settings_of_wrong_types_are_refused_with_their_place(self, cognito, env, of, field, value):
        boto3.client("cognito-identity", region_name="us-east-1").create_identity_pool(
            IdentityPoolName="shop", AllowUnauthenticatedIdentities=False
        )
        taken = through_json(cognito.snapshot())
        [path] = [path for path in taken["rows"] if path.split("/")[-2:-1] == [of]]
        before = through_json(taken["rows"])
        kept = taken["rows"][path].get(field, {})
        taken["rows"][path][field] = kept | value if isinstance(value, dict) else value
        with pytest.raises(Damaged, match=rf"{field}(\.|\[|:)"):
            cognito.restore(taken)
        assert through_json(cognito.snapshot()["rows"]) == before

    def test_a_newer_format_is_refused_with_the_version_that_wrote_it(self, cognito):
        taken = cognito.snapshot() | {"format": formats.FORMAT + 1, "version": "9.8.7"}
        with pytest.raises(Newer, match=r"cogmock 9\.8\.7, in format 2; this cogmock reads formats up to 1"):
            cognito.restore(taken)


def holds(found, kept):
    """Whether all of `kept` is in `found`, where fields may have been added with their defaults."""
    if isinstance(kept, dict) and isinstance(found, dict):
        return all(name in found and holds(found[name], of) for name, of in kept.items())
    if isinstance(kept, list) and isinstance(found, list):
        return len(found) == len(kept) and all(map(holds, found, kept))
    return found == kept


class TestFormats:
    @pytest.mark.parametrize("file", sorted(FORMATS.glob("*.json")), ids=lambda path: path.stem)
    def test_a_snapshot_of_each_format_is_read(self, file):
        kept = json.loads(file.read_text(encoding="utf-8"))
        found = dict(rows.of_world(snapshot.read(copy.deepcopy(kept))))
        assert found.keys() == kept["rows"].keys()
        if kept["format"] == formats.FORMAT:
            assert holds(through_json(found), kept["rows"])

    def test_there_is_a_snapshot_of_each_format(self):
        found = {json.loads(file.read_text(encoding="utf-8"))["format"] for file in FORMATS.glob("*.json")}
        assert found == set(range(1, formats.FORMAT + 1))

    def test_older_formats_are_brought_up_step_by_step(self, monkeypatch):
        monkeypatch.setattr(formats, "FORMAT", 3)
        monkeypatch.setattr(
            formats,
            "STEPS",
            {
                1: lambda found: found | {"world": found["world"] | {"offset": 5.0}},
                2: lambda found: found | {"world": {"clock_offset": found["world"]["offset"]}},
            },
        )
        root = snapshot.read({"kind": snapshot.KIND, "format": 1, "version": "0", "rows": {"world": {}}})
        assert root.clock_offset == 5.0


class TestPoolData:
    def test_user_data_is_written_and_read_apart_from_the_pool(self, cognito, env):
        env.idp.create_group(UserPoolId=env.pool_id, GroupName="staff")
        env.idp.admin_add_user_to_group(UserPoolId=env.pool_id, Username="ada", GroupName="staff")
        env.sign_in("ada", PASSWORD)
        [pool] = cognito.world.region().user_pools
        data = through_json(pool_data.written(pool))
        assert {"users/ada", "groups/staff", "groups/staff/members/ada"} <= data.keys()
        assert all(path.split("/")[0] in pool_data.USER_DATA for path in data)
        copied = pool_data.read(pool, data)
        assert copied.users["ada"].password == pool.users["ada"].password
        assert copied.users["ada"] is not pool.users["ada"]
        assert "ada" in copied.groups["staff"].members
        assert pool_data.written(copied) == data

    def test_damaged_data_is_refused(self, cognito, env):
        [pool] = cognito.world.region().user_pools
        with pytest.raises(Damaged):
            pool_data.read(pool, {"users/ada": {"name": "ada"}})


def test_an_empty_world_has_one_row():
    assert [path for path, _ in rows.of_world(Root())] == ["world"]
