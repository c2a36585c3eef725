import pytest

pytestmark = pytest.mark.slow


def test_aiobotocore_and_aiohttp_in_process(passes):
    passes("aio", "aiobotocore_checks.py")


def test_aioboto3_in_process(passes):
    passes("aioboto3", "aioboto3_checks.py")
