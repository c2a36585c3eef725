"""POST /oauth2/revoke."""

from __future__ import annotations

from browsing import post
from people import refused


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
