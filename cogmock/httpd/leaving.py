"""Whether a client that waits for its response has closed its connection."""

from __future__ import annotations

import os
import select
import socket


def has_left(client: socket.socket) -> bool:
    """Reads nothing. False where the system cannot tell: only a write tells on Windows."""
    if hasattr(select, "POLLRDHUP"):
        return _has_hung_up(client)
    if os.name != "posix":
        return False
    try:
        # The socket's own method: over TLS, what is asked for are the bytes that arrived, not those they mean.
        return not socket.socket.recv(client, 1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except (TimeoutError, BlockingIOError):
        return False
    except OSError:
        return True


def _has_hung_up(client: socket.socket) -> bool:
    """Linux tells it even if bytes are left to be read, such as the alert that ends TLS."""
    poll = select.poll()
    poll.register(client, select.POLLRDHUP)
    return bool(poll.poll(0))
