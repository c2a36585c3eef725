"""Tokens without a sign-in."""

import jwt
import pytest
from support.http import ask

from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.state.user import User
from cogmock.web.app import Application


@pytest.fixture
def pool(world, aws):
    """A pool with the groups staff and free, and Ada in staff."""
    pool_id = aws("CreateUserPool", PoolName="shop")["UserPool"]["Id"]
    aws(
        "CreateGroup",
        UserPoolId=pool_id,
        GroupName="staff",
        Precedence=1,
        RoleArn="arn:aws:iam::1:role/staff",
    )
    aws("CreateGroup", UserPoolId=pool_id, GroupName="free", Precedence=2, RoleArn="arn:aws:iam::1:role/free")
    pool = world.find_pool(pool_id)[1]
    pool.users.add(
        User(
            name="ada",
            sub="4f6c0000-0000-4000-8000-000000000000",
            attributes={"sub": "4f6c0000-0000-4000-8000-000000000000", "email": "ada@example.com"},
            status="CONFIRMED",
            created=0,
            modified=0,
        )
    )
    aws("AdminAddUserToGroup", UserPoolId=pool_id, Username="ada", GroupName="staff")
    return pool


@pytest.fixture
def asked(aws, pool):
    client = aws("CreateUserPoolClient", UserPoolId=pool.id, ClientName="web")["UserPoolClient"]
    return {"user_pool_id": pool.id, "client_id": client["ClientId"], "username": "ada"}


@pytest.fixture
def claims(control, world):
    """The verified claims of the tokens that are made, by a library that is not ours."""

    def made(**body):
        answer = control("POST", "/tokens", body)
        assert answer.status == 200, answer.body
        keys = jwt.PyJWKSet.from_dict(
            ask(Application(world), "GET", f"/{body['user_pool_id']}/.well-known/jwks.json").json
        )
        return {
            of: jwt.decode(
                answer.json[of],
                keys[jwt.get_unverified_header(answer.json[of])["kid"]].key,
                algorithms=["RS256"],
                audience=body["client_id"] if of == "id_token" else None,
            )
            for of in ("id_token", "access_token")
        }

    return made


class TestMakeTokens:
    def test_they_are_what_a_sign_in_gives(self, control, world, asked):
        answer = control("POST", "/tokens", asked).json
        assert set(answer) == {"id_token", "access_token", "refresh_token", "token_type", "expires_in"}
        assert answer["token_type"] == "Bearer"
        assert answer["expires_in"] == 3600
        region, pool = world.find_pool(asked["user_pool_id"])
        with Call(world, region, "request") as call:
            user, content = pool_tokens.read(call, pool, answer["access_token"])
            client = region.clients[asked["client_id"]]
            assert pool_tokens.read_refresh_token(call, pool, client, answer["refresh_token"])[0] is user
        assert (user.name, content["client_id"]) == ("ada", asked["client_id"])

    def test_they_say_who_it_is(self, claims, asked):
        made = claims(**asked)
        assert made["id_token"]["cognito:username"] == made["access_token"]["username"] == "ada"
        assert made["id_token"]["email"] == "ada@example.com"
        assert made["id_token"]["iss"] == f"http://localhost:4577/{asked['user_pool_id']}"

    def test_scopes_are_the_ones_that_were_asked_for(self, claims, asked):
        made = claims(**asked, scopes=["openid", "shop/read"])
        assert made["access_token"]["scope"] == "openid shop/read"

    def test_without_scopes_it_is_the_scope_of_a_sign_in_by_api(self, claims, asked):
        assert claims(**asked)["access_token"]["scope"] == "aws.cognito.signin.user.admin"

    def test_groups_are_the_users_own(self, claims, asked):
        made = claims(**asked)
        assert made["access_token"]["cognito:groups"] == ["staff"]
        assert made["id_token"]["cognito:preferred_role"] == "arn:aws:iam::1:role/staff"

    def test_groups_that_are_asked_for_stand_in_for_them(self, claims, asked):
        made = claims(**asked, groups=["unheard of", "free", "free"])
        assert made["access_token"]["cognito:groups"] == ["free", "unheard of"]
        assert made["id_token"]["cognito:roles"] == ["arn:aws:iam::1:role/free"]
        assert made["id_token"]["cognito:preferred_role"] == "arn:aws:iam::1:role/free"

    def test_no_groups_leave_no_trace(self, claims, asked):
        made = claims(**asked, groups=[])
        assert "cognito:groups" not in made["access_token"]
        assert "cognito:roles" not in made["id_token"]

    def test_they_join_no_group(self, control, asked, pool):
        control("POST", "/tokens", {**asked, "groups": ["free"]})
        assert list(pool.users["ada"].groups) == ["staff"]

    def test_their_session_is_listed_where_the_pool_tracks_sessions(self, control, aws, asked, pool):
        aws(
            "SetUserPoolSessionConfiguration",
            UserPoolId=pool.id,
            UserSessionTracking="ENABLED",
            TokenSession={"MaxPerUser": 5},
        )
        control("POST", "/tokens", asked)
        listed = aws("AdminListUserSessions", UserPoolId=pool.id, Username="ada")["Sessions"]
        assert [session["ClientId"] for session in listed] == [asked["client_id"]]

    def test_a_trigger_that_fails_leaves_no_session(self, control, aws, asked, pool):
        function = "arn:aws:lambda:us-east-1:123456789012:function:nowhere"
        aws("UpdateUserPool", UserPoolId=pool.id, LambdaConfig={"PreTokenGeneration": function})
        assert control("POST", "/tokens", asked).status == 400
        assert not pool.users["ada"].sessions

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"user_pool_id": "us-east-1_nowhere00"}, "ResourceNotFoundException"),
            ({"client_id": "nowhere"}, "ResourceNotFoundException"),
            ({"username": "nobody"}, "UserNotFoundException"),
        ],
    )
    def test_what_is_not_there_is_refused_in_awss_words(self, control, asked, change, error):
        answer = control("POST", "/tokens", asked | change)
        assert answer.status == 400
        assert answer.json["error"] == error

    @pytest.mark.parametrize(
        "change",
        [
            {"user_pool_id": None},
            {"client_id": 5},
            {"username": ""},
            {"scopes": "openid"},
            {"scopes": ["open id"]},
            {"scopes": [""]},
            {"groups": [1]},
            {"groups": {"staff": True}},
            {"user": "ada"},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, control, asked, change):
        answer = control("POST", "/tokens", asked | change)
        assert answer.status == 400
        assert answer.json["error"] == "InvalidRequest"
        assert next(iter(change)).rstrip("s") in answer.json["message"].lower()
