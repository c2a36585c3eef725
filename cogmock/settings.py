"""All settings. Each field is an option of `cogmock serve` and an environment variable COGMOCK_…."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


def _setting(default: Any, about: str, **more: Any) -> Any:
    """`read` makes a value of a text and raises ValueError; `shown` is what help calls the value."""
    return field(default=default, metadata={"about": about, **more})


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= port <= 65535:
        raise ValueError("a port is a number from 0 to 65535")
    return port


def _web_url(text: str) -> str:
    scheme, separator, rest = text.partition("://")
    if scheme not in {"http", "https"} or not separator or not rest.strip("/"):
        raise ValueError("a URL begins with http:// or https:// and names a host")
    return text


def _code(text: str) -> str:
    if not text.isprintable() or not text or " " in text:
        raise ValueError("a code is one word, for example 123456")
    return text


@dataclass(slots=True)
class Settings:
    """How a world behaves. The defaults are the server's; the in-process mock changes the issuer to "aws"."""

    host: str = _setting("127.0.0.1", "address to listen on", shown="ADDRESS")
    port: int = _setting(4577, "port to listen on; 0 takes a free one", shown="PORT", read=_port)
    issuer: str = _setting("server", "whose name the tokens bear", choices=("server", "aws", "host"))
    public_url: str = _setting("", "the URL by which others reach this server", shown="URL", read=_web_url)
    tls: str = _setting(
        "auto", "whether https:// is answered on the same port", choices=("auto", "off", "only")
    )
    cert: str = _setting("", "a certificate of yours, in PEM, in place of those made here", shown="FILE")
    key: str = _setting("", "the key of that certificate, where it is in a file of its own", shown="FILE")
    code: str = _setting(
        "", "every code that is sent is this one, for example 123456", shown="CODE", read=_code
    )
    seed: int | None = _setting(None, "makes ids, codes and secrets repeat from run to run", shown="N")
    config: str | Mapping[str, Any] = _setting(
        "",
        "a document that is applied at the start, in YAML, TOML or JSON; `cogmock serve` finds a cogmock.yaml",
        shown="FILE",
    )
    compromised: str = _setting(
        "",
        "a list of passwords, one a line, that threat protection takes for compromised, beside its own",
        shown="FILE",
    )
    state: str = _setting(
        "", "where state is kept: a file, or postgresql://USER@HOST/DATABASE", shown="FILE|URL"
    )
    state_sync: str = _setting(
        "normal",
        "whether what is kept in a file survives the end of the process (normal) or that of the machine (full)",
        choices=("normal", "full"),
    )
    smtp_url: str = _setting(
        "", "a server that mails are handed to: smtp://, smtp+starttls:// or smtps://", shown="URL"
    )
    outbox: str = _setting("", "a directory that each message is written to, mails as .eml", shown="DIR")
    allow_host: tuple[str, ...] = _setting(
        (),
        "one more host by which browsers may call, and by which the control API may be called",
        shown="HOST",
    )
    allow_origin: tuple[str, ...] = _setting(
        (),
        "one more origin whose pages may make signed calls, for example https://app.example",
        shown="ORIGIN",
    )
    aids: bool = _setting(
        default=True,
        about="test users and codes just sent, listed beneath the sign-in pages for callers of this machine",
    )
    lambda_: tuple[str, ...] = _setting(
        (), "a Lambda function: a Python callable, NAME=module:callable, or NAME=URL", shown="NAME=TARGET"
    )
    lambda_endpoint: str = _setting(
        "", "where the Invoke API of Lambda answers for all other functions", shown="URL", read=_web_url
    )
    protect: tuple[str, ...] = _setting(
        (),
        "a service that stands behind cogmock and obeys its policies: s3=URL or dynamodb=URL",
        shown="SERVICE=URL",
    )
    pretend: str = _setting(
        "social",
        "whether sign-ins through Google, Facebook, Amazon and Apple go to the built-in stand-ins",
        choices=("social", "off"),
    )
    social: tuple[str, ...] = _setting(
        (),
        "another place for a host of a social provider: accounts.google.com=URL, graph.facebook.com=URL …",
        shown="HOST=URL",
    )
    throttle: bool = _setting(
        default=False,
        about="requests above AWS's rates are refused with TooManyRequestsException",
    )
    log_format: str = _setting("text", "how the log is written", choices=("text", "json"))
    log_level: str = _setting(
        "info", "how much is logged", choices=("debug", "info", "warning", "error"), shown="LEVEL"
    )

    @property
    def url(self) -> str:
        """The URL that tokens and documents name in the issuer mode "server"."""
        scheme = "https" if self.tls == "only" else "http"
        return self.public_url.rstrip("/") or f"{scheme}://localhost:{self.port}"
