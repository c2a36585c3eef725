"""cogmock as a WSGI application, for a server of your own: `gunicorn --threads 8 cogmock.wsgi:application`.

The state is in the memory of one process, so one worker process must serve all requests, with threads.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from typing import Any

from cogmock.cli.settings import from_environment
from cogmock.core.world import World
from cogmock.settings import Settings
from cogmock.web.app import Application, StartResponse

__all__ = ["application", "make"]

log = logging.getLogger("cogmock")


class _Hosted(Application):
    """Warns where a server forks: its processes would have different users."""

    _warned = False

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("wsgi.multiprocess") and not self._warned:
            self._warned = True
            log.warning(
                "cogmock runs in several processes of this server, and each has a state of its own: what one "
                "creates, the next does not have. Run one worker process (gunicorn --workers 1 --threads 8)."
            )
        return super().__call__(environ, start_response)


def make(settings: Settings | None = None) -> Application:
    """A WSGI application with a world of its own; without settings, by the COGMOCK_… variables.

    Address, port and TLS are the server's, so those settings have no effect. Raises ValueError for settings that are
    wrong. Without COGMOCK_ISSUER and COGMOCK_PUBLIC_URL tokens name the host that the request came to, because the
    port is not known here.
    """
    if settings is None:
        settings = from_environment(os.environ)
        if not {"COGMOCK_ISSUER", "COGMOCK_PUBLIC_URL"} & set(os.environ):
            settings.issuer = "host"
    world = World(settings)
    if settings.state:
        from cogmock.persistence.opening import keep_state

        keep_state(world)
    return _Hosted(world)


application = make()
