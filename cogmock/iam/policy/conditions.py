"""Condition operators."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import operator as compare
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from cogmock.iam.policy.patterns import Context, Filled, Patterns, Piece, filled, matcher, pieces

Test = Callable[[str, Context], bool]
"""Whether a value of the request matches one of the condition's values."""


@dataclass(frozen=True, slots=True)
class Condition:
    operator: str
    key: str
    wanted: tuple[str, ...]
    variables: tuple[str, ...]
    holds: Callable[[Context], bool]


def known(operator: str) -> bool:
    return _family(operator) in _FAMILIES


def compile_condition(operator: str, key: str, wanted: tuple[str, ...], *, variables: bool) -> Condition:
    family = _family(operator)
    base, negated, _ = family.partition("!")
    test, names = _FAMILIES[family](wanted, variables=variables)
    quantifier = operator.partition(":")[0].lower() if ":" in operator else ""
    forgiving = operator.lower().endswith("ifexists")
    holds = (
        _null(key.lower(), wanted)
        if base == "null"
        else _HOLDS[quantifier](key.lower(), test, bool(negated), forgiving)
    )
    return Condition(operator, key, wanted, tuple(names), holds)


def _family(operator: str) -> str:
    """`ForAnyValue:StringNotLikeIfExists` → `stringlike!`; the exclamation mark means Not."""
    quantifier, colon, name = operator.rpartition(":")
    if colon and quantifier.lower() not in _HOLDS:
        return ""
    name = name.lower().removesuffix("ifexists")
    return name.replace("not", "", 1) + "!" if "not" in name else name


def _null(key: str, wanted: tuple[str, ...]) -> Callable[[Context], bool]:
    absent = {value.lower() == "true" for value in wanted if value.lower() in {"true", "false"}}
    return lambda context: (not context.get(key) and context.get(key) != "") in absent


def _single(key: str, test: Test, negated: bool, forgiving: bool) -> Callable[[Context], bool]:  # noqa: FBT001 (one signature for three)
    def holds(context: Context) -> bool:
        value = context.get(key)
        if isinstance(value, str):
            return test(value, context) is not negated
        # A multivalued key needs a set operator: without one, not even a negated condition is met.
        return not value and (negated or forgiving)

    return holds


def _for_any(key: str, test: Test, negated: bool, forgiving: bool) -> Callable[[Context], bool]:  # noqa: FBT001 (one signature for three)
    def holds(context: Context) -> bool:
        values = _values(context, key)
        return any(test(value, context) is not negated for value in values) if values else forgiving

    return holds


def _for_all(key: str, test: Test, negated: bool, _forgiving: bool) -> Callable[[Context], bool]:  # noqa: FBT001 (one signature for three)
    return lambda context: all(test(value, context) is not negated for value in _values(context, key))


def _values(context: Context, key: str) -> Sequence[str]:
    found = context.get(key, ())
    return (found,) if isinstance(found, str) else found


_HOLDS = {"": _single, "foranyvalue": _for_any, "forallvalues": _for_all}


def _equal(wanted: tuple[str, ...], *, variables: bool) -> tuple[Test, list[str]]:
    patterns = Patterns.of(wanted, (pieces(value, wildcards=False, variables=variables) for value in wanted))
    return patterns.match, patterns.variables()


def _equal_ignoring_case(wanted: tuple[str, ...], *, variables: bool) -> tuple[Test, list[str]]:
    compiled = [pieces(value, wildcards=False, variables=variables) for value in wanted]
    names = Patterns.of(wanted, compiled).variables()

    def test(value: str, context: Context) -> bool:
        return any(_folded(filled(parts, context)) == value.lower() for parts in compiled)

    return test, names


def _folded(parts: list[Filled] | None) -> str | None:
    return None if parts is None else "".join(str(part) for part in parts).lower()


def _like(wanted: tuple[str, ...], *, variables: bool) -> tuple[Test, list[str]]:
    patterns = Patterns.of(wanted, (pieces(value, wildcards=True, variables=variables) for value in wanted))
    return patterns.match, patterns.variables()


