"""A server on a free port of this process, with the handle of the in-process mock."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from cogmock.testing import calls
from cogmock.testing.handle import Cognito

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from cogmock.core.world import World


class CognitoServer(Cognito):
    """Answers in its own threads, from `start` to `stop`. Its settings are those of `cogmock serve`."""

    def __init__(self, *, port: int = 0, **settings: Any) -> None:
        """Raises TypeError and ValueError for wrong settings or a file of state that cannot be used.

        OSError where the port is taken.
        """
        from cogmock.control.snapshot import LARGE_BODIES
        from cogmock.core.world import World
        from cogmock.httpd import tls
        from cogmock.httpd.connection import Limits
        from cogmock.httpd.server import Server
        from cogmock.settings import Settings
        from cogmock.testing.options import checked
        from cogmock.web.app import Application

        given = checked("CognitoServer", settings | {"port": port})
        world = World(Settings(**given))
        own = _Own(world, Application(world))
        super().__init__(own)
        applied = world.settings
        if applied.state:
            from cogmock.persistence.opening import keep_state

            keep_state(world)
        wrapping = tls.chosen(applied.tls, applied.cert, applied.key, world.clock.real)
        self._application = own.application
        self._server = Server(
            own.application, applied.host, port, tls=wrapping, limits=Limits(large_bodies=LARGE_BODIES)
        )
        self.settings.port = self._server.port
        calls.note(world.journal)

    @property
    def url(self) -> str:
        """The server's address, http://localhost:PORT: the `endpoint_url` of AWS's clients."""
        return self._server.url

    def client(self, service: str, **arguments: Any) -> Any:
        """A boto3 client of this server. Region and credentials are the environment's, or such for tests.

        `arguments` are those of boto3.client.
        """
        import os

        import boto3

        given: dict[str, Any] = {"endpoint_url": self.url}
        if not os.environ.get("AWS_DEFAULT_REGION"):
            given["region_name"] = os.environ.get("AWS_REGION") or "us-east-1"
        key, secret = (os.environ.get(name) for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
        if not (key and secret):  # boto3 refuses half of a pair
            given |= {"aws_access_key_id": key or "testing", "aws_secret_access_key": secret or "testing"}
        return boto3.client(service, **given | arguments)

    def start(self) -> None:
        from cogmock.core import own_server

        own_server.register(self.settings, self._application)
        self._server.start()

    def stop(self) -> None:
        from cogmock.core import own_server

        self._server.stop()
        own_server.unregister(self.settings)
        calls.forget(self.world.journal)
        if self.world.keeper is not None:
            from cogmock.persistence.opening import stop_keeping

            stop_keeping(self.world)
        self.world.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Own(NamedTuple):
    world: World
    application: WSGIApplication
