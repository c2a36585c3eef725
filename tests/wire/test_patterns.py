"""The patterns of the models: what they accept, in linear time."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest
import regex
from support.waiting import cheaply

from cogmock.wire import model
from cogmock.wire.patterns import _plain, matcher

SERVICES = ("cognito-idp", "cognito-identity", "iam", "sts")
ATOMS = ("{####}", "{##", "##}", "x", " ", "é", "\u00a0", "\n", "\x0b", "\x85", "*", "}", "#", "")


def shapes():
    for service in SERVICES:
        raw = json.loads(files("cogmock.aws").joinpath(f"{service}.json").read_bytes())
        for name, shape in raw["shapes"].items():
            if "pattern" in shape:
                yield pytest.param(shape, id=f"{service} {name}")


TEMPLATES = (
    "SmsVerificationMessageType",
    "EmailVerificationMessageType",
    "EmailVerificationMessageByLinkType",
    "EmailMfaMessageType",
)


@pytest.mark.parametrize("name", TEMPLATES)
class TestTemplates:
    def test_they_match_as_the_pattern_does(self, name):
        shape = model.load("cognito-idp").shapes[name]
        pattern = shape.get("accepts", shape["pattern"])
        whole = regex.compile(pattern.replace(r"\s", r" \t\n\x0b\f\r"))
        matches = matcher(pattern, 20_000)
        for one in ATOMS:
            for two in ATOMS:
                for three in ATOMS:
                    text = f"{one}{two}a{three}"
                    assert matches(text) == (whole.fullmatch(text) is not None), text

    @pytest.mark.parametrize("text", ["{##", "{####", "{##a", "##}"])
    def test_their_cost_is_linear(self, name, text):
        matches = matcher(model.load("cognito-idp").shapes[name]["pattern"], None)
        with cheaply(1):
            matches(text * 50_000)


@pytest.mark.parametrize("shape", list(shapes()))
def test_no_pattern_holds_up_a_call(shape):
    """A megabyte that nearly matches, of whatever the pattern repeats."""
    matches = matcher(shape["pattern"], shape.get("max"))
    most = min(shape.get("max", 1_000_000), 1_000_000)
    for repeated in ("a", "@", ":", "/", "-", "_", "0", "{##", "a:", "/a", "1_", "arn:a"):
        text = (repeated * (most // len(repeated)))[: most - 1] + "\x00"
        with cheaply(1):
            matches(text)


class TestLength:
    def refusal(self, api, **body):
        status, _, answer = api.ask("cognito-idp", "CreateUserPool", {"PoolName": "shop", **body})
        assert status == 400
        return answer["message"]

    def test_a_long_message_is_refused_for_its_length_at_once(self, api):
        with cheaply(1):
            message = self.refusal(api, SmsVerificationMessage="{####" * 32_000)
        assert message.startswith("1 validation error detected")
        assert "have length less than or equal to 140" in message

    def test_what_is_a_little_too_long_is_told_of_its_pattern_too(self, api):
        message = self.refusal(api, SmsVerificationMessage="x" * 141)
        assert message.startswith("2 validation errors detected")
        assert re.findall("length|pattern", message) == ["length", "pattern"]

    def test_several_faults_are_told_in_the_order_of_their_paths(self, api):
        body = {"Username": "", "Password": " ", "ClientId": "abc"}
        status, _, answer = api.ask("cognito-idp", "SignUp", body)
        assert status == 400
        assert re.findall(r"at '(\w+)'", answer["message"]) == ["password", "username", "username"]

    def test_a_long_list_of_structures_is_quoted_in_part(self, api):
        with cheaply(5):
            message = self.refusal(api, Schema=[{}] * 50_000)
        assert message.startswith("1 validation error detected: Value '[SchemaAttributeType(name=null, ")
        assert len(message) < 200_000

    def test_a_legal_message_of_20_000_characters_is_taken_at_once(self, api):
        text = "{####}" + "{##" * 6_664
        with cheaply(1):
            status, _, _ = api.ask(
                "cognito-idp", "CreateUserPool", {"PoolName": "s", "EmailVerificationMessage": text}
            )
        assert status == 200

    def test_an_address_without_a_maximum_has_one(self, api):
        pool = api.ask("cognito-idp", "CreateUserPool", {"PoolName": "shop"})[2]["UserPool"]["Id"]
        body = {"UserPoolId": pool, "EmailConfiguration": {"ReplyToEmailAddress": "@" * 200_000 + " "}}
        with cheaply(1):
            status, _, answer = api.ask("cognito-idp", "UpdateUserPool", body)
        assert (status, answer["__type"]) == (400, "InvalidParameterException")
        assert len(answer["message"]) < 151_000

    def test_long_policies_stay_legal(self, api):
        policy = json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["*" * 100] * 50},
            }
        )
        shape = model.load("iam").shapes["policyDocumentType"]
        assert matcher(shape["pattern"], shape.get("max"))(policy * 20)


@pytest.mark.parametrize("shape", [one for one in shapes() if "\\p{L}" in one.values[0]["pattern"]])
def test_what_is_known_without_the_library_is_what_it_would_say(shape):
    """Each character of the first planes, by itself and amid others."""
    plain = _plain(shape["pattern"])
    whole = regex.compile(shape["pattern"].replace(r"\s", r" \t\n\x0b\f\r"))
    for code in (*range(0x500), *range(0x2000, 0x2100), 0x3000, 0xFEFF):
        for text in (chr(code), f"a{chr(code)}", ""):
            if plain is not None and plain(text):
                assert whole.fullmatch(text), ascii(text)
