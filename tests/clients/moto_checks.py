"""The mock beside one version of moto: imported before or after it, active or not, started inside or outside it."""

import subprocess
import sys
import textwrap

import pytest

BEGIN = """
import logging
logging.basicConfig(level=logging.WARNING, format="%(message)s")
import boto3

def client(service):
    return boto3.client(service, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")

def use(cognito):
    "Both answer their own; STS, which both have, is the mock's."
    client("s3").create_bucket(Bucket="articles")
    assert [bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]] == ["articles"]
    client("cognito-idp").create_user_pool(PoolName="x")
    client("sts").get_caller_identity()
    assert [entry.operation for entry in cognito.requests] == ["CreateUserPool", "GetCallerIdentity"]

def fetch(cognito):
    "The same through `requests`, which moto answers by the library `responses`."
    import requests
    pool = client("cognito-idp").create_user_pool(PoolName="x")["UserPool"]["Id"]
    url = f"https://cognito-idp.us-east-1.amazonaws.com/{pool}/.well-known/jwks.json"
    assert len(requests.get(url, timeout=30).json()["keys"]) == 2
    sts = "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
    requests.get(sts, timeout=30)
    assert [entry.operation for entry in cognito.requests][-1:] == ["GetCallerIdentity"]
    client("s3").create_bucket(Bucket="papers")
    assert "papers" in requests.get("https://s3.amazonaws.com/", timeout=30).text
"""
MOTO = """
try:
    from moto import mock_aws as motos
except ImportError:
    from contextlib import ExitStack, contextmanager
    from moto import mock_s3, mock_sts

    @contextmanager
    def motos():
        with mock_s3(), mock_sts():
            yield
"""


def ran(*parts):
    """What a script prints and logs, in a process of its own, where nothing is imported yet."""
    script = "".join((BEGIN, *parts))
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False
    )
    assert found.returncode == 0, found.stderr
    assert "cogmock" not in found.stderr  # nothing was skipped, so nothing is logged
    return found.stdout


@pytest.mark.parametrize("first", ["moto", "cogmock"])
def test_imported_and_not_active(first):
    parts = [MOTO, "from cogmock import mock_cognito\n"]
    ran(
        *(parts if first == "moto" else reversed(parts)),
        """
for _ in range(2):
    with mock_cognito() as cognito:
        client("cognito-idp").create_user_pool(PoolName="x")
        assert len(cognito.requests) == 1
""",
    )


def test_imported_while_the_mock_runs():
    ran(
        "from cogmock import mock_cognito\nwith mock_cognito() as cognito:",
        textwrap.indent(MOTO, "    "),
        "    with motos():\n        use(cognito)\n",
    )


@pytest.mark.parametrize("asked", ["use", "fetch"])
@pytest.mark.parametrize("outer", ["moto", "cogmock"])
@pytest.mark.parametrize("first", ["moto", "cogmock"])
def test_both_active(first, outer, asked):
    parts = [MOTO, "from cogmock import mock_cognito\n"]
    nested = (
        "with motos(), mock_cognito() as cognito:"
        if outer == "moto"
        else "with mock_cognito() as cognito, motos():"
    )
    ran(*(parts if first == "moto" else reversed(parts)), f"\n{nested}\n    {asked}(cognito)\n")


def test_what_passes_through_is_motos():
    ran(
        MOTO,
        """
from cogmock import mock_cognito
with motos(), mock_cognito(passthrough=["sts"]) as cognito:
    client("sts").get_caller_identity()
    assert not cognito.requests
""",
    )


def test_nothing_is_left():
    ran(
        MOTO,
        """
import moto.core.botocore_stubber as stubber, moto.core.custom_responses_mock as entries
from cogmock import mock_cognito
before = dict(vars(stubber.BotocoreStubber)), dict(vars(entries.CallbackResponse))
with mock_cognito(), motos():
    client("cognito-idp").create_user_pool(PoolName="x")
assert (dict(vars(stubber.BotocoreStubber)), dict(vars(entries.CallbackResponse))) == before
""",
    )
