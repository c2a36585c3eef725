"""Starts the servers behind, cogmock in front of them, and the web site: `python -m examples.articles`."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from wsgiref.types import WSGIApplication

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from examples.articles import letters, paper, provision, shelf

CONTENT = Path(__file__).with_name("content")


class Quiet(WSGIRequestHandler):
    """Logs nothing: cogmock's log is enough."""

    def log_request(self, code: object = "-", size: object = "-") -> None: ...


def main() -> None:
    parser = argparse.ArgumentParser("examples.articles", description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="where the paper is read; 0 takes a free port")
    wanted = parser.parse_args().port
    files = serve(shelf.application(CONTENT), 0)
    post = serve(letters.application(), 0)
    cogmock, endpoint = start_cogmock(f"s3=http://127.0.0.1:{files.port}")
    try:
        prepare(endpoint)
        settings = provision.everything()
        provision.api(endpoint, settings.user_pool_id, f"http://127.0.0.1:{post.port}")
        site = make_server(
            "127.0.0.1", wanted, paper.application(settings), threaded=True, request_handler=Quiet
        )
        print(f"The Lantern is at http://localhost:{site.port}", flush=True)
        print(f"Sign in as ada (a subscriber) or as bob, with {provision.PASSWORD}", flush=True)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        site.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        cogmock.terminate()
        cogmock.wait(10)


def serve(application: WSGIApplication, port: int) -> BaseWSGIServer:
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def start_cogmock(protected: str) -> tuple[subprocess.Popen[str], str]:
    """The process, and its URL: the endpoint for Cognito, IAM and S3."""
    command = [sys.executable, "-m", "cogmock", "serve", "--port", "0", "--protect", protected]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    ready = process.stdout.readline()
    if "listening on" not in ready:
        sys.exit("cogmock did not start")
    return process, ready.rpartition(" ")[2].strip()


def prepare(endpoint: str) -> None:
    """Environment of the application. On AWS the endpoint would be missing; nothing else would change."""
    os.environ["AWS_ENDPOINT_URL"] = endpoint
    os.environ["LETTERS_URL"] = f"{endpoint}/_api/{provision.API}"
    os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"
    os.environ["AWS_ACCESS_KEY_ID"] = os.environ["AWS_SECRET_ACCESS_KEY"] = "setup"
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        os.environ.pop(name, None)


if __name__ == "__main__":
    main()
