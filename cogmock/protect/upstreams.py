"""The servers behind the proxy, as `--protect` names them: `s3=http://127.0.0.1:5000`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from cogmock.services import PROTECTED

UNSIGNED = "anonymous"

_NAMED = re.compile(r"\s*([\w-]+)\s*=\s*(https?://\S+?)/*\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Upstream:
    """A server behind the proxy. `key_id` and `secret` sign what is passed on; an empty `key_id` leaves it unsigned."""

    service: str
    secure: bool
    host: str
    port: int
    path: str
    key_id: str
    secret: str

    @property
    def netloc(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """Without the secret."""
        return f"{'https' if self.secure else 'http'}://{self.netloc}{self.path}"


def read(named: Iterable[str]) -> dict[str, Upstream]:
    """Service → upstream. User and password of a URL are the access key to sign with. Raises ValueError."""
    found = [_read(text) for text in named]
    upstreams = {upstream.service: upstream for upstream in found}
    if len(upstreams) < len(found):
        raise ValueError("--protect names a service twice")
    return upstreams


def _read(text: str) -> Upstream:
    match = _NAMED.fullmatch(text)
    if match is None:
        raise ValueError(f"--protect {text}: a service and a URL are needed, as in s3=http://127.0.0.1:5000")
    service, url = match[1].lower(), urlsplit(match[2])
    if service not in PROTECTED:
        raise ValueError(f"--protect {text}: cogmock can protect {' and '.join(PROTECTED)}, not {service}")
    try:
        port = url.port
    except ValueError:
        port = -1
    if not url.hostname or port == -1:
        raise ValueError(f"--protect {text}: the URL has no host, or no valid port")
    user = unquote(url.username or "test")
    return Upstream(
        service=service,
        secure=url.scheme == "https",
        host=url.hostname,
        port=port or (443 if url.scheme == "https" else 80),
        path=url.path.rstrip("/"),
        key_id="" if user == UNSIGNED else user,
        secret=unquote(url.password or "test"),
    )
