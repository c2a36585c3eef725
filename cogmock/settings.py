"""All that a user may set. Each field is a flag of `cogmock serve` and a COGMOCK_… variable."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


def _setting(default: Any, about: str, **more: Any) -> Any:
    return field(default=default, metadata={"about": about, **more})


@dataclass(slots=True)
class Settings:
    """How a world behaves. The defaults are the server's; the in-process mock changes the issuer to "aws"."""

    host: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(4577, "port to listen on; 0 takes a free one")
    issuer: str = _setting("server", "whose name the tokens bear", choices=("server", "aws", "host"))
    public_url: str = _setting("", "the URL by which others reach this server")
    code: str = _setting("", "every code that is sent is this one, for example 123456")
    seed: int | None = _setting(None, "makes ids, codes and secrets repeat from run to run")
    smtp_url: str = _setting("", "a server that mails are handed to: smtp://, smtp+starttls:// or smtps://")
    outbox: str = _setting("", "a directory that each message is written to, mails as .eml")
    allow_host: tuple[str, ...] = _setting((), "one more Host that the control API answers to")
    log_format: str = _setting("text", "how the log is written", choices=("text", "json"))
    log_level: str = _setting("info", "how much is logged", choices=("debug", "info", "warning", "error"))

    @property
    def url(self) -> str:
        """The URL that tokens and documents name in the issuer mode "server"."""
        return self.public_url.rstrip("/") or f"http://localhost:{self.port}"
