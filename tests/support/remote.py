"""A pytest plugin: the boto3 suites aimed at an endpoint, with `--endpoint URL`, or at AWS, with `--aws --account ID`.

Only tests that use the fixture `cognito` and nothing of its handle can run there; others are skipped with a reason.
Tests of lists see what other tests made at the same time, so run without xdist.
"""

from __future__ import annotations

import inspect
import os
import sys

import boto3
import pytest
from botocore.client import BaseClient

from scripts.parity import endpoint as endpoints

SUITES = ("tests/userpools/", "tests/identitypools/", "tests/iam/")
SERVICES = {"cognito-idp", "cognito-identity", "iam", "sts"}


def add_options(parser):
    group = parser.getgroup("cogmock's own suite")
    group.addoption("--endpoint", metavar="URL", help="run the boto3 suites against this server")
    group.addoption(
        "--aws", action="store_true", help="run the boto3 suites against AWS itself; needs --account"
    )
    group.addoption("--account", metavar="ID", help="with --aws: the account that may be used and charged")


def configure(config):
    """Registers the plugin if a run is aimed elsewhere."""
    url, aws = config.getoption("--endpoint"), config.getoption("--aws")
    if not url and not aws:
        return
    if url and aws:
        raise pytest.UsageError("give --endpoint or --aws, not both")
    try:
        found = endpoints.server(url) if url else endpoints.aws(config.getoption("--account"))
    except endpoints.Refused as refused:
        raise pytest.UsageError(str(refused)) from None
    print(f"The boto3 suites run against {found.title}.", file=sys.stderr)
    if aws:
        print(endpoints.COSTS, file=sys.stderr)
    config.pluginmanager.register(Remote(found), "cogmock-remote")


class Handle:
    """Stands in for the handle of the in-process mock. Whatever a test asks of it skips the test."""

    def __init__(self, endpoint):
        self._endpoint = endpoint

    def __getattr__(self, name):
        pytest.skip(f"needs cognito.{name}, which is there in process alone")


class Remote:
    def __init__(self, endpoint):
        self.endpoint = endpoint

    def pytest_collection_modifyitems(self, items):
        for item in items:
            reason = self.reason(item)
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))

    def reason(self, item):
        """Why a test cannot run against an endpoint, or None."""
        if not any(suite in item.path.as_posix() for suite in SUITES):
            return "not one of the boto3 suites"
        if "cognito" not in getattr(item, "fixturenames", ()):
            return "does not use the fixture `cognito`"
        if "monkeypatch" in inspect.signature(item.function).parameters:
            return "patches cogmock in process"
        if any(marker.kwargs for marker in item.iter_markers("cognito")):
            return "has settings of the in-process mock"
        return None

    @pytest.fixture
    def cognito(self, monkeypatch):
        """Sends the calls of every boto3 client to the endpoint, and deletes what they made."""
        endpoint = self.endpoint
        if endpoint.url is not None:
            monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        if "AWS_DEFAULT_REGION" not in os.environ:
            monkeypatch.setenv("AWS_DEFAULT_REGION", endpoints.REGION)
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
        send = BaseClient._make_api_call

        def sent(client, operation, params):
            if client.meta.service_model.service_name not in SERVICES:
                return send(client, operation, params)
            return endpoint.call(send, client, operation, params)

        monkeypatch.setattr(BaseClient, "_make_api_call", sent)
        yield Handle(endpoint)
        monkeypatch.undo()
        endpoint.delete_all()
