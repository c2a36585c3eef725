"""Tokens and clock: made, read, refused with a reason; moved and set right."""

import base64

import pytest
from support.http import ask


class TestTokens:
    def test_are_made_and_explained(self, console, shop):
        answer = console.post(
            "/ui/tokens",
            user_pool_id=shop["pool"],
            client_id=shop["client"],
            username="ada",
            groups="staff free",
        )
        text = answer.body.decode()
        assert answer.status == 200
        assert text.count("good here") == 2
        assert text.count(">Copy token</button>") == 3
        assert "the user&#39;s groups, the foremost first" in text
        assert "staff" in text

    def test_are_read(self, console, shop):
        named = {"user_pool_id": shop["pool"], "client_id": shop["client"], "username": "ada"}
        token = ask(console.application, "POST", "/_cogmock/tokens", named).json["access_token"]
        console.world.clock.advance(90)
        assert b"good here for 58 min" in console.post("/ui/tokens", token=token).body
        console.world.clock.advance(7200)
        page = console.post("/ui/tokens", token=token).body
        assert b"not good" in page
        assert b"it expired at" in page

    @pytest.mark.parametrize("token", ["x", "a.b.c", "<script>alert(1)</script>"])
    def test_of_nonsense_are_refused_with_a_reason(self, console, shop, token):
        answer = console.post("/ui/tokens", token=token)
        assert answer.status == 400
        assert b"This is no JWT" in answer.body
        assert b"<script>alert" not in answer.body

    @pytest.mark.parametrize(
        "expires", ["1" + "0" * 400, "-" + "9" * 400, "1e300", "99999999999999999999", "-1"]
    )
    def test_whose_times_are_none_are_shown_as_they_are(self, console, expires):
        claims = f'{{"iss":"a","exp":{expires},"iat":{expires},"nbf":{expires}}}'.encode()
        token = ".".join(
            base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (b"{}", claims, b"x")
        )
        answer = console.post("/ui/tokens", token=token)
        assert (answer.status, b"not good" in answer.body) == (200, True)
        told = ask(console.application, "POST", "/_cogmock/inspect", {"token": token})
        assert (told.status, told.json["seconds_left"]) == (200, None)

    def test_signed_by_the_pool_and_without_a_good_time_count_as_expired(self, console, shop, world):
        pool = world.find_pool(shop["pool"])[1]
        ask(console.application, "GET", f"/{shop['pool']}/.well-known/jwks.json")
        key = pool.keys[1]
        for expires in (None, -(10**30)):
            token = key.sign({"iss": f"http://x/{pool.id}", "token_use": "access", "exp": expires})
            told = ask(console.application, "POST", "/_cogmock/inspect", {"token": token}).json
            assert (told["valid"], told["reason"].split("; ")[0]) == (False, f"it expired at {expires}")

    def test_without_an_issuer_are_told_so(self, console):
        header, claims = (
            base64.urlsafe_b64encode(part).decode() for part in (b'{"alg":"RS256"}', b'{"sub":"x"}')
        )
        token = f"{header}.{claims}.eA".replace("=", "")
        told = ask(console.application, "POST", "/_cogmock/inspect", {"token": token}).json
        assert (told["valid"], told["reason"]) == (False, "it names no issuer (iss): no user pool made it")

    def test_of_nobody_are_refused(self, console, shop):
        answer = console.post(
            "/ui/tokens", user_pool_id=shop["pool"], client_id=shop["client"], username="nobody"
        )
        assert b"User does not exist" in answer.body


class TestClock:
    def test_is_moved_and_set_right(self, console, world):
        answer = console.post("/ui/clock/move", advance_seconds="3600")
        assert answer.status == 303
        assert 3599 < world.clock.offset < 3601
        assert "1 h ahead of real time" in console.text("/ui/clock")
        console.post("/ui/clock/move", reset="true")
        assert abs(world.clock.offset) < 1

    def test_offers_the_way_back_first_only_while_it_is_moved(self, console):
        back = b'value="true" class="first">Back to real time'
        assert back not in console.get("/ui/clock").body
        console.post("/ui/clock/move", advance_seconds="3600")
        assert back in console.get("/ui/clock").body

    def test_is_set_to_a_time(self, console, world):
        console.post("/ui/clock/move", now="2030-05-01T12:00:00Z")
        assert "2030-05-01 12:00:0" in console.text("/ui/clock")

    @pytest.mark.parametrize(
        "fields", [{"now": "tomorrow"}, {}, {"advance_seconds": "x"}, {"advance_seconds": "1e99"}]
    )
    def test_says_what_it_does_not_understand(self, console, fields):
        assert console.post("/ui/clock/move", **fields).status == 400
