"""GET /_cogmock/openapi.json: a valid document that names every call and exactly the parameters that it takes."""

from __future__ import annotations

import re

import pytest

from cogmock.control import openapi
from cogmock.control.api import CALLS, run
from cogmock.control.requests import ControlRequest
from cogmock.core.world import World

WITHOUT_NAMES = {"POST /apply", "PUT /snapshot", "POST /import"}
"""Calls whose body is a document of another shape."""


@pytest.fixture(scope="module")
def document():
    status, content = run(CALLS["/openapi.json"]["GET"], World(), ControlRequest("GET", "/openapi.json"))
    assert status == 200
    return content


def known(call, *, query=(), body=b""):
    """The names that a call says it knows, when it is given one that it does not."""
    method, _, path = call.partition(" ")
    status, content = run(CALLS[path][method], World(), ControlRequest(method, path, dict(query), body))
    assert status == 400
    found = re.search(r"Known are ([\w, ]+)\.", content["message"])
    return set(found[1].split(", ")) if found else set()


def test_it_is_valid(document):
    pytest.importorskip("openapi_spec_validator").validate(document)


def test_it_has_every_call_and_no_other():
    assert set(openapi.DESCRIBED) == {f"{method} {path}" for path in CALLS for method in CALLS[path]}


@pytest.mark.parametrize("call", [name for name, of in openapi.DESCRIBED.items() if of.body is None])
def test_its_parameters_are_those_that_a_call_takes(call):
    assert set(openapi.DESCRIBED[call].query) == known(call, query={"zzz": "1"})


@pytest.mark.parametrize("call", [name for name, of in openapi.DESCRIBED.items() if of.body])
def test_its_members_are_those_that_a_body_takes(call):
    assert set(openapi.DESCRIBED[call].body) == known(call, body=b'{"zzz": 1}')


@pytest.mark.parametrize("call", sorted(WITHOUT_NAMES))
def test_calls_with_a_document_have_their_parameters(call):
    assert openapi.DESCRIBED[call].body == {}
    assert set(openapi.DESCRIBED[call].query) == known(call, query={"zzz": "1"})


def test_required_members_are_required():
    for call, of in openapi.DESCRIBED.items():
        if of.body and of.required:
            method, _, path = call.partition(" ")
            status, _ = run(CALLS[path][method], World(), ControlRequest(method, path, {}, b"{}"))
            assert status == 400, call
