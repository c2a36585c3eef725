"""`cogmock serve`: the application on a port, from its start to its end."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable

from cogmock.cli.loading import Loading
from cogmock.control.guard import is_loopback
from cogmock.control.snapshot import LARGE_BODIES
from cogmock.core import function_targets, own_server
from cogmock.core.functions import invoke
from cogmock.core.functions.failures import FunctionFailed
from cogmock.core.world import World
from cogmock.httpd import tls
from cogmock.httpd.allocator import settle_allocator
from cogmock.httpd.connection import Limits
from cogmock.httpd.server import PortTaken, Server, settle_garbage_collector
from cogmock.persistence.errors import PersistenceError
from cogmock.settings import Settings
from cogmock.web.app import Application
from cogmock.web.log import log_message, put_up

log = logging.getLogger("cogmock")


def run(
    settings: Settings,
    when_ready: Callable[[str], None] | None = None,
    *,
    quiet: bool = False,
    reload: bool = False,
) -> int:
    """Serves until it is told to stop. `when_ready` is called with the server's URL, in a thread of its own."""
    try:
        if reload:
            from cogmock.cli import reloading

            reloading.check()
        _check_callables(settings)
        world = World(settings)
        application = Application(world)
        wrapping = tls.chosen(settings.tls, settings.cert, settings.key, world.clock.real)
        server = Server(
            application, settings.host, settings.port, tls=wrapping, limits=Limits(large_bodies=LARGE_BODIES)
        )
        settings.port = server.port  # a free one was asked for, perhaps; issuers name it
        own_server.register(settings, application)
        watching = reloading.Reloading(world) if reload else None
        loading = Loading(world, server, when_ready, quiet=quiet, reloading=watching)
        if not loading.load():
            return 2
    except PersistenceError as error:
        return _failed(str(error), 1)
    except ValueError as error:
        return _failed(str(error), 2)
    except PortTaken as error:
        return _failed(_by_whom(settings) or str(error), 1)
    except OSError as error:
        return _failed(str(error.strerror or error), 1, settings)
    put_up(sys.stderr, settings.log_format, settings.log_level)
    world.outbox.sinks.append(log_message)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    if not is_loopback(settings.host):
        _warn(settings)
    settle_garbage_collector()
    settle_allocator()
    loading.tell()
    server.serve()
    loading.end()
    return loading.exit_status


def _check_callables(settings: Settings) -> None:
    """Imports the Python callables of --lambda, so that a wrong name is told at the start. Raises ValueError."""
    for name, target in function_targets.parsed(settings.lambda_).items():
        if not function_targets.is_url(target):
            try:
                invoke.imported(target)
            except FunctionFailed as failure:
                raise ValueError(f"--lambda {name}={target}: {failure}") from None


def _by_whom(settings: Settings) -> str | None:
    """Whether the program that has the port is a cogmock; None where it is another, or does not say."""
    from argparse import Namespace

    from cogmock.cli.client import Failed, fetched

    url = f"http://localhost:{settings.port}"
    try:
        version = fetched(Namespace(url=url), "GET", "/_cogmock/health", patience=1.0)["version"]
    except (Failed, KeyError):
        return None
    return (
        f"port {settings.port} is taken by cogmock {version}, which already runs at {url}: use that one, stop it, or "
        "choose another port with --port (0 takes any free one)"
    )


def _failed(reason: str, status: int, settings: Settings | None = None) -> int:
    where = f"cannot listen on {settings.host}, port {settings.port}: " if settings else ""
    print(f"cogmock: {where}{reason}", file=sys.stderr)
    return status


def _warn(settings: Settings) -> None:
    log.warning(
        "listening on %s: everybody who can reach this machine can use the users and tokens in here. "
        "The control API answers only under loopback names%s.",
        settings.host,
        " and " + ", ".join(settings.allow_host) if settings.allow_host else "",
    )
