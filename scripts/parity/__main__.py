"""`make parity`: plays scenarios at cogmock and at another endpoint, and prints how the answers differ.

The other endpoint is a server (`--endpoint URL`), the real AWS (`--aws --account ID`), answers that were recorded
before (`--against FILE`), or, without any of these, a second cogmock, which must not differ.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from cogmock.testing.server import CognitoServer
from scripts.parity import endpoint as endpoints
from scripts.parity.normal import MISSING, differences
from scripts.parity.run import Step, play
from scripts.parity.scenarios import SCENARIOS

LONGEST = 160
Recorded = dict[str, list[Step]]


def main() -> int:
    """0: no differences. 1: there are some. 2: the run could not start."""
    options = _options()
    names = options.scenario or [*SCENARIOS]
    with ExitStack() as stack:
        try:
            title, other = _other(options, names, stack)
        except (endpoints.Refused, OSError, ValueError) as refused:
            print(f"parity: {refused}", file=sys.stderr)
            return 2
        if options.record:
            text = json.dumps({"endpoint": title, "scenarios": other}, indent=1, ensure_ascii=False)
            Path(options.record).write_text(text + "\n", encoding="utf-8")
        ours = _played(names, endpoints.server(stack.enter_context(CognitoServer()).url))
    found = sum(_print_scenario(name, ours[name], other.get(name, []), title) for name in names)
    steps = sum(len(of) for of in ours.values())
    print(f"{steps} calls in {len(names)} scenarios, {found} differ between cogmock and {title}")
    return 1 if found else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("make parity", description=__doc__)
    parser.add_argument("scenario", nargs="*", help=f"all by default: {', '.join(SCENARIOS)}")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--endpoint", metavar="URL", help="a server that speaks AWS's APIs, for example moto's"
    )
    where.add_argument("--aws", action="store_true", help="the real service; needs --account")
    where.add_argument("--against", metavar="FILE", help="answers recorded with --record")
    parser.add_argument(
        "--account", metavar="ID", help="with --aws: the account that may be used and charged"
    )
    parser.add_argument("--record", metavar="FILE", help="write the other endpoint's answers to a file")
    options = parser.parse_args()
    unknown = [name for name in options.scenario if name not in SCENARIOS]
    if unknown:
        parser.error(f"no scenario {unknown[0]!r}; there are {', '.join(SCENARIOS)}")
    return options


def _other(options: argparse.Namespace, names: list[str], stack: ExitStack) -> tuple[str, Recorded]:
    """Title and answers of the endpoint to compare with. Raises Refused, OSError, ValueError."""
    if options.against:
        content: dict[str, Any] = json.loads(Path(options.against).read_text(encoding="utf-8"))
        return content["endpoint"], content["scenarios"]
    if options.aws:
        found = endpoints.aws(options.account)
        print(endpoints.COSTS)
    elif options.endpoint:
        found = endpoints.server(options.endpoint)
    else:
        found = endpoints.server(stack.enter_context(CognitoServer()).url)
        found.title = "a second cogmock"
    return found.title, _played(names, found)


def _played(names: list[str], endpoint: endpoints.Endpoint) -> Recorded:
    return {name: play(SCENARIOS[name], endpoint) for name in names}


def _print_scenario(name: str, ours: list[Step], others: list[Step], title: str) -> int:
    """How many calls differ. Both sides made the same calls in the same order."""
    print(f"{name}: {len(ours)} calls")
    if [step["call"] for step in ours] != [step["call"] for step in others]:
        print("  the calls are not the same: record again")
        return 1
    count = 0
    for number, (one, other) in enumerate(zip(ours, others, strict=True), 1):
        found = differences(one["answer"], other["answer"])
        count += bool(found)
        for path, mine, theirs in found:
            print(f"  {number}. {one['call']}  {path or 'answer'}")
            print(f"       cogmock: {_short(mine)}")
            print(f"       {title}: {_short(theirs)}")
    return count


def _short(value: Any) -> str:
    text = value if value is MISSING else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


if __name__ == "__main__":
    sys.exit(main())
