"""Codes of an authenticator app, asked for over HTTP."""

import pyotp
import pytest

from cogmock.state.user import Mfa, User

SECRET = b"12345678901234567890"


@pytest.fixture
def user(world, aws):
    pool_id = aws("CreateUserPool", PoolName="shop")["UserPool"]["Id"]
    user = User(
        name="ada",
        sub="4f6c0000-0000-4000-8000-000000000000",
        attributes={"sub": "4f6c0000-0000-4000-8000-000000000000"},
        status="CONFIRMED",
        created=0,
        modified=0,
    )
    user.mfa = Mfa(secret=SECRET)
    world.find_pool(pool_id)[1].users.add(user)
    world.clock.set(59.0)
    return user


def pool_of(world):
    return next(iter(next(world.regions()).user_pools)).id


@pytest.mark.usefixtures("still")
class TestTotp:
    def test_it_is_what_an_app_shows(self, control, world, user):
        found = control("GET", f"/totp?username=ada&user_pool_id={pool_of(world)}").json
        # RFC 6238, appendix B: at 59 s, six digits of 94287082.
        assert found == {"code": "287082", "valid_for_seconds": 1}

    def test_a_used_code_gives_way_to_the_next(self, control, user):
        user.mfa.used_steps = (1,)
        app = pyotp.TOTP("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        assert control("GET", "/totp?username=ada").json == {"code": app.at(60), "valid_for_seconds": 31}

    def test_a_secret_that_waits_counts_more(self, control, user):
        user.mfa.candidate = b"another secret of 20"
        assert control("GET", "/totp?username=ada").json["code"] != "287082"

    @pytest.mark.parametrize(
        ("query", "error"),
        [
            ("", "InvalidRequest"),
            ("?username=bob", "UserNotFoundException"),
            ("?username=ada&user_pool_id=us-east-1_nowhere00", "ResourceNotFoundException"),
            ("?username=ada&pool=x", "InvalidRequest"),
        ],
    )
    def test_refusals(self, control, user, query, error):
        found = control("GET", f"/totp{query}")
        assert (found.status, found.json["error"]) == (400, error)

    def test_a_user_without_an_app(self, control, user):
        user.mfa = None
        assert control("GET", "/totp?username=ada").json["error"] == "SoftwareTokenMFANotFoundException"
