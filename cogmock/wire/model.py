"""The service models: operations, and the shapes of their parameters and answers."""

from __future__ import annotations

import json
import pkgutil
from functools import cache
from typing import Any, NamedTuple

from cogmock.wire import constraints

CORRECTIONS: dict[str, dict[str, dict[str, Any]]] = {
    "cognito-idp": {
        # AWS: custom domains are host names with dots, which the model's pattern and length leave out. What is wrong
        # with a name is told by the operations that take new ones (seen).
        "DomainType": {"accepts": r"[^\x00-\x1f\x7f]+", "max": 253},
        # AWS: GetClientToken's own documentation wants a flow that the enum lacks.
        "ExplicitAuthFlowsType": {"add": ["ALLOW_CLIENT_TOKEN_AUTH"]},
        # AWS: inner blanks are accepted, and the refusal shows this pattern (dev guide: password policy).
        # Where users may do without a password, the model's prose lets it be blank.
        "PasswordType": {"pattern": r"^[\S]+.*[\S]+$", "blank": True},
        # AWS showed the value of a malformed client id in 2023 (boto3#3581), though the model calls it sensitive.
        "ClientIdType": {"sensitive": False},
        # Not AWS: a prefix of the client's name pins its id.
        "ClientNameType": {"accepts": r"(?:_custom_id_:|ms-custom-id:)?[\w\s+=,.@-]+"},
        # AWS's newer operations refuse a null where the older ones take it for absent (seen, at these).
        "CreateManagedLoginBrandingRequest": {"nulls": ["UseCognitoProvidedValues"]},
        "UpdateManagedLoginBrandingRequest": {"nulls": ["UseCognitoProvidedValues"]},
        "DescribeManagedLoginBrandingRequest": {"nulls": ["ReturnMergedResources"]},
        "DescribeManagedLoginBrandingByClientRequest": {"nulls": ["ReturnMergedResources"]},
        "AssetListType": {"nulls": True},
        # AWS prints this enum in its own order (seen).
        "UserPoolMfaType": {"enum": ["OPTIONAL", "OFF", "ON"]},
        "AccountTakeoverEventActionType": {
            "enum": ["MFA_IF_CONFIGURED", "BLOCK", "NO_ACTION", "MFA_REQUIRED"]
        },
        # Texts for phones may have several lines (seen).
        "SmsVerificationMessageType": {
            "pattern": r"(?s).*\{####\}(?s).*",
            "accepts": r"[\w\W]*\{####\}[\w\W]*",
        },
        # AWS's refusals name these members differently (seen).
        "AdminCreateUserConfigType": {"paths": {"InviteMessageTemplate": "inviteMessage"}},
        "MessageTemplateType": {"paths": {"SMSMessage": "smsMessage"}},
    },
    "cognito-identity": {
        "MappingRuleMatchType": {"enum": ["NotEqual", "StartsWith", "Contains", "Equals"]},
    },
    # AWS tells one demand more of the keys (recorded in 2026).
    "iam": {"tagKeyListType": {"tells_null": True}},
}
"""Where AWS's service behaves differently from its model: service → shape → corrected members."""
WITHOUT_VALUES = frozenset({"iam"})
"""Services whose refusals show no value of a parameter (recorded at AWS in 2026; STS shows them)."""


class OperationModel:
    """One operation, as the service model describes it. Its check is compiled at its first call."""

    __slots__ = ("_check", "errors", "input", "name", "output", "result_wrapper", "shapes", "unsigned")

    def __init__(self, name: str, described: dict[str, Any], shapes: dict[str, Any]) -> None:
        self.name = name
        self.input: str | None = described.get("input")
        self.output: str | None = described.get("output")
        self.errors: list[str] = described["errors"]
        self.unsigned: bool = described.get("unsigned", False)
        self.result_wrapper: str | None = described.get("resultWrapper")
        self.shapes = shapes
        self._check: constraints.Check | None = None

    def checked(self, value: Any) -> tuple[dict[str, Any], list[str]]:
        """The parameters, decoded and cleaned, and what is wrong with them, in AWS's words.

        Raises SerializationException where a member has the wrong JSON type.
        """
        if self.input is None:
            return {}, []
        if self._check is None:
            self._check = constraints.compile_shape(self.input, self.shapes)
        problems: list[str] = []
        return self._check(value, "", problems), problems


class Model(NamedTuple):
    """A service: its protocol, its operations and the shapes they name."""

    service: str
    protocol: str
    xml_namespace: str
    operations: dict[str, OperationModel]
    shapes: dict[str, Any]
    botocore: str
    """The version of botocore that the model was taken from."""
    others: frozenset[str]
    """Operations of AWS whose shapes are left out, because cogmock does not offer them."""


def _read(name: str) -> Any:
    """A file of the package `cogmock.aws`, from the disk or from an archive."""
    content = pkgutil.get_data("cogmock.aws", name) or b""
    try:
        import orjson
    except ImportError:
        return json.loads(content)
    return orjson.loads(content)  # takes a third of the time


@cache
def load(service: str) -> Model:
    """The model of a service, e.g. "cognito-idp"."""
    raw = _read(f"{service}.json")
    shapes = raw["shapes"]
    for name, correction in CORRECTIONS.get(service, {}).items():
        added = correction.get("add", [])
        shapes[name] |= {key: corrected for key, corrected in correction.items() if key != "add"}
        if added:
            shapes[name]["enum"] = [*shapes[name]["enum"], *added]
    if service in WITHOUT_VALUES:
        for shape in shapes.values():
            shape["unshown"] = True
    operations = {
        name: OperationModel(name, described, shapes) for name, described in raw["operations"].items()
    }
    about = raw["metadata"]
    return Model(
        service=service,
        protocol=about["protocol"],
        xml_namespace=about.get("xmlNamespace", ""),
        operations=operations,
        shapes=shapes,
        botocore=about["botocore"],
        others=frozenset(raw.get("others", ())),
    )
