"""What `serve` does before it answers: reads the state that is kept, applies the document, says that it is ready."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from cogmock.core.world import World
from cogmock.httpd.server import Server

if TYPE_CHECKING:
    from cogmock.cli.reloading import Reloading


class Loading:
    """One start. A server that stands by for another one loads when that one is gone, in another thread."""

    def __init__(
        self,
        world: World,
        server: Server,
        when_ready: Callable[[str], None] | None = None,
        *,
        quiet: bool = False,
        reloading: Reloading | None = None,
    ) -> None:
        self._world = world
        self._server = server
        self._when_ready = when_ready
        self._quiet = quiet
        self._reloading = reloading
        self._stands_by = False
        self.exit_status = 0
        """That of the process, once the server has stopped."""

    def load(self) -> bool:
        """False where the document of --config has faults, which are printed. Raises PersistenceError."""
        if self._world.settings.state:
            from cogmock.persistence.opening import keep_state

            self._stands_by = not keep_state(self._world, self._prepare, self._tell_ready)
        return self._check_document() if self._stands_by else self._apply_document()

    def tell(self) -> None:
        if self._stands_by:
            print(f"cogmock standing by on {self._server.url}", flush=True)
        else:
            self._tell_ready()

    def end(self) -> None:
        """Gives the store free."""
        if self._reloading:
            self._reloading.stop()
        if self._world.keeper is not None:
            from cogmock.persistence.opening import stop_keeping

            stop_keeping(self._world)

    def _prepare(self) -> None:
        """After a takeover. A document that cannot be applied ends the server, as it does at a start."""
        if not self._apply_document():
            self.exit_status = 2
            self._server.stop()

    def _tell_ready(self) -> None:
        if self.exit_status:
            return
        if self._reloading:
            self._reloading.start()
        url = self._server.url
        print(f"cogmock listening on {url}", flush=True)
        if self._when_ready:
            threading.Thread(target=self._ready, args=(url,), name="cogmock-ready", daemon=True).start()

    def _ready(self, url: str) -> None:
        """What cannot be made ready ends the server, unless it ends already."""
        try:
            if self._when_ready:
                self._when_ready(url)
        except Exception:
            if self._server.stopping:
                return  # a server that was told to stop meanwhile answers no more
            logging.getLogger("cogmock").exception("the server could not be made ready")
            self.exit_status = 1
            self._server.stop()

    def _apply_document(self) -> bool:
        if not self._world.settings.config:
            return True  # without a document its modules need not be imported, which takes as long as half the start
        from cogmock.cli.progress import Progress
        from cogmock.definitions.config import apply_config

        progress = Progress(sys.stderr, "applied", quiet=self._quiet)
        return self._is_good(lambda: apply_config(self._world, progress))

    def _check_document(self) -> bool:
        if not self._world.settings.config:
            return True
        from cogmock.definitions.config import read_config

        return self._is_good(lambda: read_config(self._world.settings.config))

    def _is_good(self, attempt: Callable[[], object]) -> bool:
        """Prints the faults of the document, one a line, where it has any."""
        from cogmock.definitions.faults import InvalidConfig

        try:
            attempt()
        except InvalidConfig as invalid:
            print(invalid, file=sys.stderr)
            return False
        return True
