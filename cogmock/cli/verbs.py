"""The verbs and their options, as argparse takes them. What a verb does is in the module of its name, or in `ask`."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from math import isfinite

from cogmock.cli import settings
from cogmock.cli.suggest import Parser

Verbs = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it

SERVE = """
Each option is also an environment variable: --log-format is COGMOCK_LOG_FORMAT,
and COGMOCK_ALLOW_HOST takes several hosts with commas between them. An option
counts more than its variable.
"""
SWITCHES = {
    "demo": "make a pool that is ready to be used, and say how",
    "reload": "read functions and the document anew when their files change; needs cogmock[reload]",
}
"""Options of `serve` that concern the command alone, and are no settings of a world."""
ENV_FORMATS = ("sh", "fish", "powershell", "dotenv", "json", "amplify", "aws-exports", "spring")
HOSTS_FORMATS = ("hosts", "compose", "chromium", "curl", "node", "python")
MOVE = re.compile(r"[+-]\d+(?:\.\d+)?[smhd]?")


class _Wide(argparse.RawDescriptionHelpFormatter):
    """Room for the longest option, so that no help text begins on a line of its own."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30)


def add(verbs: Verbs[Parser]) -> None:
    """In the order in which `cogmock --help` lists them."""
    for each in (
        _serve,
        _health,
        _env,
        _doctor,
        _messages,
        _requests,
        _token,
        _totp,
        _clock,
        _apply,
        _export,
        _import,
        _pull,
        _reset,
        _snapshot,
        _state,
        _logs,
        _risk,
        _hosts,
        _ca,
    ):
        each(verbs)


def _verb(verbs: Verbs[Parser], name: str, about: str) -> Parser:
    made = verbs.add_parser(
        name, help=about, description=f"{about[0].upper()}{about[1:]}.", allow_abbrev=False
    )
    made.add_argument(
        "-q", "--quiet", action="store_true", help="print results and errors, but no progress and no hints"
    )
    return made


def _asking(verbs: Verbs[Parser], name: str, about: str) -> Parser:
    """A verb that asks a running server."""
    made = _telling(verbs, name, about)
    made.add_argument(
        "--url",
        metavar="URL",
        default=os.environ.get("COGMOCK_URL"),
        help="the server (default: COGMOCK_URL, or port COGMOCK_PORT of this machine)",
    )
    return made


def _telling(verbs: Verbs[Parser], name: str, about: str) -> Parser:
    """A verb that prints data."""
    made = _verb(verbs, name, about)
    made.add_argument("--json", action="store_true", help="print it as JSON")
    return made


def _serve(verbs: Verbs[Parser]) -> None:
    serve = _verb(verbs, "serve", "start the server")
    serve.formatter_class = _Wide
    serve.usage = "cogmock serve [options]"
    serve.epilog = SERVE
    settings.add_options(serve)
    for name, about in SWITCHES.items():
        serve.add_argument(f"--{name}", action="store_true", help=about)


def read_switches(
    parser: argparse.ArgumentParser, options: argparse.Namespace, environ: Mapping[str, str]
) -> None:
    """Takes switches that were not given from their variables. Ends the program with status 2 for a wrong value."""
    for name in (*SWITCHES, "quiet"):
        variable = f"COGMOCK_{name.upper()}"
        try:
            on = getattr(options, name) or settings.switched(environ.get(variable) or "off")
        except ValueError as error:
            parser.error(f"{variable}: {environ[variable]!r} is not possible: {error}")
        setattr(options, name, on)


def _health(verbs: Verbs[Parser]) -> None:
    health = _asking(verbs, "health", "say whether a server runs; exit status 0 if so")
    health.add_argument("--wait", metavar="SECONDS", type=_seconds, help="wait for a server that is starting")


def _env(verbs: Verbs[Parser]) -> None:
    env = _asking(verbs, "env", "print the variables that send AWS's tools to a server")
    env.add_argument(
        "--format",
        choices=ENV_FORMATS,
        metavar="FORMAT",
        help='sh (default; `eval "$(cogmock env)"` sets them in a shell), fish, powershell, dotenv, json, or the '
        "configuration of a library: amplify, aws-exports (Amplify 5 and older), spring",
    )
    _add_pool_and_client(env)


def _add_pool_and_client(verb: Parser) -> None:
    verb.add_argument("--pool", metavar="POOL", help="the user pool, by id or name, where there are several")
    verb.add_argument(
        "--client", metavar="CLIENT", help="the app client, by id or name, where several have user flows"
    )


