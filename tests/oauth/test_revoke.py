"""POST /oauth2/revoke."""

from __future__ import annotations

from browsing import basic, post
from people import refused
from visiting import ask


def revoke(town, **fields):
    return post(town.application, "/oauth2/revoke", {"client_id": town.client_id, **fields})


class TestRevoke:
    def test_ends_the_refresh_token_and_what_came_from_it(self, town):
        tokens = town.tokens()
        answer = revoke(town, token=tokens["refresh_token"])
        assert (answer.status, answer.body) == (200, b"")
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            town.idp.get_user(AccessToken=tokens["access_token"])
        assert revoke(town, token=tokens["refresh_token"]).status == 200

    def test_what_is_unknown_is_no_fault(self, town):
        assert revoke(town, token="unknown").status == 200

    def test_without_a_token(self, town):
        assert (revoke(town).status, revoke(town).json["error"]) == (400, "invalid_request")

    def test_signed_tokens_cannot_be_revoked(self, town):
        tokens = town.tokens()
        for kind in ("access_token", "id_token"):
            answer = revoke(town, token=tokens[kind])
            assert (answer.status, answer.json["error"]) == (400, "unsupported_token_type")

    def test_an_unknown_client(self, town):
        answer = post(town.application, "/oauth2/revoke", {"client_id": "x", "token": "y"})
        assert (answer.status, answer.json["error"]) == (401, "invalid_client")

    def test_where_revocation_is_off(self, domain_of):
        town = domain_of(EnableTokenRevocation=False)
        assert revoke(town, token="x").json["error"] == "invalid_request"

    def test_a_wrong_or_missing_secret(self, domain_of):
        town = domain_of(GenerateSecret=True)
        town.resident()
        token = town.redeem(town.fresh_code(), client_secret=town.secret).json["refresh_token"]
        for secret in ({}, {"client_secret": "wrong"}):
            answer = revoke(town, token=token, **secret)
            assert (answer.status, answer.json["error"]) == (401, "invalid_client")
        answer = post(
            town.application, "/oauth2/revoke", {"token": token}, headers=basic(town.client_id, town.secret)
        )
        assert (answer.status, answer.body) == (200, b"")

    def test_a_token_of_another_client_is_no_fault_and_stays_good(self, town):
        token, first = town.tokens()["refresh_token"], town.client_id
        town.client_of()
        assert revoke(town, token=token).status == 200
        fields = {"grant_type": "refresh_token", "client_id": first, "refresh_token": token}
        assert town.token(fields).status == 200

    def test_one_of_the_api_is_revoked_too(self, town):
        town.client_of()
        tokens = town.sign_in()
        assert revoke(town, token=tokens["RefreshToken"]).status == 200
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            town.idp.get_user(AccessToken=tokens["AccessToken"])

    def test_a_token_that_comes_twice(self, town):
        fields = [("client_id", town.client_id), ("token", "a"), ("token", "b")]
        assert post(town.application, "/oauth2/revoke", fields).json["error"] == "invalid_request"

    def test_get_is_told_the_method(self, town):
        assert ask(town.application, "GET", "/oauth2/revoke").status == 405
