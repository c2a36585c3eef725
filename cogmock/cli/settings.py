"""Settings from options and from the environment. Both are derived from the fields of `Settings`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any, NoReturn

from cogmock.settings import Settings

SWITCH = {
    "on": True,
    "true": True,
    "yes": True,
    "1": True,
    "off": False,
    "false": False,
    "no": False,
    "0": False,
}


def switched(text: str) -> bool:
    """Whether a word turns something on. Raises ValueError for another word."""
    if text.lower() not in SWITCH:
        raise ValueError("give on or off")
    return SWITCH[text.lower()]


READERS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "str | Mapping[str, Any]": str,
    "int": int,
    "int | None": int,
    "bool": switched,
}
SEVERAL = "tuple[str, ...]"
DOCUMENT = "cogmock.yaml"


def add_options(parser: argparse.ArgumentParser) -> None:
    for field in fields(Settings):
        about = field.metadata["about"]
        if field.type == "bool":
            turned = "off" if field.default else "on"
            parser.add_argument(
                flag(field), dest=field.name, action="store_const", const=turned, help=f"{turned}: {about}"
            )
            continue
        if "shown" in field.metadata and "choices" in field.metadata:
            about = f"{about}: {', '.join(field.metadata['choices'])}"
        if field.default not in (None, "", ()):
            about = f"{about} (default: {field.default})"
        parser.add_argument(
            flag(field),
            dest=field.name,
            metavar=_shown(field),
            action="append" if field.type == SEVERAL else "store",
            help=about.replace("%", "%%"),
        )


def find_document(options: argparse.Namespace, environ: Mapping[str, str]) -> None:
    """Takes `cogmock.yaml` of this folder where neither the option nor the variable names a document, and says so.

    `--config ""` leaves it out.
    """
    if options.config is None and not environ.get("COGMOCK_CONFIG") and Path(DOCUMENT).is_file():
        options.config = DOCUMENT
        if not options.quiet:
            print(f'cogmock applies {DOCUMENT} of this folder; --config "" leaves it out', flush=True)


def turn_down_log(options: argparse.Namespace, environ: Mapping[str, str]) -> None:
    """With --quiet the log has no line for each call, unless --log-level or its variable asks for them."""
    if options.quiet and options.log_level is None and not environ.get("COGMOCK_LOG_LEVEL"):
        options.log_level = "warning"


def read(
    parser: argparse.ArgumentParser, options: argparse.Namespace, environ: Mapping[str, str]
) -> Settings:
    """The settings. Ends the program with status 2 and a message that names the option or variable that is wrong."""
    given: dict[str, Any] = {}
    document = _document(parser, options.config or environ.get("COGMOCK_CONFIG"))
    for field in fields(Settings):
        value, source = getattr(options, field.name), flag(field)
        variable = variable_of(field)
        if value is None and environ.get(variable):
            value, source = environ[variable], variable
            if field.type == SEVERAL:
                value = [part.strip() for part in value.split(",")]
        if value is None and field.name in document:
            value, source = document[field.name]
        if value is not None:
            given[field.name] = _read(parser, field, value, source)
    return Settings(**given)


def _document(parser: argparse.ArgumentParser, config: str | None) -> dict[str, tuple[Any, str]]:
    """Field → value and place, of the `server` block of a document. Options and variables count more."""
    if not config:
        return {}
    from cogmock.definitions import server_settings
    from cogmock.definitions.reading.document import misfit

    found: dict[str, tuple[Any, str]] = {}
    for name, node in server_settings.stated(config).items():
        place = f"{config}:{node.line}: {node.path}"
        wrong = misfit(name.rstrip("_"), node)
        if wrong:
            parser.error(f"{place}: {wrong}")
        found[name] = ([str(item.text) for item in node.items] or node.text, place)
    return found


def from_environment(environ: Mapping[str, str]) -> Settings:
    """The settings of COGMOCK_… variables alone. Raises ValueError."""
    parser = _Raising()
    add_options(parser)
    return read(parser, parser.parse_args([]), environ)


class _Raising(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ValueError(message)


def _read(parser: argparse.ArgumentParser, field: Field[Any], value: Any, source: str) -> Any:
    if field.type == SEVERAL:
        return tuple(part for part in ([value] if isinstance(value, str) else value) if part)
    choices = field.metadata.get("choices")
    if choices and value not in choices:
        parser.error(f"{source}: {value!r} is not one of {', '.join(choices)}")
    reader = field.metadata.get("read") or READERS[str(field.type)]
    try:
        return reader(value)
    except ValueError as error:
        reason = "a whole number is needed" if reader is int else error
        parser.error(f"{source}: {value!r} is not possible: {reason}")


def flag(field: Field[Any]) -> str:
    """The option of a setting; a switch that is on by default has one that turns it off."""
    return f"--no-{_dashed(field)}" if field.type == "bool" and field.default else f"--{_dashed(field)}"


def variable_of(field: Field[Any]) -> str:
    return f"COGMOCK_{_dashed(field).upper().replace('-', '_')}"


def _dashed(field: Field[Any]) -> str:
    return field.name.rstrip("_").replace("_", "-")  # `lambda_`, for `lambda` is Python's own word


def _shown(field: Field[Any]) -> str:
    of = field.metadata
    return str(of["shown"] if "shown" in of else "|".join(of.get("choices", ())) or field.name.upper())
