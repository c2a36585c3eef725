"""The options of `mock_cognito`, of the marker `cognito` and of `CognitoServer`: checked where they are written.

They are the fields of `cogmock.settings.Settings`. `Options` repeats them for type checkers, and a test holds the two
together.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from dataclasses import Field, fields
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from cogmock.services import NAMES

if TYPE_CHECKING:
    from cogmock.settings import Settings

_MOTOS_CONFIG = {"batch", "core", "iam", "lambda", "stepfunctions"}
"""The keys of the dictionary that moto takes as `config`."""


_DOCUMENT = "str | Mapping[str, Any]"
_TYPES: dict[str, Any] = {"str": str, "bool": bool, _DOCUMENT: str | Mapping}


class Options(TypedDict, total=False):
    host: str
    port: int
    issuer: Literal["server", "aws", "host"]
    public_url: str
    tls: Literal["auto", "off", "only"]
    cert: str
    key: str
    code: str
    seed: int | None
    config: str | os.PathLike[str] | Mapping[str, Any]
    compromised: str
    state: str
    state_sync: Literal["normal", "full"]
    smtp_url: str
    outbox: str
    allow_host: Iterable[str]
    allow_origin: Iterable[str]
    aids: bool
    lambda_: Iterable[str]
    lambda_endpoint: str
    protect: Iterable[str]
    pretend: Literal["social", "off"]
    social: Iterable[str]
    throttle: bool
    log_format: Literal["text", "json"]
    log_level: Literal["debug", "info", "warning", "error"]


def checked(caller: str, given: Mapping[str, Any], *others: str) -> dict[str, Any]:
    """The options as `Settings` takes them. `others` are options that the caller has beside them.

    Raises TypeError for an unknown name or a value of another type, and ValueError for a wrong value.
    """
    from cogmock.settings import Settings

    known = {field.name: field for field in fields(Settings)}
    for name in given:
        if name not in known or (name == "config" and _is_motos(given[name])):
            raise TypeError(_unknown(caller, name, given[name], [*known, *others]))
    return {name: _value(caller, known[name], value) for name, value in given.items()}


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two sets of checked options make equal settings."""
    return one == other or _settings(one) == _settings(other)


def services(given: Iterable[str]) -> frozenset[str]:
    """Those services of `passthrough` that cogmock answers; all others of AWS's pass through anyway.

    Raises TypeError for a string, and ValueError for what is no service.
    """
    if isinstance(given, str):
        raise TypeError(f'mock_cognito(passthrough={given!r}): give a list of services, ["{given}"]')
    named = frozenset(given)
    others = named.difference(NAMES)
    unknown = sorted(others.difference(_services_of_aws())) if others else ()
    if unknown:
        raise ValueError(
            f"mock_cognito(passthrough=…): {', '.join(map(repr, unknown))} is no service of boto3. Those that cogmock "
            f"answers are {', '.join(NAMES)}; calls of all other services pass through anyway."
        )
    return named.intersection(NAMES)


def _services_of_aws() -> list[str]:
    from botocore.session import Session

    found: list[str] = Session().get_available_services()
    return found


def _settings(options: Mapping[str, Any]) -> Settings:
    from cogmock.settings import Settings

    return Settings(**options)


def _is_motos(config: Any) -> bool:
    return isinstance(config, Mapping) and bool(_MOTOS_CONFIG.intersection(config))


def _unknown(caller: str, name: str, value: Any, known: list[str]) -> str:
    if name == "config" and _is_motos(value):
        return (
            f"{caller}(config={{…}}) is moto's form, which cogmock does not take. To leave services to moto, write "
            f'mock_cognito(passthrough=["iam", "sts"]); calls of services other than {", ".join(NAMES)} pass '
            f"through without that."
        )
    alike = difflib.get_close_matches(name, known, 1)
    hint = f" Did you mean {alike[0]!r}?" if alike else ""
    return f"{caller}() has no option {name!r}.{hint} Its options are {', '.join(sorted(known))}."


def _value(caller: str, field: Field[Any], value: Any) -> Any:
    kind = str(field.type)
    if kind.startswith("tuple"):
        if isinstance(value, str) or not isinstance(value, Iterable):
            raise TypeError(f"{caller}({field.name}={value!r}): give a list of strings")
        return tuple(value)
    if kind == _DOCUMENT and isinstance(value, os.PathLike):
        return os.fspath(value)
    wanted = _TYPES.get(kind, int)
    right = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))
    if not right and not (value is None and "None" in kind):
        raise TypeError(f"{caller}({field.name}={value!r}): a value of type {kind} is needed")
    choices = field.metadata.get("choices")
    if choices and value not in choices:
        raise ValueError(f"{caller}({field.name}={value!r}): it must be one of {', '.join(choices)}")
    return value
