"""TLS and plain HTTP on one port: the first byte tells them apart, and the requested name selects the certificate."""

from __future__ import annotations

import os
import re
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from werkzeug.serving import load_ssl_context

from cogmock.crypto.authority_folder import CERTIFICATE, WITH_KEY, folder

HANDSHAKE = 0x16
"""The first byte of every TLS connection; no HTTP method begins with it."""
LOCAL = ["localhost", "*.localhost", "127.0.0.1", "::1"]
MOST_CONTEXTS = 500
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*")


Clock = Callable[[], float]
"""The real time in seconds, by which certificates are dated."""


def chosen(mode: str, cert: str, key: str, clock: Clock) -> Tls | None:
    """The TLS of a mode: None for "off"; "auto" takes plain HTTP too, "only" refuses it. Raises ValueError."""
    if mode == "off":
        return None
    try:
        return Tls(cert, key, only=mode == "only", clock=clock)
    except OSError as error:
        raise ValueError(f"--cert {cert}: {error.strerror or error}") from error


def authority_path(clock: Clock) -> Path:
    """The file of the local authority's certificate, in the user's cache folder; made where there is none."""
    _authority(clock)
    return folder() / CERTIFICATE


class Tls:
    """Wraps connections, with a given certificate or with certificates made for the names that clients request."""

    def __init__(self, cert: str = "", key: str = "", *, only: bool = False, clock: Clock) -> None:
        self._clock = clock
        self.only = only
        self.not_now = BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError
        """What a connection raises that has nothing to read, or no room for more to send."""
        self._given_context = _context(cert, key or None) if cert else None
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()
        self._local_authority: object = None

    def is_begun_by(self, first: bytes) -> bool:
        """Whether a connection with this first byte begins a handshake."""
        return first == bytes([HANDSHAKE])

    def wrapped(self, client: socket.socket) -> ssl.SSLSocket | None:
        """The connection before its handshake; None if it was reset, and then it is closed."""
        context = self._given_context or self._of("")
        try:
            return context.wrap_socket(client, server_side=True, do_handshake_on_connect=False)
        except (OSError, ValueError):  # an ssl.SSLError is an OSError
            return None

    def _of(self, name: str) -> ssl.SSLContext:
        """The context for a requested name; for invalid names and those beyond the limit, that for localhost."""
        host = name.lower().rstrip(".")
        if not _HOST.fullmatch(host) or host == "localhost" or len(self._contexts) >= MOST_CONTEXTS:
            host = ""
        with self._lock:
            if host not in self._contexts:
                self._contexts[host] = self._made(host)
            return self._contexts[host]

    def _made(self, host: str) -> ssl.SSLContext:
        from cogmock.crypto.authority import Authority

        if not isinstance(self._local_authority, Authority):
            self._local_authority = Authority(_authority(self._clock))
        leaf = self._local_authority.leaf([host] if host else LOCAL, self._clock())
        with tempfile.TemporaryDirectory(
            prefix="cogmock-"
        ) as drafts:  # ssl loads certificates only from files
            path = Path(drafts) / "leaf.pem"
            path.write_bytes(leaf)
            context = _context(str(path))
        if not host:
            context.sni_callback = self._choose
        return context

    def _choose(self, client: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        if name:
            client.context = self._of(name)


def _context(cert: str, key: str | None = None) -> ssl.SSLContext:
    context = load_ssl_context(cert, key)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _authority(clock: Clock) -> bytes:
    """Certificate and key, in a file that only the user may read. Of two made at the same time, the first stays."""
    whole = folder() / WITH_KEY
    if not whole.exists():
        from cogmock.crypto.authority import Authority

        whole.parent.mkdir(parents=True, exist_ok=True)
        made = Authority.create(clock())
        draft = _draft(made, whole.parent)
        with suppress(FileExistsError):
            os.link(draft, whole)
        draft.unlink()
    pem = whole.read_bytes()
    public = whole.with_name(CERTIFICATE)
    certificate = pem.partition(b"-----BEGIN PRIVATE KEY")[0]
    if not public.exists() or public.read_bytes() != certificate:
        draft = _draft(certificate, public.parent)
        draft.chmod(0o644)
        draft.replace(public)  # at once: another process may read it meanwhile
    return pem


def _draft(content: bytes, directory: Path) -> Path:
    """A new file that only the user may read."""
    handle, path = tempfile.mkstemp(dir=directory)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return Path(path)
