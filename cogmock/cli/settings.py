"""Settings from flags and from the environment. Both are made from the fields of `Settings`, and from nothing else."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from typing import Any

from cogmock.settings import Settings

READERS: dict[str, Callable[[str], Any]] = {"str": str, "int": int, "int | None": int}
SEVERAL = "tuple[str, ...]"


def add_options(parser: argparse.ArgumentParser) -> None:
    for field in fields(Settings):
        about = field.metadata["about"]
        if "shown" in field.metadata and "choices" in field.metadata:
            about = f"{about}: {', '.join(field.metadata['choices'])}"
        if field.default not in (None, "", ()):
            about = f"{about} (default: {field.default})"
        parser.add_argument(
            f"--{_dashed(field)}",
            dest=field.name,
            metavar=_shown(field),
            action="append" if field.type == SEVERAL else "store",
            help=about.replace("%", "%%"),
        )


def read(
    parser: argparse.ArgumentParser, options: argparse.Namespace, environ: Mapping[str, str]
) -> Settings:
    """The settings, or an end with status 2 and a word on what is wrong with which of them."""
    given: dict[str, Any] = {}
    for field in fields(Settings):
        variable = f"COGMOCK_{_dashed(field).upper().replace('-', '_')}"
        value, source = getattr(options, field.name), f"--{_dashed(field)}"
        if value is None and environ.get(variable):
            value, source = environ[variable], variable
            if field.type == SEVERAL:
                value = [part.strip() for part in value.split(",")]
        if value is not None:
            given[field.name] = _read(parser, field, value, source)
    return Settings(**given)


def _read(parser: argparse.ArgumentParser, field: Field[Any], value: Any, source: str) -> Any:
    if field.type == SEVERAL:
        return tuple(part for part in value if part)
    choices = field.metadata.get("choices")
    if choices and value not in choices:
        parser.error(f"{source}: {value!r} is not one of {', '.join(choices)}")
    reader = field.metadata.get("read") or READERS[str(field.type)]
    try:
        return reader(value)
    except ValueError as error:
        reason = "a whole number is needed" if reader is int else error
        parser.error(f"{source}: {value!r} will not do: {reason}")


def _dashed(field: Field[Any]) -> str:
    return field.name.rstrip("_").replace("_", "-")  # `lambda_`, for `lambda` is Python's own word


def _shown(field: Field[Any]) -> str:
    of = field.metadata
    return str(of["shown"] if "shown" in of else "|".join(of.get("choices", ())) or field.name.upper())
