"""`cogmock state FILE`: what a file of --state holds, without a server."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from cogmock.persistence.errors import PersistenceError

SHOWN = {
    "user_pools": ("user pool", "user pools"),
    "users": ("user", "users"),
    "clients": ("app client", "app clients"),
    "identity_pools": ("identity pool", "identity pools"),
    "identities": ("identity", "identities"),
    "iam.roles": ("role", "roles"),
    "messages": ("message", "messages"),
}
"""Branch of the state → what one and what several are called."""


def run(options: argparse.Namespace) -> int:
    from cogmock.persistence import inspection
    from cogmock.persistence.opening import POSTGRES

    if options.file.startswith(POSTGRES):
        print("cogmock: `cogmock state` reads files; PostgreSQL's own tools show its tables", file=sys.stderr)
        return 2
    if not Path(options.file).is_file():
        print(f"cogmock: there is no file {options.file}", file=sys.stderr)
        return 2
    try:
        found = inspection.inspected(Path(options.file).absolute())
    except PersistenceError as fault:
        print(f"cogmock: {fault}", file=sys.stderr)
        return 1
    told: dict[str, Any] = {
        "file": options.file,
        "format": found.format,
        "version": found.version,
        "bytes": found.size,
        "pid": found.pid,
        "counts": {name: found.counts.get(name, 0) for name in SHOWN},
    }
    print(json.dumps(told) if options.json else _text(told))
    return 0


def _text(told: dict[str, Any]) -> str:
    found = told["counts"]
    counts = ", ".join(
        f"{found[name]:,} {one if found[name] == 1 else many}" for name, (one, many) in SHOWN.items()
    )
    who = f"process {told['pid']} has it" if told["pid"] else "no server has it"
    return (
        f"{told['file']}: {told['bytes']:,} bytes, format {told['format']}, "
        f"written by cogmock {told['version']}; {who}\n{counts}"
    )