def _doctor(verbs: Verbs[Parser]) -> None:
    doctor = _asking(verbs, "doctor", "say what will not work, and what mends it; exit status 1 for a fault")
    doctor.add_argument("jwt", nargs="?", metavar="JWT", help="a token that is refused, to say why")


def _messages(verbs: Verbs[Parser]) -> None:
    messages = _asking(verbs, "messages", "print the messages that were sent")
    messages.add_argument("show", nargs="?", choices=("show",), help="print one whole message, the last one")
    messages.add_argument("id", nargs="?", metavar="ID", type=_count, help="or the one with this number")
    messages.add_argument("--pool", metavar="POOL", help="those of one user pool, by id or name")
    messages.add_argument("--user", metavar="NAME", help="those to one user, by username or by address")
    messages.add_argument("--wait", metavar="SECONDS", type=_seconds, help="wait for one while there is none")
    _add_follow(messages)


def _add_follow(verb: Parser) -> None:
    verb.add_argument("-f", "--follow", action="store_true", help="go on printing what comes")


def _requests(verbs: Verbs[Parser]) -> None:
    requests = _asking(verbs, "requests", "print the last calls, with the reasons that AWS hides")
    requests.add_argument("-n", "--number", metavar="N", type=_count, help="the last N of them")
    requests.add_argument("--failed", action="store_true", help="those that were refused")
    _add_follow(requests)


def _token(verbs: Verbs[Parser]) -> None:
    token = _asking(verbs, "token", "print a token of a user, without a sign-in; or say what a token holds")
    token.add_argument(
        "action", nargs="?", choices=("inspect",), help="say what JWT holds, and whether it is good"
    )
    token.add_argument("jwt", nargs="?", metavar="JWT", help="the token to inspect")
    token.add_argument("--user", metavar="NAME", help="whose token")
    kind = token.add_mutually_exclusive_group()
    for name in ("access", "id"):
        kind.add_argument(
            f"--{name}",
            dest="kind",
            action="store_const",
            const=f"{name}_token",
            default="access_token",
            help=f"print the {name} token{' (default)' if name == 'access' else ''}",
        )
    _add_pool_and_client(token)


def _totp(verbs: Verbs[Parser]) -> None:
    totp = _asking(verbs, "totp", "print the code that a user's authenticator app shows")
    totp.add_argument("username", metavar="USER", help="the user, by name or address")
    totp.add_argument(
        "--pool", metavar="POOL", help="the user pool, by id or name, where several have such a user"
    )


def _clock(verbs: Verbs[Parser]) -> None:
    clock = _asking(verbs, "clock", "read or move the server's clock")
    clock.add_argument(
        "move",
        nargs="?",
        metavar="MOVE",
        type=_move,
        help="+90s, +15m, +1h or -2d moves it; a time such as 2030-01-01T12:00:00Z sets it; `reset` sets it right",
    )


def _apply(verbs: Verbs[Parser]) -> None:
    apply = _asking(verbs, "apply", "create and update what documents state; exit status 2 for a faulty one")
    apply.add_argument(
        "files", nargs="+", metavar="FILE", help="a document in YAML, TOML or JSON; - for standard input"
    )
    apply.add_argument("--prune", action="store_true", help="delete what its lists do not name")
    _add_dry_run(apply)


def _add_dry_run(verb: Parser) -> None:
    verb.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")


def _export(verbs: Verbs[Parser]) -> None:
    export = _asking(verbs, "export", "print the state of a server as a document")
    export.add_argument(
        "--format",
        choices=("config", "csv", "cfn", "terraform"),
        default="config",
        help="cfn: a CloudFormation template; csv: users for AWS's user import",
    )
    export.add_argument(
        "--secrets", action="store_true", help="with secrets, and what passwords are checked by"
    )
    export.add_argument("--pool", metavar="POOL", help="of one user pool, by id or name")


def _import(verbs: Verbs[Parser]) -> None:
    imports = _asking(
        verbs, "import", "import a template, a Terraform state or users; exit status 2 for a faulty file"
    )
    imports.add_argument(
        "file", metavar="FILE", help="the file, or the folder: cdk.out, serverless, .cognito"
    )
    imports.add_argument(
        "--stack", metavar="NAME", help="the stack; of cdk.out, the one to import (default: all)"
    )
    imports.add_argument(
        "--parameter", metavar="K=V", type=_parameter, action="append", help="a parameter of the template"
    )
    imports.add_argument(
        "--pool", metavar="POOL", help="the user pool that the users of a CSV file go to, by id or name"
    )
    imports.add_argument("--region", metavar="REGION", help="where a stack goes that names no Region")
    _add_dry_run(imports)


