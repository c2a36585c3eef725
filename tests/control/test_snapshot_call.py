"""Snapshots over HTTP."""

from __future__ import annotations

import json

import pytest

from cogmock import CognitoServer
from cogmock.httpd.connection import Limits


class TestSnapshot:
    def test_out_and_in(self, control, aws):
        pool_id = aws("CreateUserPool", PoolName="shop")["UserPool"]["Id"]
        aws("AdminCreateUser", UserPoolId=pool_id, Username="ada", MessageAction="SUPPRESS")
        taken = control("GET", "/snapshot")
        assert (taken.status, taken.json["kind"], taken.json["format"]) == (200, "cogmock snapshot", 1)
        control("POST", "/reset")
        assert aws("ListUserPools", MaxResults=10)["UserPools"] == []
        assert control("PUT", "/snapshot", taken.json).json == {"status": "ok"}
        assert aws("AdminGetUser", UserPoolId=pool_id, Username="ada")["Username"] == "ada"

    def test_what_came_after_it_is_gone(self, control, aws):
        taken = control("GET", "/snapshot").json
        aws("CreateUserPool", PoolName="shop")
        control("PUT", "/snapshot", taken)
        assert aws("ListUserPools", MaxResults=10)["UserPools"] == []

    @pytest.mark.parametrize(
        ("body", "error"),
        [
            (b"", "InvalidRequest"),
            (b"{", "InvalidRequest"),
            (b"\xff", "InvalidRequest"),
            (b"[]", "InvalidSnapshot"),
            (b"{}", "InvalidSnapshot"),
            (b'{"kind": "cogmock snapshot", "format": 1, "rows": {"world": {"x": 1}}}', "InvalidSnapshot"),
            (b'{"kind": "cogmock snapshot", "format": 7, "rows": {"world": {}}}', "InvalidSnapshot"),
            (b"[" * 5000 + b"]" * 5000, "InvalidRequest"),
        ],
    )
    def test_what_is_none_is_refused_and_changes_nothing(self, control, aws, body, error):
        aws("CreateUserPool", PoolName="shop")
        found = control("PUT", "/snapshot", body)
        assert (found.status, found.json["error"]) == (400, error)
        assert len(aws("ListUserPools", MaxResults=10)["UserPools"]) == 1

    def test_parameters_are_refused(self, control):
        assert control("GET", "/snapshot?user_pool_id=x").status == 400
        assert control("POST", "/snapshot").status == 405

    def test_one_larger_than_other_bodies_goes_over_a_port(self):
        import http.client

        with CognitoServer() as server:
            taken = server.snapshot() | {"padding": "x" * (Limits().max_body + 1)}
            connection = http.client.HTTPConnection("localhost", server.settings.port, timeout=60)
            for path, status in (("/_cogmock/apply", 413), ("/_cogmock/snapshot", 200)):
                connection.request("PUT", path, json.dumps(taken))
                response = connection.getresponse()
                response.read()
                assert response.status == status
                connection.close()
