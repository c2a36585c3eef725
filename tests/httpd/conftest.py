"""Fixtures of the tests of the HTTP server."""

import pytest
from support.raw_http import LIMITS, echo

from cogmock.httpd.reader_h11 import H11Reader
from cogmock.httpd.reader_httptools import HttptoolsReader
from cogmock.httpd.server import Server


@pytest.fixture(params=[HttptoolsReader, H11Reader])
def serve(request):
    """Starts servers, and stops them."""
    servers = []

    def start(application=echo, **options):
        options.setdefault("limits", LIMITS)
        servers.append(Server(application, reader=request.param, **options))
        servers[-1].start()
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
