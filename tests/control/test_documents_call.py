"""PUT /_cogmock/documents: client metadata documents without a server that has them."""

import pytest

from cogmock import mock_cognito
from cogmock.core import document_fetch
from cogmock.core.documents import Found
from cogmock.testing.control import RefusedError

URL = "https://agent.example.com/client.json"


class TestDocumentsCall:
    def test_it_stands_in_for_a_fetch(self, control, world):
        answer = control("PUT", "/documents", {"url": URL, "body": {"client_id": URL}})
        assert (answer.status, answer.json) == (200, {"url": URL, "registered": True})
        found = document_fetch.fetch(world, URL)
        assert found == Found(200, f'{{"client_id": "{URL}"}}'.encode(), {"content-type": "application/json"})

    def test_status_headers_and_text_go_as_they_are(self, control, world):
        body = {"url": URL, "status": 404, "headers": {"Content-Type": "text/html"}, "body": "<p>"}
        assert control("PUT", "/documents", body).status == 200
        assert document_fetch.fetch(world, URL) == Found(404, b"<p>", {"content-type": "text/html"})

    def test_they_are_listed(self, control):
        assert control("GET", "/documents").json == {"documents": []}
        control("PUT", "/documents", {"url": URL, "body": "[]"})
        headers = {"content-type": "application/json"}
        expected = [{"url": URL, "status": 200, "headers": headers, "body": "[]"}]
        assert control("GET", "/documents").json == {"documents": expected}

    @pytest.mark.parametrize("body", [{"url": URL, "body": None}, {"url": URL}])
    def test_null_takes_one_away(self, control, world, body):
        control("PUT", "/documents", {"url": URL, "body": "[]"})
        assert control("PUT", "/documents", body).json == {"url": URL, "registered": False}
        assert world.documents == {}
        assert control("PUT", "/documents", body).status == 200

    def test_a_reset_takes_all_away(self, control, world):
        control("PUT", "/documents", {"url": URL, "body": "[]"})
        control("POST", "/reset")
        assert world.documents == {}

    @pytest.mark.parametrize(
        ("body", "told"),
        [
            ({}, "'url' must be given"),
            ({"url": 7}, "'url' must be given"),
            ({"url": "http://a.example.com/c", "body": 1}, "https://"),
            ({"url": "https://a.example.com", "body": 1}, "no path"),
            ({"url": URL, "body": 1, "status": "200"}, "'status'"),
            ({"url": URL, "body": 1, "status": 99}, "'status'"),
            ({"url": URL, "body": 1, "status": True}, "'status'"),
            ({"url": URL, "body": 1, "headers": {"a": 1}}, "'headers'"),
            ({"url": URL, "body": 1, "headers": []}, "'headers'"),
            ({"url": URL, "bdy": 1}, "'bdy'"),
        ],
    )
    def test_a_wrong_request_is_told(self, control, world, body, told):
        answer = control("PUT", "/documents", body)
        assert (answer.status, answer.json["error"]) == (400, "InvalidRequest")
        assert told in answer.json["message"]
        assert world.documents == {}

    def test_a_thousand_are_enough(self, control, world):
        for number in range(1000):
            world.documents[f"{URL}{number}"] = Found(200, b"")
        assert control("PUT", "/documents", {"url": URL, "body": "[]"}).status == 400
        assert control("PUT", "/documents", {"url": f"{URL}7", "body": "[]"}).status == 200

    def test_an_unknown_parameter_or_method_is_told(self, control):
        assert control("GET", "/documents?url=x").status == 400
        assert control("DELETE", "/documents").status == 405


class TestHandle:
    def test_it_registers_and_takes_away(self):
        with mock_cognito() as cognito:
            cognito.document(URL, {"a": 1}, headers={"Cache-Control": "max-age=90000"})
            assert document_fetch.fetch(cognito.world, URL).headers["cache-control"] == "max-age=90000"
            cognito.document(URL, None)
            assert cognito.world.documents == {}
            with pytest.raises(RefusedError, match="https://"):
                cognito.document("http://x.example.com/", {})
