"""A server behind a guard: records requests, and answers as the test says, in whatever bytes."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import suppress

from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server


class Behind:
    """Answers `{"path": …}` unless `respond` is set. `requests` are those that arrived, oldest first."""

    def __init__(self):
        self.requests = []
        self.respond = lambda request: Response(
            json.dumps({"path": request.path}), mimetype="application/json"
        )
        handler = type("Quiet", (WSGIRequestHandler,), {"log_request": lambda *_: None})
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.port}"

    def _answer(self, environ, start_response):
        request = Request(environ)
        request.get_data()
        self.requests.append(request)
        return self.respond(request)(environ, start_response)

    @property
    def last(self):
        return self.requests[-1]

    @property
    def context(self):
        """The request context of the last request."""
        return json.loads(self.last.headers["x-amzn-request-context"])

    @property
    def target(self):
        """Path and query of the last request, as they were sent."""
        return self.last.environ["REQUEST_URI"]

    def stop(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class RawBehind:
    """Sends the given bytes to each request, in pieces with pauses, and then closes or stays silent."""

    def __init__(self, *pieces, silent=False, pause=0):
        self._pieces, self._silent, self._pause = pieces, silent, pause
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._open = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                client.recv(65536)
                self._open.append(client)
                with suppress(OSError):  # the guard has hung up
                    for piece in self._pieces:
                        client.sendall(piece)
                        time.sleep(self._pause)
                if not self._silent:
                    client.close()

    def stop(self):
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for client in self._open:
            client.close()
        self._thread.join(5)
