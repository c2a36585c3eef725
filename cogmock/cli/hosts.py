"""`cogmock hosts`: what leads AWS's own host names to a server, for programs that build these names themselves.

Names of STS and IAM are never among them: AWS's other tools use these, too, and take the address of a server as a
setting.
"""

from __future__ import annotations

import argparse
import json
import socket
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cogmock.cli.client import Failed, asked, region, server_url
from cogmock.wire import arns

HTTPS = 443
SERVICES = ("cognito-idp", "issuer-cognito-idp", "cognito-identity")
FIPS_SERVICES = ("cognito-idp-fips", "cognito-identity-fips")
"""By which SDKs ask in GovCloud."""


class Target(NamedTuple):
    """Where the names lead."""

    address: str
    """An IP address: that of --address, else that of the server."""
    port: int


def run(options: argparse.Namespace) -> None:
    names = list(dict.fromkeys(_names(asked(options, "GET", "/overview"))))
    target = _target(options)
    if options.json:
        print(json.dumps({"names": names, **target._asdict()}))
        return
    if options.format == "hosts" and target.port != HTTPS and not options.quiet:
        print(NOTE % (HTTPS, target.port, HTTPS))
    print(FORMATS[options.format](names, target))


def _names(overview: dict[str, Any]) -> Iterator[str]:
    """Those of the services in each Region with a pool, and those of the user pools' domains."""
    pools = [*overview["user_pools"], *overview["identity_pools"]]
    for each in sorted({pool["region"] for pool in pools} or {region()}):
        yield from (arns.host(service, each) for service in SERVICES)
        if arns.partition(each) == "aws-us-gov":
            yield from (arns.host(service, each) for service in FIPS_SERVICES)
    yield from (_aws_name(pool) for pool in overview["user_pools"] if pool["domain"])


def _aws_name(pool: dict[str, Any]) -> str:
    """Of a user pool's domain. The overview has prefix domains below localhost, custom domains as they are."""
    below = f".auth.{pool['region']}.localhost"
    domain = str(pool["domain"])
    return arns.domain_host(domain.removesuffix(below), pool["region"]) if domain.endswith(below) else domain


def _target(options: argparse.Namespace) -> Target:
    url = urlsplit(server_url(options))
    host = options.address or url.hostname or "localhost"
    try:
        address = "127.0.0.1" if host == "localhost" else str(socket.getaddrinfo(host, None)[0][4][0])
    except OSError as error:
        raise Failed(f"--address {host}: {error.strerror or error}") from None
    return Target(address, url.port or (HTTPS if url.scheme == "https" else 80))


def _hosts(names: list[str], target: Target) -> str:
    return "\n".join(f"{target.address} {name}" for name in names)


def _compose(names: list[str], _target: Target) -> str:
    """For the service of cogmock in a compose file."""
    return "\n".join(["networks:", "  default:", "    aliases:", *(f"      - {name}" for name in names)])


def _chromium(names: list[str], target: Target) -> str:
    return "--host-resolver-rules=" + ",".join(f"MAP {name} {_joined(target)}" for name in names)


def _curl(names: list[str], target: Target) -> str:
    """A configuration file."""
    return "\n".join(f"connect-to = {name}:{HTTPS}:{_joined(target)}" for name in names)


def _joined(target: Target) -> str:
    return f"{f'[{target.address}]' if ':' in target.address else target.address}:{target.port}"


def _node(names: list[str], target: Target) -> str:
    return NODE % (json.dumps(names, indent=2), json.dumps(target._asdict()).replace("address", "host"))


def _python(names: list[str], target: Target) -> str:
    return PYTHON % (json.dumps(names, indent=4), target.address, target.port)


NOTE = "# Programs ask these names on port %d, but the server answers on port %d: start it with --port %d."
NODE = """\
// Connects to cogmock in place of these hosts: NODE_OPTIONS="--require ./this-file.cjs". Names, and thereby the
// certificates that are expected, stay AWS's.
const net = require("node:net");

const names = new Set(%s);
const target = %s;
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...given) {
  // Node.js itself passes one array, which it has marked as checked: its first entry is changed, not the array.
  const list = Array.isArray(given[0]) ? given[0] : given;
  if (names.has(list[0]?.host)) list[0] = { ...list[0], ...target };
  return connect.apply(this, given);
};"""
PYTHON = '''\
"""Connects to cogmock in place of these hosts: a sitecustomize.py in a folder of PYTHONPATH, or to be imported.

Names, and thereby the certificates that are expected, stay AWS's.
"""

import socket

NAMES = %s
ADDRESS, PORT = "%s", %d
resolve = socket.getaddrinfo


def getaddrinfo(host, port, *more, **named):
    name = host.decode() if isinstance(host, bytes) else host
    return resolve(ADDRESS, PORT, *more, **named) if name in NAMES else resolve(host, port, *more, **named)


socket.getaddrinfo = getaddrinfo'''

FORMATS: dict[str, Callable[[list[str], Target], str]] = {
    "hosts": _hosts,
    "compose": _compose,
    "chromium": _chromium,
    "curl": _curl,
    "node": _node,
    "python": _python,
}
