"""The command line: `cogmock VERB`, one module for each group of verbs.

`serve` starts a server; the other verbs ask a running one through the control API (`client`), never its state. This
room may use `web`, `httpd` and `settings`; `cogmock.testing` is apart from it. Each verb imports what it needs when it
runs, so that none waits for another's libraries.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence

from cogmock.cli import settings
from cogmock.cli.suggest import Parser
from cogmock.version import __version__


class _Wide(argparse.RawDescriptionHelpFormatter):
    """Room for the longest option, so that no help text begins on a line of its own."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30)


DESCRIPTION = "A local Amazon Cognito: user pools, identity pools, and who may reach what."
SERVE = """
Each option is also an environment variable: --log-format is COGMOCK_LOG_FORMAT,
and COGMOCK_ALLOW_HOST takes several hosts with commas between them. An option
counts more than its variable.
"""
VERBS = "`cogmock` alone is `cogmock serve`. `cogmock VERB --help` says more of a verb."


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 found a fault, 2 wrong usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0].startswith("-") and given[0] not in {"-h", "--help", "--version"}):
        given.insert(0, "serve")
    parser, serve = _parser()
    options = parser.parse_args([_shielded(each) for each in given])
    try:
        if options.verb == "serve":
            from cogmock.cli.serve import run

            settings.find_document(options, os.environ)
            return run(settings.read(serve, options, os.environ), *_when_ready(options))
        if options.verb == "ca":
            from cogmock.cli import authority

            return authority.run(options)
        if options.verb == "state":
            from cogmock.cli import state

            return state.run(options)
        from cogmock.cli import ask

        return ask.run(options)
    except BrokenPipeError:
        # The reader of our output has closed the pipe; at exit Python would fail on it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def _when_ready(options: argparse.Namespace) -> list[Callable[[str], None]]:
    if not options.demo:
        return []
    from cogmock.cli.demo import welcome_when_ready

    return [welcome_when_ready]


def _shielded(argument: str) -> str:
    """`-2d`, which moves the clock back, looks like an option to argparse, unless it holds a blank."""
    return f" {argument}" if re.match(r"-\d", argument) else argument


def _parser() -> tuple[Parser, Parser]:
    parser = Parser("cogmock", description=DESCRIPTION, epilog=VERBS, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"cogmock {__version__}")
    verbs = parser.add_subparsers(title="verbs", dest="verb", metavar="VERB", required=True)
    serve = _verb(verbs, "serve", "start the server")
    serve.formatter_class = _Wide
    serve.usage = "cogmock serve [options]"
    serve.epilog = SERVE
    settings.add_options(serve)
    serve.add_argument(
        "--demo", action="store_true", help="make a pool that is ready to be used, and say how"
    )
    _add_questions(verbs)
    return parser, serve


def _verb(verbs: argparse._SubParsersAction[Parser], name: str, about: str) -> Parser:
    return verbs.add_parser(
        name, help=about, description=f"{about[0].upper()}{about[1:]}.", allow_abbrev=False
    )


def _add_questions(verbs: argparse._SubParsersAction[Parser]) -> None:
    """The verbs that ask a running server, or AWS."""
    _add_pull(verbs)
    ca = _verb(verbs, "ca", "print the path of the local CA's certificate, for clients that should trust it")
    ca.add_argument("--install-hint", action="store_true", help="print how programs are made to trust it")
    state = _verb(verbs, "state", "say what a file of --state holds, and which process has it")
    state.add_argument("file", metavar="FILE", help="the file")
    state.add_argument("--json", action="store_true", help="print it as JSON")
    health = _verb(verbs, "health", "say whether a server runs; exit status 0 if so")
    health.add_argument("--wait", metavar="SECONDS", type=float, help="wait for a server that is starting")
    env = _verb(verbs, "env", "print the variables that send AWS's tools to a server")
    env.add_argument(
        "--format",
        choices=("sh", "fish", "powershell", "dotenv", "json", "amplify", "spring"),
        default="sh",
        help='the form; `eval "$(cogmock env)"` sets them in a shell (default: sh)',
    )
    hosts = _add_hosts(verbs)
    token, totp, doctor = _add_token_verbs(verbs)
    for verb in (env, token):
        verb.add_argument(
            "--pool", metavar="POOL", help="the user pool, by id or name, where there are several"
        )
        verb.add_argument(
            "--client", metavar="CLIENT", help="the app client, by id or name, where several have user flows"
        )
    messages = _verb(verbs, "messages", "print the messages that were sent")
    messages.add_argument("show", nargs="?", choices=("show",), help="print one whole message, the last one")
    messages.add_argument("id", nargs="?", metavar="ID", type=int, help="or the one with this number")
    messages.add_argument("--pool", metavar="ID", help="those of one user pool")
    messages.add_argument("--user", metavar="NAME", help="those to one user, by username or by address")
    messages.add_argument("--wait", metavar="SECONDS", type=float, help="wait for one while there is none")
    messages.add_argument("-f", "--follow", action="store_true", help="go on printing what comes")
    requests = _verb(verbs, "requests", "print the last calls, with the reasons that AWS hides")
    requests.add_argument("-n", "--number", metavar="N", type=_count, help="the last N of them")
    requests.add_argument("--failed", action="store_true", help="those that were refused")
    requests.add_argument("-f", "--follow", action="store_true", help="go on printing what comes")
    logs = _verb(verbs, "logs", "print what Cognito would have written to CloudWatch Logs")
    logs.add_argument("--group", metavar="NAME", help="that of one log group")
    logs.add_argument("--stream", metavar="NAME", help="that of one stream")
    risk = _verb(verbs, "risk", "make threat protection judge the next sign-ins as you say")
    risk.add_argument("pool_id", metavar="POOL", help="the user pool, by id")
    risk.add_argument(
        "level",
        choices=("low", "medium", "high", "none"),
        help="the level of risk; none judges by the rules again",
    )
    risk.add_argument("--user", metavar="NAME", help="one user, by username or address")
    risk.add_argument("--compromised", action="store_true", help="take every password for a compromised one")
    clock = _verb(verbs, "clock", "read or move the server's clock")
    clock.add_argument(
        "move",
        nargs="?",
        metavar="MOVE",
        help="+90s, +15m, +1h or -2d moves it; a time such as 2030-01-01T12:00:00Z sets it; `reset` sets it right",
    )
    reset = _verb(verbs, "reset", "drop all state of a server")
    snapshot = _verb(
        verbs, "snapshot", "write all state of a server to a file, or put such a file in its place"
    )
    snapshot.add_argument("action", choices=("save", "load"), help="write the file, or put it in place")
    snapshot.add_argument(
        "file", metavar="FILE", help="the snapshot, a JSON document; - for standard output or input"
    )
    for verb in (
        *(health, env, hosts, token, totp, doctor, messages, requests, logs, risk, clock, reset, snapshot),
        *_add_definition_verbs(verbs),
    ):
        verb.add_argument(
            "--url",
            metavar="URL",
            default=os.environ.get("COGMOCK_URL"),
            help="the server (default: COGMOCK_URL, or port COGMOCK_PORT of this machine)",
        )
        if verb not in (env, hosts):
            verb.add_argument("--json", action="store_true", help="print the server's answer as JSON")


