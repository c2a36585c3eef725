"""The handle of a test: the messages that Cognito sent, its clock, its triggers, its calls, and who may do what.

The same class serves the mock in process and, as the base of `CognitoServer`, a server on a port.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

if TYPE_CHECKING:
    from cogmock.core.clock import Clock as WorldClock
    from cogmock.core.cloudwatch import LogEvent
    from cogmock.core.journal import Entry
    from cogmock.core.outbox import Message, Outbox
    from cogmock.core.world import World
    from cogmock.definitions.applying.report import Report
    from cogmock.settings import Settings
    from cogmock.testing.decision import Decision
    from cogmock.testing.functions import Functions
    from cogmock.testing.pools import MfaMode, Pool, Tokens, Users
    from cogmock.testing.transport import Place


class Cognito:
    """Its world is made at the first use, so a mock that is not used costs nothing."""

    def __init__(self, holder: Place) -> None:
        self._holder = holder

    @property
    def world(self) -> World:
        return self._holder.world

    @property
    def messages(self) -> Messages:
        """The e-mails and texts sent so far, oldest first."""
        return Messages(self.world.outbox)

    @property
    def clock(self) -> Clock:
        return Clock(self.world.clock)

    @property
    def functions(self) -> Functions:
        """Function name → a Python callable that stands in for that Lambda function; and the calls of triggers."""
        from cogmock.testing.functions import Functions

        return Functions(self.world)

    @property
    def requests(self) -> list[Entry]:
        """The last calls, oldest first. Their parameters are unmasked here, unlike in the control API."""
        return list(self.world.journal)

    def logs(self, *, log_group: str | None = None, stream: str | None = None) -> list[LogEvent]:
        """What Cognito would have written to CloudWatch Logs, oldest first; of one log group or stream if given."""
        return self.world.cloudwatch.events(log_group, stream)

    @property
    def settings(self) -> Settings:
        return self.world.settings

    def reset(self) -> None:
        """Drops all state, messages and requests, and sets the clock right. Functions and settings stay."""
        with self.world.lock:
            self.world.reset()
            self.world.clock.reset()

    def make_pool(
        self,
        *,
        users: Users = (),
        unconfirmed: Users = (),
        groups: Iterable[str] | Mapping[str, Iterable[str]] = (),
        mfa: MfaMode | None = None,
        totp: Iterable[str] = (),
        client: Mapping[str, Any] | None = None,
        password: str | None = None,
        **aws: Any,
    ) -> Pool:
        """A pool that verifies e-mail addresses, with a client that has all password flows, users and groups.

        users: confirmed users: names, each with the verified address NAME@example.com, or name → attributes.
        unconfirmed: users who signed up and are not confirmed; their codes are among the messages.
        groups: names, or name → names of members.
        mfa: "OFF", "OPTIONAL" or "ON", by authenticator apps.
        totp: those of the users who have such an app set up; `cognito.totp(name)` is its code.
        client: parameters of CreateUserPoolClient. All others go to CreateUserPool.
        password: that of every user (default: Passw0rd!).

        Raises RefusedError where an operation refuses.
        """
        from cogmock.testing.pools import PASSWORD, made_pool

        return made_pool(
            self._holder,
            users=users,
            unconfirmed=unconfirmed,
            groups=groups,
            mfa=mfa,
            totp=totp,
            client=client,
            password=password or PASSWORD,
            **aws,
        )

    def tokens(
        self, username: str, *, client: str, scopes: list[str] | None = None, groups: list[str] | None = None
    ) -> Tokens:
        """Tokens of a user for the client with this id, without a sign-in. Raises LookupError and RefusedError."""
        from cogmock.testing.pools import minted

        found = self.world.find_client(client)
        if found is None:
            raise LookupError(f"there is no app client {client!r}")
        return minted(self.world, found[1].pool_id, client, username, scopes=scopes, groups=groups)

    def totp(self, username: str, *, pool: str | None = None) -> str:
        """The code that the user's authenticator app shows; the one after it where that has been used.

        `pool` is a pool's id, and may be left out where one pool alone has such a user. Raises RefusedError.
        """
        from cogmock.testing.pools import totp_code

        return totp_code(self.world, username, pool)

    def browser_session(self, username: str, *, client: str) -> dict[str, Any]:
        """A browser in which the user is signed in: the storage state of a Playwright context.

        `client` is a client's id. Raises LookupError and RefusedError.
        """
        from cogmock.testing.control import control

        found = self.world.find_client(client)
        if found is None:
            raise LookupError(f"there is no app client {client!r}")
        named = {"user_pool_id": found[1].pool_id, "client_id": client, "username": username}
        return control(self.world, "/browser-session", named)

    def document(
        self, url: str, body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        """Registers a client ID metadata document, which is then not fetched from its https URL.

        body: a string is sent as it is, anything else as JSON; None takes the document away.
        status, headers: of the answer that the fetch gets. Without a Content-Type it is application/json.

        Raises RefusedError.
        """
        from cogmock.testing.control import control

        content = {"url": url, "body": body, "status": status, "headers": dict(headers or {})}
        control(self.world, "/documents", content, method="PUT")

    def risk(
        self,
        pool: str,
        *,
        username: str | None = None,
        level: Literal["LOW", "MEDIUM", "HIGH"] | None = None,
        compromised: bool = False,
    ) -> None:
        """Makes threat protection judge the next sign-ins of a pool, or of one user, so; without either, by its rules.

        Raises RefusedError.
        """
        from cogmock.testing.control import control_put

        about = {"user_pool_id": pool} | ({} if username is None else {"username": username})
        control_put(self.world, "/risk", about | {"level": level, "compromised": compromised})

    def apply(
        self,
        document: str | os.PathLike[str] | Mapping[str, Any],
        *,
        prune: bool = False,
        dry_run: bool = False,
    ) -> Report:
        """Creates and updates what a document states: a file's name, or the same as a dict.

        The report's `changes` and `summary` say what was changed. `prune` deletes what the document does not name,
        `dry_run` changes nothing. Raises InvalidConfig, with nothing changed.
        """
        from cogmock.definitions.applying.document import apply
        from cogmock.definitions.config import read_config

        return apply(self.world, read_config(document), prune=prune, dry_run=dry_run)

    def snapshot(self) -> dict[str, Any]:
        """All state, keys, sessions, messages and the clock included, as JSON values. `restore` puts it back."""
        from cogmock.persistence import snapshot

        return snapshot.taken(self.world)

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Puts a snapshot in place of all state: tokens issued before it was taken are good again.

        Raises cogmock.persistence.errors.PersistenceError, a ValueError, with nothing changed.
        """
        from cogmock.persistence.snapshot import restore

        restore(self.world, snapshot)

    def export(self, *, secrets: bool = False, pool: str | None = None) -> dict[str, Any]:
        """The state as a document, of all pools or of the one with this id; `apply` makes the same of it."""
        from cogmock.definitions.exporting.document import export

        return export(self.world, secrets=secrets, pool_id=pool)

    def import_file(self, path: str | os.PathLike[str], **how: Any) -> dict[str, Any]:
        """Imports a file of another tool, or a folder: a template, Terraform's state, AWS's user CSV, cognito-local.

        `stack`, `parameters`, `region`, `pool_id`, `kind` and `dry_run` are as at `POST /_cogmock/import`; the answer
        has `outputs`, `resources` and `skipped`. Raises InvalidConfig, with nothing changed.
        """
        from cogmock.definitions import imports

        return imports.run_file(self.world, Path(path), **how)

    def authorize(
        self, credentials: Any, action: str, resource: str, context: dict[str, Any] | None = None
    ) -> Decision:
        """Whether temporary credentials may do something. They come from any call that returns some, or from boto3."""
        from cogmock.testing.decision import decide

        return decide(self.world, credentials, action, resource, context)