def _pull(verbs: Verbs[Parser]) -> None:
    pull = _telling(verbs, "pull", "print a user pool of AWS as a document, read with your own credentials")
    pull.add_argument("pool_id", metavar="POOL_ID", type=_pool_id, help="the user pool")
    pull.add_argument("--profile", metavar="NAME", help="the profile of your AWS configuration")
    pull.add_argument("--region", metavar="REGION", help="the Region (default: that of the pool's id)")
    pull.add_argument("--endpoint-url", metavar="URL", help="ask this endpoint, not AWS")
    pull.add_argument(
        "--users", action="store_true", help="with users and their groups; passwords cannot be read"
    )
    pull.add_argument(
        "--iam", action="store_true", help="with the account's roles, users, groups, policies and providers"
    )
    pull.add_argument("-o", "--output", metavar="FILE", help="write to a file")


def _reset(verbs: Verbs[Parser]) -> None:
    _asking(verbs, "reset", "drop all state of a server")


def _snapshot(verbs: Verbs[Parser]) -> None:
    snapshot = _asking(
        verbs, "snapshot", "write all state of a server to a file, or put such a file in its place"
    )
    snapshot.add_argument("action", choices=("save", "load"), help="write the file, or put it in place")
    snapshot.add_argument(
        "file", metavar="FILE", help="the snapshot, a JSON document; - for standard output or input"
    )


def _state(verbs: Verbs[Parser]) -> None:
    state = _telling(verbs, "state", "say what a file of --state holds, and which process has it")
    state.add_argument("file", metavar="FILE", help="the file")


def _logs(verbs: Verbs[Parser]) -> None:
    logs = _asking(verbs, "logs", "print what Cognito would have written to CloudWatch Logs")
    logs.add_argument("--group", metavar="NAME", help="that of one log group")
    logs.add_argument("--stream", metavar="NAME", help="that of one stream")


def _risk(verbs: Verbs[Parser]) -> None:
    risk = _asking(verbs, "risk", "make threat protection judge the next sign-ins as you say")
    risk.add_argument("pool", metavar="POOL", help="the user pool, by id or name")
    risk.add_argument(
        "level",
        choices=("low", "medium", "high", "none"),
        help="the level of risk; none judges by the rules again",
    )
    risk.add_argument("--user", metavar="NAME", help="one user, by username or address")
    risk.add_argument("--compromised", action="store_true", help="take every password for a compromised one")


def _hosts(verbs: Verbs[Parser]) -> None:
    hosts = _asking(verbs, "hosts", "print what leads AWS's own host names to a server")
    hosts.add_argument(
        "--format",
        choices=HOSTS_FORMATS,
        metavar="FORMAT",
        default="hosts",
        help="hosts: lines of a hosts file (default); or what takes their place: compose, chromium, curl, node, python",
    )
    hosts.add_argument("--address", metavar="HOST", help="where the names lead (default: the server's host)")


def _ca(verbs: Verbs[Parser]) -> None:
    ca = _telling(
        verbs, "ca", "print the path of the local CA's certificate, for clients that should trust it"
    )
    ca.add_argument("--install-hint", action="store_true", help="print how programs are made to trust it")


def _parameter(text: str) -> tuple[str, str]:
    from cogmock.cli.imports import parameter

    return parameter(text)


def _checked(holds: Callable[[str], bool], text: str, wanted: str) -> str:
    """For argparse, which shows the message of its own error alone."""
    try:
        good = holds(text)
    except (ValueError, OverflowError):
        good = False
    if not good:
        raise argparse.ArgumentTypeError(f"{text.strip()!r} is not possible: {wanted}")
    return text


def _count(text: str) -> int:
    return int(_checked(lambda it: it.isascii() and it.isdigit(), text, "a whole number is needed"))


def _seconds(text: str) -> float:
    return float(
        _checked(
            lambda it: isfinite(float(it)) and float(it) >= 0,
            text,
            "a number of seconds is needed, for example 5",
        )
    )


def _move(text: str) -> str:
    return _checked(
        lambda it: not it or it == "reset" or bool(MOVE.fullmatch(it) or datetime.fromisoformat(it)),
        text.strip(),
        "give +90s, +15m, +1h or -2d, a time such as 2030-01-01T12:00:00Z, or reset",
    )


def _pool_id(text: str) -> str:
    return _checked(
        lambda it: bool(re.fullmatch(r"[\w-]+-\d+_[0-9A-Za-z]+", it)),
        text,
        "a pool's id is like us-east-1_Abc123def",
    )
