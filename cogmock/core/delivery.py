"""Sinks for messages: a mail server, a directory of .eml files."""

from __future__ import annotations

import re
import smtplib
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from cogmock.core.outbox import Message, Sink
from cogmock.settings import Settings

PATIENCE = 10.0
"""Seconds that one delivery may take in all."""
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Server(NamedTuple):
    """A mail server, as its URL names it: smtp://user:password@host:port?verify=no."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    verify: bool
    """Whether its certificate is verified; not on loopback."""


def sinks(settings: Settings) -> list[Sink]:
    """The sinks that the settings ask for. Creates the directory. Raises ValueError where a setting cannot be used."""
    found: list[Sink] = []
    if settings.outbox:
        found.append(_into(Path(settings.outbox)))
    if settings.smtp_url:
        found.append(_over(server_of(settings.smtp_url)))
    return found


def server_of(url: str) -> Server:
    """A server by its URL. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(
            f"{url!r} is no mail server: it should read smtp://host:port, or smtps or smtp+starttls"
        )
    return Server(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        verify=parts.hostname not in LOOPBACK and parse_qs(parts.query).get("verify") != ["no"],
    )


def mail(message: Message) -> EmailMessage:
    """A message as an e-mail with an HTML body, as all of Cognito's e-mails."""
    letter = EmailMessage()
    letter["Subject"] = _line(message.subject or "")
    letter["From"] = _line(message.sender or "")
    letter["To"] = _line(message.destination)
    if message.reply_to:
        letter["Reply-To"] = _line(message.reply_to)
    letter["Date"] = format_datetime(datetime.fromtimestamp(message.sent_at, UTC))
    letter["Message-ID"] = f"<{message.user_pool_id}.{message.id}.{int(message.sent_at * 1000)}@cogmock>"
    letter["X-Cognito-Trigger-Source"] = message.trigger_source
    letter.set_content(message.body, subtype="html", cte="quoted-printable")
    return letter


def _line(text: str) -> str:
    """A header value on one line: a line break would start another header."""
    return " ".join(text.split())


def _into(directory: Path) -> Sink:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"{str(directory)!r} cannot hold messages: {error.strerror}") from error

    def write(message: Message) -> None:
        at = datetime.fromtimestamp(message.sent_at, UTC).strftime("%Y%m%dT%H%M%S")
        name = f"{at}-{message.id:06}-{re.sub(r'[^0-9A-Za-z@.+-]', '_', message.destination)[:100]}"
        if message.medium == "EMAIL":
            (directory / f"{name}.eml").write_bytes(mail(message).as_bytes())
        else:
            (directory / f"{name}.txt").write_text(message.body, encoding="utf-8")

    return write


def _over(server: Server) -> Sink:
    def hand_over(message: Message) -> None:
        if message.medium == "EMAIL":
            _bounded(lambda: _send(server, message))

    return hand_over


def _bounded(work: Callable[[], None]) -> None:
    """Runs the work in a thread and stops waiting for it after PATIENCE seconds. Raises OSError.

    Timeouts of single reads are not enough: name lookups have none, and a server may send a byte now and then.
    """
    failures: list[Exception] = []

    def run() -> None:
        try:
            work()
        except (OSError, ValueError) as error:  # ValueError: an address that no mail can bear
            failures.append(error)

    thread = threading.Thread(target=run, name="cogmock-mail", daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if thread.is_alive():
        raise TimeoutError(f"the mail server did not take the message within {PATIENCE:g} s")
    if failures:
        raise OSError(str(failures.pop()))


def _send(server: Server, message: Message) -> None:
    with _connected(server) as connection:
        connection.ehlo()
        offered = connection.has_extn("starttls")
        if server.scheme == "smtp+starttls" or (server.scheme == "smtp" and offered):
            connection.starttls(context=_context(server))
            connection.ehlo()
        if server.user:
            connection.login(server.user, server.password)
        sender = parseaddr(_line(message.sender or ""))[1]
        connection.send_message(mail(message), sender, [message.destination])


def _connected(server: Server) -> smtplib.SMTP:
    timeout = PATIENCE / 2
    # Without a name of ours, smtplib would ask the name server for one.
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(
            server.host, server.port, "localhost", timeout=timeout, context=_context(server)
        )
    return smtplib.SMTP(server.host, server.port, "localhost", timeout=timeout)


def _context(server: Server) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not server.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