class Messages(Sequence["Message"]):
    """The messages sent so far, oldest first."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def last(self, *, username: str | None = None, destination: str | None = None) -> Message:
        """The newest message to this user (by name, or by address), or LookupError."""
        for message in reversed(self._outbox.messages):
            if _is_to(message, username, destination):
                return message
        raise LookupError(self._missing(username, destination))

    def wait(
        self, *, username: str | None = None, destination: str | None = None, timeout: float = 5
    ) -> Message:
        """As `last`, but gives the code under test some seconds, or TimeoutError."""
        found = self._outbox.wait(lambda message: _is_to(message, username, destination), timeout)
        if not found:
            raise TimeoutError(f"within {timeout:g} s {self._missing(username, destination)}")
        return found[-1]

    def clear(self) -> None:
        self._outbox.clear()

    @overload
    def __getitem__(self, at: int) -> Message: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Message]: ...

    def __getitem__(self, at: int | slice) -> Message | Sequence[Message]:
        return self._outbox.messages[at]

    def __len__(self) -> int:
        return len(self._outbox.messages)

    def __iter__(self) -> Iterator[Message]:
        return iter(tuple(self._outbox.messages))

    def __repr__(self) -> str:
        return f"<{len(self)} messages: {', '.join(map(repr, self))}>"

    def _missing(self, username: str | None, destination: str | None) -> str:
        wanted = [f"username {username!r}"] if username is not None else []
        wanted += [f"destination {destination!r}"] if destination is not None else []
        return f"no message for {' and '.join(wanted) or 'anybody'} was sent; {self!r}"


class Clock:
    """The clock that every expiry follows."""

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC)

    def advance(self, seconds: float = 0, *, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        self._clock.advance(timedelta(days, seconds, minutes=minutes, hours=hours).total_seconds())

    def set(self, when: datetime | str | float) -> None:
        """A datetime, ISO 8601 or epoch seconds. Without a time zone it is UTC. The clock runs on from there."""
        moment = datetime.fromisoformat(when) if isinstance(when, str) else when
        if isinstance(moment, datetime):
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        self._clock.set(moment)

    def reset(self) -> None:
        self._clock.reset()

    def __repr__(self) -> str:
        return f"<clock at {self.now().isoformat()}>"


def _is_to(message: Message, username: str | None, destination: str | None) -> bool:
    if destination is not None and message.destination != destination:
        return False
    # Where users sign in with an address, their username is a UUID, which tests rarely have at hand.
    return username is None or username in {message.username, message.destination}
