"""`make demo`: runs through the example step by step, and prints each call and its answer."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import textwrap
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from typing import Any

from cogmock.web.log import painted, wants_colour
from scripts.story import REGION, Door, Ending, Step, Story

LONGEST = 100
LINES, REQUEST_LINES = 6, 4
"""How many lines of an answer and of a request are printed."""
SECRETS = frozenset({"Password", "PASSWORD", "SecretKey"})
EXPECTED = {
    "guest reads premium": "implicitDeny",
    "free reads free": "allowed",
    "free reads premium": "implicitDeny",
    "premium reads premium": "allowed",
    "after the edit": "explicitDeny",
}


def main() -> int:
    parser = argparse.ArgumentParser("make demo", description=__doc__)
    parser.add_argument(
        "--url", help="the server to play on (default: the one of `make run`, or one of its own)"
    )
    with _server(parser.parse_args().url or _running()) as at:
        printer = Printer(colour=wants_colour(sys.stdout))
        printer.line(f"cogmock at {at}", "dim")
        ending = Story(over_http(at), printer.show).play()
        printer.end(ending)
    return 0 if ending.decisions == EXPECTED else 1


def over_http(url: str) -> Door:
    """Access to a server: boto3 with an endpoint, and the control API.

    An access key of twelve digits is an account. One of its own keeps the story apart from what else is there.
    """
    import boto3

    account = str(random.randrange(10**11, 10**12))
    session = boto3.Session(region_name=REGION, aws_access_key_id=account, aws_secret_access_key="demo")

    def code(username: str) -> str:
        query = urllib.parse.urlencode({"username": username, "wait": 5})
        return str(_asked(url, "GET", f"/messages?{query}")["messages"][-1]["code"])

    def decide(credentials: dict[str, Any], action: str, resource: str) -> str:
        question = {
            "access_key_id": credentials["AccessKeyId"],
            "secret_access_key": credentials["SecretKey"],
            "session_token": credentials["SessionToken"],
            "action": action,
            "resource": resource,
        }
        return str(_asked(url, "POST", "/authorize", question)["decision"])

    return Door(
        lambda service, **more: session.client(service, endpoint_url=url, **more), code, decide, pages=url
    )


class Printer:
    """Prints steps, coloured and wrapped to the width of the terminal."""

    def __init__(self, *, colour: bool) -> None:
        self._colour = colour
        self._width = min(shutil.get_terminal_size((96, 24)).columns, 110)
        self._count = 0

    def line(self, text: str = "", style: str = "") -> None:
        print(painted(text, style) if style and self._colour else text, flush=True)

    def show(self, step: Step) -> None:
        self._count += 1
        self.line()
        self.line(f"{self._count:>2}  {step.about}", "bold")
        if step.operation:
            arguments = ", ".join(f"{name}={_python(name, value)}" for name, value in step.params.items())
            self._wrapped(f"{step.service}.{step.operation}({arguments})", "    ", "        ", "dim")
        elif step.params:
            self._wrapped(
                ", ".join(f"{name}={value}" for name, value in step.params.items()), "    ", "    ", "dim"
            )
        self._answer(step.answer)

    def end(self, ending: Ending) -> None:
        self.line()
        self.line("The story in short", "bold")
        for chapter, decision in ending.decisions.items():
            wrong = "" if decision == EXPECTED[chapter] else f"  but {EXPECTED[chapter]} was expected"
            self.line(f"    {chapter:<24}{decision}{wrong}", _style(decision))

    def _answer(self, answer: Any) -> None:
        if isinstance(answer, str):
            self.line(f"    → {answer}", _style(answer))
            return
        if not answer:
            return
        lines = [
            line for name, of in answer.items() for line in folded(shortened(of, name), self._width - 6, name)
        ]
        for line in lines[:LINES]:
            self.line(f"      {line}", "green")
        if len(lines) > LINES:
            self.line(f"      … and {len(lines) - LINES} lines more", "green")

    def _wrapped(self, text: str, first: str, then: str, style: str) -> None:
        wrapped = textwrap.wrap(
            text,
            self._width,
            initial_indent=first,
            subsequent_indent=then,
            break_on_hyphens=False,
            break_long_words=False,
        )
        for line in wrapped[:REQUEST_LINES]:
            self.line(line, style)
        if len(wrapped) > REQUEST_LINES:
            self.line(f"{then}… and {len(wrapped) - REQUEST_LINES} lines more", style)


def folded(value: Any, width: int, name: str = "") -> list[str]:
    """JSON as lines. What fits into the width is one line."""
    label = f"{name}: " if name else ""
    whole = json.dumps(value, ensure_ascii=False, default=str)
    if len(label) + len(whole) <= width or not isinstance(value, dict | list):
        return [label + whole]
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    items = value.items() if isinstance(value, dict) else [("", of) for of in value]
    inner = [f"  {line}" for key, of in items for line in folded(of, width - 2, key)]
    return [label + opening, *inner, closing]


def shortened(value: Any, name: str = "") -> Any:
    """Shortens values for display: long texts to their beginning, secrets to three characters."""
    if isinstance(value, dict):
        return {key: shortened(of, key) for key, of in value.items()}
    if isinstance(value, list):
        return [shortened(of) for of in value]
    if isinstance(value, str) and name in SECRETS:
        return f"{value[:3]}…"
    if isinstance(value, str) and len(value) > LONGEST and " " not in value and not value.startswith("arn:"):
        return f"{value[:16]}… ({len(value)} characters)"
    return value


def _python(name: str, value: Any) -> str:
    """A value as Python source. Policy documents, which AWS takes as text, are shown parsed."""
    return str(shortened(value, name)) if name.endswith("Document") else repr(shortened(value, name))


def _style(decision: str) -> str:
    return "red" if decision.endswith("Deny") else "green"


def _asked(url: str, method: str, path: str, question: dict[str, Any] | None = None) -> Any:
    connection = HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=30)
    try:
        connection.request(method, f"/_cogmock{path}", None if question is None else json.dumps(question))
        response = connection.getresponse()
        answer = json.load(response)
    finally:
        connection.close()
    if response.status != 200:
        raise RuntimeError(answer["message"])
    return answer


def _running() -> str | None:
    """The URL of a server at the default address, or None."""
    url = os.environ.get("COGMOCK_URL") or f"http://127.0.0.1:{os.environ.get('COGMOCK_PORT') or 4577}"
    try:
        _asked(url, "GET", "/health")
    except (OSError, HTTPException, ValueError):
        return None
    return url


@contextmanager
def _server(url: str | None) -> Iterator[str]:
    """The given server, or one started on a free port for the duration."""
    if url:
        yield url.rstrip("/")
        return
    command = [sys.executable, "-m", "cogmock", "serve", "--port", "0", "--log-level", "warning"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            if not line:
                raise SystemExit("the server did not start")
            yield line.split()[-1]
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main())
