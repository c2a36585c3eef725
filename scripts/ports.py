"""Ports of this machine, for programs that want to be told one."""

from __future__ import annotations

import random
import socket
from contextlib import suppress

PORTS = range(20_000, 32_000)


def free_port() -> int:
    """A port on which nobody listens. Systems give none below 32,768 to those who take any, so it stays free."""
    for port in random.SystemRandom().sample(PORTS, 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise SystemExit("a hundred ports are taken")
