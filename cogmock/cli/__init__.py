"""The command line: `cogmock VERB`, one module for each group of verbs.

`serve` starts a server; the other verbs ask a running one through the control API (`client`), never its state. This
room may use `web`, `httpd` and `settings`; `cogmock.testing` is apart from it. Each verb imports what it needs when it
runs, so that none waits for another's libraries.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Callable, Sequence

from cogmock.cli import settings, verbs
from cogmock.cli.suggest import Parser
from cogmock.version import __version__

DESCRIPTION = "A local Amazon Cognito: user pools, identity pools, and who may reach what."
VERBS = "`cogmock` alone is `cogmock serve`. `cogmock VERB --help` says more of a verb."
STOPPED = 130
"""Exit status after Ctrl-C, as a shell reports it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 found a fault, 2 wrong usage, 130 stopped by Ctrl-C."""
    try:
        _accept_any_text()
        status = _run(list(sys.argv[1:] if arguments is None else arguments))
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return 1
    except OSError as error:
        _drop_output()
        where = error.filename or "the output cannot be written"
        print(f"cogmock: {where}: {error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return STOPPED
    return status


def _accept_any_text() -> None:
    """A character that the encoding of the output lacks, as ✓ in that of some Windows consoles, is escaped."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """What is still to be written goes nowhere: Python would fail on it again when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(given: list[str]) -> int:
    if not given or (given[0].startswith("-") and given[0] not in {"-h", "--help", "--version"}):
        given.insert(0, "serve")
    parser, of_verbs = _parser()
    options, unknown = parser.parse_known_args([_shielded(each) for each in given])
    verb = of_verbs[options.verb]
    if unknown:
        verb.error(f"unrecognized arguments: {' '.join(unknown)}")
    if options.verb == "serve":
        return _serve(verb, options)
    if options.verb == "ca":
        from cogmock.cli import authority

        return authority.run(options)
    if options.verb == "state":
        from cogmock.cli import state

        return state.run(options)
    from cogmock.cli import ask

    return ask.run(options)


def _serve(parser: Parser, options: argparse.Namespace) -> int:
    from cogmock.cli.serve import run

    verbs.read_switches(parser, options, os.environ)
    settings.find_document(options, os.environ)
    settings.turn_down_log(options, os.environ)
    given = settings.read(parser, options, os.environ)
    return run(given, _when_ready(options), quiet=options.quiet, reload=options.reload)


def _when_ready(options: argparse.Namespace) -> Callable[[str], None] | None:
    if not options.demo:
        return None
    from cogmock.cli import demo

    return demo.fill_when_ready if options.quiet else demo.welcome_when_ready


def _shielded(argument: str) -> str:
    """`-2d`, which moves the clock back, looks like an option to argparse, unless it holds a blank."""
    return f" {argument}" if re.match(r"-\d", argument) else argument


def _parser() -> tuple[Parser, dict[str, Parser]]:
    """The parser, and those of the verbs by their names."""
    parser = Parser("cogmock", description=DESCRIPTION, epilog=VERBS, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"cogmock {__version__}")
    of_verbs = parser.add_subparsers(title="verbs", dest="verb", metavar="VERB", required=True)
    verbs.add(of_verbs)
    return parser, dict(of_verbs.choices)
