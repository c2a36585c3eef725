"""A client that was made without credentials, before a mock set some for tests, signs with those."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

from cogmock.testing.doors import Patch
from cogmock.testing.transport import claim


def patches(_: Any) -> Iterator[Patch]:
    yield "SigV4Auth.add_auth", _add_auth


def _add_auth(original: Any) -> Any:
    def add_auth(self: Any, request: Any) -> Any:
        if self.credentials is None and claim(request.url) is not None:
            self.credentials = sys.modules["botocore.credentials"].ReadOnlyCredentials(
                os.environ["AWS_ACCESS_KEY_ID"],
                os.environ["AWS_SECRET_ACCESS_KEY"],
                os.environ.get("AWS_SESSION_TOKEN"),
            )
        return original(self, request)

    return add_auth
