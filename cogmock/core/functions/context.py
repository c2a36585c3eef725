"""The second argument of a Lambda function written in Python."""

from __future__ import annotations

import logging
import time

from cogmock.core.functions.job import Arn

log = logging.getLogger("cogmock.lambda")


class Context:
    """Has the members of AWS's own context object. `client_context` and `identity` are None, as for Cognito's calls."""

    client_context = None
    identity = None
    memory_limit_in_mb = "128"

    def __init__(self, arn: Arn, request_id: str, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self.function_name = arn.name
        self.function_version = arn.qualifier or "$LATEST"
        self.invoked_function_arn = arn.text
        self.aws_request_id = request_id
        self.log_group_name = f"/aws/lambda/{arn.name}"
        self.log_stream_name = f"[{self.function_version}]{request_id.replace('-', '')}"

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._ends - time.monotonic()) * 1000))

    def log(self, message: object) -> None:
        log.info("%s: %s", self.function_name, message)
