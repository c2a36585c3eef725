"""Turns objects of state into JSON values and back, by their annotations. Made with cattrs."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from cogmock.crypto.jws import SigningKey
from cogmock.persistence import plain, schema
from cogmock.persistence.errors import Damaged
from cogmock.state.user import Password

if TYPE_CHECKING:
    from cattrs import Converter

_PLAIN = frozenset({str, int, float, bool, NoneType, Any})


@cache
def converter() -> Converter:
    """Fields at their defaults are left out, so a field that is added later has its default in older rows."""
    from cattrs import Converter
    from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

    made = Converter(detailed_validation=False)
    for kind in (str, int, bool, float):
        made.register_structure_hook(kind, _strict(kind))
    made.register_structure_hook(NoneType, _nothing)
    made.register_structure_hook(bytes, lambda value, _: b64decode(_text(value), validate=True))
    made.register_unstructure_hook(bytes, lambda value: b64encode(value).decode())
    made.register_structure_hook(Password, lambda value, _: Password(b64decode(_text(value), validate=True)))
    made.register_unstructure_hook(Password, lambda value: b64encode(value).decode())
    made.register_structure_hook(SigningKey, _read_key)
    made.register_unstructure_hook(SigningKey, lambda key: {"kid": key.kid, "pem": key.pem()})
    made.register_structure_hook_func(_is_free, lambda value, _: plain.from_json(value))
    made.register_unstructure_hook_func(_is_free, plain.to_json)

    def overrides(cls: type) -> dict[str, Any]:
        left_out = schema.branch_fields(cls) | schema.unkept_fields(cls)
        return dict.fromkeys(left_out, override(omit=True))

    made.register_structure_hook_factory(
        is_dataclass,
        lambda cls: make_dict_structure_fn(
            cls, made, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=False, **overrides(cls)
        ),
    )
    made.register_unstructure_hook_factory(
        is_dataclass,
        lambda cls: make_dict_unstructure_fn(cls, made, _cattrs_omit_if_default=True, **overrides(cls)),
    )
    return made


@cache
def writer(hint: Any) -> Callable[[Any], Any]:
    """A function that turns a value of this type into JSON values."""
    return converter().get_unstructure_hook(hint)


@cache
def reader(hint: Any) -> Callable[[Any], Any]:
    """A function that makes a value of this type. It raises what cattrs raises, or ValueError, TypeError, KeyError."""
    hook = converter().get_structure_hook(hint)
    return lambda value: hook(value, hint)


def _strict(kind: type) -> Callable[[Any, Any], Any]:
    """Takes values of the type only; a number may be an integer. cattrs itself would convert."""
    allowed = {float, int} if kind is float else {kind}

    def structure(value: Any, _: Any) -> Any:
        if type(value) not in allowed:
            raise Damaged(f"{value!r:.100} is no {kind.__name__}")
        return value

    return structure


def _nothing(value: Any, _: Any) -> None:
    if value is not None:
        raise Damaged(f"{value!r:.100} is not null")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Damaged(f"{value!r:.100} is no base64 text")
    return value


def _read_key(value: Any, _: Any) -> SigningKey:
    return SigningKey.from_pem(_text(value["pem"]), _text(value["kid"]))


def _is_free(hint: Any) -> bool:
    """Whether a type says nothing of what is inside: Any, a collection of Any, or a choice of JSON's values."""
    if hint is Any:
        return True
    origin, inside = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return len([each for each in inside if each is not NoneType]) > 1 and all(map(_is_json, inside))
    return origin in {dict, list, Mapping} and Any in inside


def _is_json(hint: Any) -> bool:
    return hint in _PLAIN or (get_origin(hint) in {list, dict} and all(map(_is_json, get_args(hint))))
