"""Links of federated identities: what is asked of all of them is answered without going through them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.properties import patient

from cogmock.state.links import Links, link_key
from cogmock.state.user import User

PROVIDERS, ATTRIBUTES = ["Google", "SAML"], ["Cognito_Subject", "email"]
keys = st.builds(
    link_key, st.sampled_from(PROVIDERS), st.sampled_from(ATTRIBUTES), st.text("aAß", max_size=2)
)
steps = st.lists(st.tuples(st.sampled_from(["put", "delete", "pop", "behind", "update"]), keys), max_size=20)


def take(links, step, key):
    if step == "put":
        links[key] = "sub"
    elif step == "delete" and key in links:
        del links[key]
    elif step == "pop":
        links.pop(key, None)
    elif step == "behind":
        dict.__setitem__(links, key, "sub")  # as a store does that reads state in
    elif step == "update":
        links.update({key: "sub"})


def asked(links, value):
    return {
        (provider, attribute): (
            attribute in links.attributes(provider),
            links.in_another_case(provider, attribute, value),
        )
        for provider in PROVIDERS
        for attribute in ATTRIBUTES
    }


def searched(links, value):
    every = [json.loads(key) for key in links]
    return {
        (provider, attribute): (
            any(each[:2] == [provider, attribute] for each in every),
            next(
                (
                    held
                    for *of, held in every
                    if of == [provider, attribute] and held != value and held.casefold() == value.casefold()
                ),
                None,
            ),
        )
        for provider in PROVIDERS
        for attribute in ATTRIBUTES
    }


class TestLinks:
    @patient
    @given(steps, steps, st.text("aAßs", max_size=2))
    def test_answers_are_those_of_a_search(self, first, then, value):
        links = Links()
        for step in first:
            take(links, *step)
        assert asked(links, value) == searched(links, value)
        for step in then:
            take(links, *step)
        assert asked(links, value) == searched(links, value)

    @pytest.fixture
    def many(self):
        links = Links()
        assert links.attributes("Google") == set()
        for number in range(5_000):
            links[link_key("Google", "Cognito_Subject", f"S{number}")] = f"sub{number}"
        links[link_key("Google", "email", "a@example.com")] = "sub7"
        return links

    def test_no_question_reads_all_keys(self, many, monkeypatch):
        read = []
        plain = json.loads
        monkeypatch.setattr("cogmock.state.links.json.loads", lambda text: read.append(text) or plain(text))
        user = User("ada", "sub7", {}, "CONFIRMED", 0.0, 0.0)
        user.identities = [
            {"providerName": "Google", "userId": "S7"},
            {"providerName": "Google", "userId": "a@example.com"},
            {"providerName": "Google", "userId": "S8"},
        ]
        assert many.attributes("Google") == {"Cognito_Subject", "email"}
        assert many.of(user) == [
            link_key("Google", "Cognito_Subject", "S7"),
            link_key("Google", "email", "a@example.com"),
        ]
        assert many.in_another_case("Google", "Cognito_Subject", "x7") is None
        assert read == []
        assert many.in_another_case("Google", "Cognito_Subject", "s7") == "S7"

    def test_a_link_that_is_gone_leaves_nothing(self, many):
        for key in list(many):
            many.pop(key)
        assert many.attributes("Google") == set()
        assert many.in_another_case("Google", "Cognito_Subject", "s7") is None