def _add_hosts(verbs: argparse._SubParsersAction[Parser]) -> Parser:
    hosts = _verb(verbs, "hosts", "print what leads AWS's own host names to a server")
    hosts.add_argument(
        "--format",
        choices=("hosts", "compose", "chromium", "curl", "node", "python"),
        default="hosts",
        help="lines of a hosts file (default), or what another program takes in their place",
    )
    hosts.add_argument("--address", metavar="HOST", help="where the names lead (default: the server's host)")
    return hosts


def _add_token_verbs(
    verbs: argparse._SubParsersAction[Parser],
) -> tuple[Parser, ...]:
    token = _verb(verbs, "token", "print a token of a user, without a sign-in; or say what a token holds")
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
    totp = _verb(verbs, "totp", "print the code that a user's authenticator app shows")
    totp.add_argument("username", metavar="USER", help="the user, by name or address")
    totp.add_argument(
        "--pool", metavar="POOL", help="the user pool, by id or name, where several have such a user"
    )
    doctor = _verb(verbs, "doctor", "say what will not work, and what mends it; exit status 1 for a fault")
    doctor.add_argument("jwt", nargs="?", metavar="JWT", help="a token that is refused, to say why")
    return token, totp, doctor


def _add_pull(verbs: argparse._SubParsersAction[Parser]) -> None:
    pull = _verb(verbs, "pull", "print a user pool of AWS as a document, read with your own credentials")
    pull.add_argument("pool_id", metavar="POOL_ID", help="the user pool")
    pull.add_argument("--profile", metavar="NAME", help="the profile of your AWS configuration")
    pull.add_argument("--region", metavar="REGION", help="the Region (default: that of the pool's id)")
    pull.add_argument("--endpoint-url", metavar="URL", help="ask this endpoint, not AWS")
    pull.add_argument(
        "--users", action="store_true", help="with users and their groups; passwords cannot be read"
    )
    pull.add_argument("-o", "--output", metavar="FILE", help="write to a file")


def _add_definition_verbs(verbs: argparse._SubParsersAction[Parser]) -> tuple[Parser, ...]:
    apply = _verb(verbs, "apply", "create and update what documents state; exit status 2 for a faulty one")
    apply.add_argument("files", nargs="+", metavar="FILE", help="a document in YAML, TOML or JSON")
    apply.add_argument("--prune", action="store_true", help="delete what its lists do not name")
    apply.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    export = _verb(verbs, "export", "print the state of a server as a document")
    export.add_argument(
        "--format",
        choices=("config", "csv", "cfn", "terraform"),
        default="config",
        help="cfn: a CloudFormation template; csv: users for AWS's user import",
    )
    export.add_argument(
        "--secrets", action="store_true", help="with secrets, and what passwords are checked by"
    )
    export.add_argument("--pool", metavar="ID", help="of one user pool")
    imports = _verb(
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
    imports.add_argument("--pool", metavar="ID", help="the user pool that the users of a CSV file go to")
    imports.add_argument("--region", metavar="REGION", help="where a stack goes that names no Region")
    imports.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    return apply, export, imports


def _parameter(text: str) -> tuple[str, str]:
    from cogmock.cli.imports import parameter

    return parameter(text)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("a whole number is needed")
    return int(text)
