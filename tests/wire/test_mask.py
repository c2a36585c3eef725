"""What of a call's parameters others may see."""

import json

import pytest

from cogmock.wire import model
from cogmock.wire.mask import HIDDEN, masked

SHAPES = {
    "Secret": {"type": "string", "sensitive": True},
    "Text": {"type": "string"},
    "Blob": {"type": "blob"},
    "Secrets": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}, "sensitive": True},
    "Texts": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Secret"}},
    "List": {"type": "list", "member": {"shape": "Top"}},
    "Free": {"type": "structure", "document": True, "members": {}},
    "Top": {
        "type": "structure",
        "members": {
            "Secret": {"shape": "Secret"},
            "Text": {"shape": "Text"},
            "Blob": {"shape": "Blob"},
            "Secrets": {"shape": "Secrets"},
            "Texts": {"shape": "Texts"},
            "List": {"shape": "List"},
        },
    },
}


class TestMasked:
    @pytest.mark.parametrize(
        ("value", "seen"),
        [
            ({"Secret": "x", "Text": "y"}, {"Secret": HIDDEN, "Text": "y"}),
            ({"Secrets": {"a": "x"}}, {"Secrets": {"a": HIDDEN}}),
            ({"Texts": {"a": "x"}}, {"Texts": {"a": HIDDEN}}),
            ({"List": [{"Secret": "x"}, {"Text": "y"}]}, {"List": [{"Secret": HIDDEN}, {"Text": "y"}]}),
            ({"Blob": b"\x00\xff"}, {"Blob": "AP8="}),
            ({"Text": None}, {"Text": None}),
            ({}, {}),
        ],
    )
    def test_what_is_sensitive_is_hidden_and_the_rest_is_shown(self, value, seen):
        assert masked(value, "Top", SHAPES) == seen

    def test_what_was_given_is_left_alone(self):
        given = {"Secret": "x", "List": [{"Secret": "y"}]}
        masked(given, "Top", SHAPES)
        assert given == {"Secret": "x", "List": [{"Secret": "y"}]}

    @pytest.mark.parametrize("service", ["cognito-idp", "cognito-identity", "sts", "iam"])
    def test_no_operation_shows_a_sensitive_member(self, service):
        of = model.load(service)
        for operation in of.operations.values():
            if operation.input:
                given = filled(operation.input, of.shapes)
                seen = json.dumps(masked(given, operation.input, of.shapes))
                assert "SECRET" not in seen, operation.name
                assert ("SHOWN" in seen) == ("SHOWN" in str(given)), operation.name


def filled(name, shapes, depth=0, *, secret=False):
    """A value of a shape, with SECRET in sensitive members and SHOWN in others."""
    shape = shapes[name]
    secret = secret or shape.get("sensitive", False)
    if depth > 8:
        return None
    match shape["type"]:
        case "structure":
            members = shape.get("members", {})
            return {of: filled(to["shape"], shapes, depth + 1, secret=secret) for of, to in members.items()}
        case "list":
            return [filled(shape["member"]["shape"], shapes, depth + 1, secret=secret)]
        case "map":
            return {"key": filled(shape["value"]["shape"], shapes, depth + 1, secret=secret)}
        case "blob":
            return b"blob"
        case _:
            return "SECRET" if secret else "SHOWN"
