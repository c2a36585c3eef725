"""LambdaConfig settings and Python functions for tests of triggers."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from support.pool_settings import FUNCTION

KEY = "arn:aws:kms:us-east-1:123456789012:key/0d9f2a1c-3b1e-4a52-9c1d-2f6f0a7b8c9d"


def configured(**names):
    """A LambdaConfig: trigger → the name of a function."""
    return {trigger: FUNCTION + name for trigger, name in names.items()}


def answering(**response):
    """A Lambda function that sets these members of the response."""

    def function(event, _context):
        event["response"].update(response)
        return event

    return function


def refusing(text):
    def function(_event, _context):
        raise RuntimeError(text)

    return function


def sources(cognito):
    return [call.source for call in cognito.functions.calls]


def error_of(call, *args, **kwargs):
    """Code and message of the error that a call raises."""
    with pytest.raises(ClientError) as caught:
        call(*args, **kwargs)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]
