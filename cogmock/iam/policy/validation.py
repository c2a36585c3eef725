"""Validation of policy documents, in IAM's order and with IAM's messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

from cogmock import foreign_json
from cogmock.iam.policy import arns, conditions, principals
from cogmock.wire.arns import is_identity_issuer

Kind = Literal["managed", "identity", "session", "resource", "trust"]
"""`identity` is an inline policy or one of a simulation; `managed` must have Version 2012-10-17."""


class PolicyError(Exception):
    """A document that IAM refuses. `message` is IAM's."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


_ELEMENTS = frozenset(
    (
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    )
)
_EITHER = (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal"))
_TEXTS = ("Action", "NotAction", "Resource", "NotResource")
_SID = re.compile(r"[0-9A-Za-z]*", re.ASCII)
_VENDOR = re.compile(r"\*|[a-zA-Z0-9.-]*", re.ASCII)
_PERMISSIONS = frozenset({"managed", "identity", "session"})

Body = dict[str, Any]


def validated(text: str, kind: Kind) -> dict[str, Any]:
    try:
        document = foreign_json.read(text)
    except foreign_json.NotJson:
        raise PolicyError(
            "This policy contains invalid Json" if kind == "trust" else "Syntax errors in policy."
        ) from None
    if not isinstance(document, dict):
        raise PolicyError("Syntax errors in policy.")
    _check(document, kind)
    return document


def listed(value: Any) -> list[Any]:
    """The value as a list: a single value needs no brackets, and IAM ignores nulls in a list."""
    return [item for item in value if item is not None] if isinstance(value, list) else [value]


def _check(document: Body, kind: Kind) -> None:
    """Raises the first of several faults, in IAM's order (as moto's table of messages, recorded at AWS, shows it)."""
    if not _well_formed(document):
        raise PolicyError("Syntax errors in policy.")
    if kind == "managed" and document.get("Version") != "2012-10-17":
        raise PolicyError("Policy document must be version 2012-10-17 or greater.")
    bodies = listed(document["Statement"])
    if not all(_legacy(body) for body in bodies):
        raise PolicyError("The policy failed legacy parsing")
    resource_fault = _first(_resource_faults(bodies)) if kind in _PERMISSIONS else None
    _check_sids(bodies, kind)
    if not all(_names(body, "Action", "NotAction") for body in bodies):
        raise PolicyError("Policy statement must contain actions.")
    if resource_fault:
        raise PolicyError(resource_fault)
    for body in bodies:
        for action in _names(body, "Action", "NotAction"):
            _check_action(action)
    for body in bodies:
        _DEMANDS.get(kind, _permission)(body)


def _first(faults: Iterator[str]) -> str | None:
    """The first fault. All are looked for, because a later one may fail legacy parsing instead."""
    return next(iter(list(faults)), None)


def _well_formed(document: Body) -> bool:
    bodies = document.get("Statement")
    return (
        document.keys() <= {"Version", "Id", "Statement"}
        and document.get("Version", "2012-10-17") in ("2012-10-17", "2008-10-17")
        and isinstance(document.get("Id", ""), str)
        and isinstance(bodies, list | dict)
        and bool(listed(bodies))
        and all(_well_formed_statement(body) for body in listed(bodies))
    )


def _well_formed_statement(body: Any) -> bool:
    return (
        isinstance(body, dict)
        and body.keys() <= _ELEMENTS
        and not any(one in body and other in body for one, other in _EITHER)
        and str(body.get("Effect")).lower() in ("allow", "deny")
        and isinstance(body.get("Sid", ""), str)
        and all(_strings(body[name]) for name in _TEXTS if name in body)
        and all(_who(body[name]) for name in ("Principal", "NotPrincipal") if name in body)
        and _well_formed_condition(body.get("Condition", {}))
    )


def _strings(value: Any) -> bool:
    return isinstance(value, str | list) and all(isinstance(item, str) for item in listed(value))


def _who(value: Any) -> bool:
    return value == "*" or (
        isinstance(value, dict)
        and bool(value)
        and value.keys() <= principals.KINDS
        and all(_strings(names) for names in value.values())
    )


def _well_formed_condition(block: Any) -> bool:
    return isinstance(block, dict) and all(
        isinstance(tests, dict)
        and (not tests or conditions.known(operator))
        and all(
            isinstance(value, str | bool | int | float)
            for wanted in tests.values()
            for value in (wanted if isinstance(wanted, list) else [wanted])
        )
        for operator, tests in block.items()
    )


def _legacy(body: Body) -> bool:
    """Whether the legacy parser accepts a statement: Effect is case-sensitive, dates must be valid."""
    dates = [
        str(value)
        for operator, tests in body.get("Condition", {}).items()
        if operator.rpartition(":")[2].lower().startswith("date")
        for wanted in tests.values()
        for value in listed(wanted)
    ]
    return body["Effect"] in ("Allow", "Deny") and all(arns.is_date(value) for value in dates)


def _resource_faults(bodies: list[Body]) -> Iterator[str]:
    for body in bodies:
        for resource in _names(body, "Resource", "NotResource"):
            fault = arns.fault(resource)
            if fault:
                yield fault
            elif not arns.parses_as_of_old(resource):
                raise PolicyError("The policy failed legacy parsing")


def _names(body: Body, name: str, negated: str) -> list[str]:
    return listed(body.get(name, body.get(negated, [])))


def _check_sids(bodies: list[Body], kind: Kind) -> None:
    sids = [body["Sid"] for body in bodies if body.get("Sid")]
    if len(set(sids)) < len(sids):
        raise PolicyError("Statement IDs (SID) in a single policy must be unique.")
    if kind in _PERMISSIONS and not all(_SID.fullmatch(sid) for sid in sids):
        raise PolicyError(
            "Statement IDs (SID) must be alpha-numeric. "
            "Check that your input satisfies the regular expression [0-9A-Za-z]*"
        )


def _check_action(action: str) -> None:
    vendor, *rest = action.split(":")
    if not rest and action != "*":
        raise PolicyError("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
    if len(rest) > 1:
        raise PolicyError("Actions/Condition can contain only one colon.")
    if not _VENDOR.fullmatch(vendor):
        raise PolicyError(f"Vendor {vendor} is not valid")


def _permission(body: Body) -> None:
    if not _names(body, "Resource", "NotResource"):
        raise PolicyError("Policy statement must contain resources.")
    if "Principal" in body or "NotPrincipal" in body:
        raise PolicyError("Policy document should not specify a principal.")


def _resource_policy(body: Body) -> None:
    for element in ("Principal", "NotPrincipal"):
        for kind, names in _by_kind(body.get(element, "*")):
            for name in names:
                if not principals.valid(kind, name):
                    raise PolicyError(f'Invalid principal in policy: "{kind}":"{name}"')
    if "Principal" not in body and "NotPrincipal" not in body:
        raise PolicyError("Missing required field Principal")


def _trust(body: Body) -> None:
    if "Resource" in body or "NotResource" in body:
        raise PolicyError("Has prohibited field Resource")
    _resource_policy(body)
    if not all(action.lower().startswith("sts:") for action in _names(body, "Action", "NotAction")):
        raise PolicyError("AssumeRole policy may only specify STS AssumeRole actions.")
    trusted = _identity_issuers(body)
    if trusted and body["Effect"] == "Allow" and not any(body.get("Condition", {}).values()):
        # AWS dev guide: identity pools, security best practices. # inferred: the text
        raise PolicyError(f"A trust policy for {trusted[0]} must have a condition on the identity pool")


def _identity_issuers(body: Body) -> list[str]:
    """The names of identity pools among the principals."""
    federated = [names for kind, names in _by_kind(body.get("Principal", "*")) if kind == "Federated"]
    return [name for names in federated for name in names if is_identity_issuer(name)]


def _by_kind(named: Any) -> list[tuple[str, list[str]]]:
    return [] if named == "*" else [(kind, listed(names)) for kind, names in named.items()]


_DEMANDS: dict[str, Callable[[Body], None]] = {"resource": _resource_policy, "trust": _trust}
