"""`cogmock serve --reload`: functions and the document are read anew when their files change.

State stays: functions are imported anew, and the document is applied as `cogmock apply` does it. A file with a fault
is told in the log, and what was read last goes on. Settings take effect at the next start.
"""

from __future__ import annotations

import logging
import sys
import threading
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cogmock.core.functions import modules
from cogmock.core.functions.failures import FunctionFailed
from cogmock.core.world import World

log = logging.getLogger("cogmock.reload")

EACH = 5000
"""Milliseconds after which files are compared though nothing was heard: a mounted folder may tell of no change."""
POLLED = 1.0
"""Seconds between two comparisons where the system cannot watch folders."""
Stamps = dict[Path, tuple[int, int, int]]
"""File → time of its last change, size and inode."""


def check() -> None:
    """Raises ValueError where the library that watches files is not installed."""
    if find_spec("watchfiles") is None:
        raise ValueError("--reload needs the package watchfiles: pip install 'cogmock[reload]'")


class Reloading:
    """Watches from `start` to `stop`, in a thread of its own. `look` is one comparison."""

    def __init__(self, world: World) -> None:
        self._world = world
        config = world.settings.config
        self._document = Path(config).absolute() if isinstance(config, str) and config else None
        self._named: set[Path] = set()
        """The document, and the files that it names."""
        self._stamps: Stamps = {}
        self._settings: dict[str, Any] = {}
        self._has_failed = False
        """Whether functions could not be imported. Then any other file may be what they lack."""
        self._is_refused = False
        """Whether the document could not be applied, perhaps for a function that cannot be imported."""
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        # Compiled modules are dated by the second: a file that changed twice in one would be taken for unchanged.
        sys.dont_write_bytecode = True

    def start(self) -> None:
        """Call it when functions and document have been read, and before anybody is told that the server is ready."""
        self.note()
        self._thread = threading.Thread(target=self._watch, name="cogmock-reload", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join(POLLED)

    def note(self) -> None:
        """Takes the files as they are for those that were read."""
        if self._document:
            self._named = {self._document, *self._read()}
            self._settings = self._stated()
        self._stamps = self._stamped()

    def look(self) -> None:
        """Reads anew what has changed since the last look."""
        now = self._stamped()
        changed = {
            path for path in now.keys() | self._stamps.keys() if now.get(path) != self._stamps.get(path)
        }
        self._stamps = now
        code = sorted(path for path in changed if path.suffix == ".py")
        read = modules.files(self._world)
        if code and (self._has_failed or not read.isdisjoint(code)):
            self._reload_functions(code)
        if changed & self._named or (code and self._is_refused):
            self._apply()
        self._stamps = (
            self._stamped() | self._stamps
        )  # files that are new among the watched ones were read just now

    def _reload_functions(self, changed: list[Path]) -> None:
        try:
            modules.reload(self._world)
            self._has_failed = False
        except FunctionFailed as failure:
            self._has_failed = True
            log.error("%s; all functions stay as they were", failure)  # noqa: TRY400 - the trace is ours
        else:
            log.info("functions are read anew: %s", ", ".join(map(modules.short, changed)))

    def _apply(self) -> None:
        from cogmock.definitions import files
        from cogmock.definitions.config import apply_config
        from cogmock.definitions.faults import InvalidConfig

        try:
            with files.noted() as named:
                report = apply_config(self._world)
        except InvalidConfig as invalid:
            for fault in invalid.faults:
                log.error("%s", fault)  # noqa: TRY400 - a fault has no trace
            log.error("%s is not applied; all stays as it was", self._world.settings.config)  # noqa: TRY400
            self._named |= named
            self._is_refused = True
            return
        self._is_refused = False
        counts = ", ".join(f"{number} {change}" for change, number in report.summary.items() if number)
        log.info("%s is applied anew: %s", self._world.settings.config, counts or "it is empty")
        self._named |= named
        self._warn_of_settings()

    def _warn_of_settings(self) -> None:
        stated = self._stated()
        names = [
            name for name in {**self._settings, **stated} if self._settings.get(name) != stated.get(name)
        ]
        self._settings = stated
        for name in names:
            log.warning(
                "%s: server.%s takes effect at the next start", self._world.settings.config, name.rstrip("_")
            )

    def _stated(self) -> dict[str, Any]:
        """The settings of the document."""
        from cogmock.definitions import server_settings

        found = server_settings.stated(str(self._document))
        return {name: server_settings.value(name, node) for name, node in found.items()}

    def _read(self) -> set[Path]:
        """The files that the document names."""
        from cogmock.definitions import files
        from cogmock.definitions.config import read_config
        from cogmock.definitions.faults import InvalidConfig

        with files.noted() as named, suppress(InvalidConfig):
            read_config(str(self._document))
        return named

    def _folders(self) -> set[Path]:
        found = {path.parent for path in self._named} | modules.folders(self._world) | {Path.cwd()}
        return {folder for folder in found if folder.is_dir()}

    def _stamped(self) -> Stamps:
        paths = self._named.union(*(folder.glob("*.py") for folder in self._folders()))
        return {path: stamp for path in paths if (stamp := _stamp(path))}

    def _watch(self) -> None:
        from watchfiles import watch

        while not self._stopping.is_set():
            folders = self._folders()
            try:
                for _ in watch(
                    *folders,
                    watch_filter=self._concerns,
                    stop_event=self._stopping,
                    rust_timeout=EACH,
                    yield_on_timeout=True,
                    recursive=False,
                    raise_interrupt=False,
                ):
                    self._look_on()
                    if self._folders() != folders:
                        break
            except Exception as error:  # noqa: BLE001 - the system's limit of watches, a folder that is gone
                log.warning("files are compared each second, for they cannot be watched: %s", error)
                self._poll()

    def _poll(self) -> None:
        while not self._stopping.wait(POLLED):
            self._look_on()

    def _look_on(self) -> None:
        """A look that ends the watching in no case."""
        try:
            self.look()
        except BaseException:
            log.exception("files could not be read anew")

    def _concerns(self, _change: object, path: str) -> bool:
        return path.endswith(".py") or Path(path) in self._named


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """None for a file that is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