def _arn(wanted: tuple[str, ...], *, variables: bool) -> tuple[Test, list[str]]:
    """ArnEquals and ArnLike are the same: each of the six parts is compared on its own."""
    compiled = [_arn_parts(pieces(value, wildcards=True, variables=variables)) for value in wanted]
    names = Patterns.of(wanted, [part for parts in compiled for part in parts]).variables()

    def test(value: str, context: Context) -> bool:
        arn = value.split(":", 5)
        return len(arn) == 6 and any(_arn_match(parts, arn, context) for parts in compiled)

    return test, names


def _arn_parts(whole: tuple[Piece, ...]) -> list[tuple[Piece, ...]]:
    """Splits a pattern at its first five colons. Colons in the name of a variable do not count."""
    parts: list[list[Piece]] = [[]]
    for piece in whole:
        first, *others = piece.split(":", 6 - len(parts)) if isinstance(piece, str) else (piece,)
        parts[-1].append(first)
        parts += [[other] for other in others]
    return [tuple(part) for part in parts]


def _arn_match(parts: list[tuple[Piece, ...]], arn: list[str], context: Context) -> bool:
    if len(parts) != 6:
        return False
    for part, value in zip(parts, arn, strict=True):
        tokens = filled(part, context)
        if tokens is None or not matcher(tokens)(value):
            return False
    return True


_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)
_EPOCH = re.compile(r"\d{1,19}(\.\d+)?", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _moment(text: str) -> Decimal | None:
    """Epoch seconds of an ISO 8601 date (UTC without a zone) or of a number of seconds."""
    if _EPOCH.fullmatch(text):
        return Decimal(text)
    try:
        when = datetime.fromisoformat(text.upper() + ("-01" if _MONTH.fullmatch(text) else ""))
        return Decimal((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def _ordered(
    read: Callable[[str], Decimal | None], holds: Callable[[Any, Any], Any]
) -> Callable[..., tuple[Test, list[str]]]:
    def compiled(wanted: tuple[str, ...], *, variables: bool) -> tuple[Test, list[str]]:
        _ = variables  # IAM has no variables in numbers and dates
        limits = [limit for limit in map(read, wanted) if limit is not None]

        def test(value: str, _context: Context) -> bool:
            found = read(value)
            return found is not None and any(holds(found, limit) for limit in limits)

        return test, []

    return compiled


def _of_set(read: Callable[[str], object | None]) -> Callable[..., tuple[Test, list[str]]]:
    def compiled(wanted: tuple[str, ...], *, variables: bool) -> tuple[Test, list[str]]:
        _ = variables  # nor in these
        listed = {read(value) for value in wanted} - {None}
        return lambda value, _context: read(value) in listed, []

    return compiled


def _truth(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def _binary(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _address(wanted: tuple[str, ...], *, variables: bool) -> tuple[Test, list[str]]:
    _ = variables
    networks = [network for network in map(_network, wanted) if network is not None]

    def test(value: str, _context: Context) -> bool:
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            return False
        return any(address in network for network in networks)

    return test, []


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


_ORDERS = {
    "equals": compare.eq,
    "equals!": compare.eq,
    "lessthan": compare.lt,
    "lessthanequals": compare.le,
    "greaterthan": compare.gt,
    "greaterthanequals": compare.ge,
}
_FAMILIES: dict[str, Callable[..., tuple[Test, list[str]]]] = {
    "stringequals": _equal,
    "stringequalsignorecase": _equal_ignoring_case,
    "stringlike": _like,
    "arnequals": _arn,
    "arnlike": _arn,
    "ipaddress": _address,
    "bool": _of_set(_truth),
    "binaryequals": _of_set(_binary),
    "null": _of_set(_truth),
}
_FAMILIES |= {
    f"{name}!": _FAMILIES[name]
    for name in ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress")
}
_FAMILIES |= {f"numeric{name}": _ordered(_number, order) for name, order in _ORDERS.items()}
_FAMILIES |= {f"date{name}": _ordered(_moment, order) for name, order in _ORDERS.items()}
