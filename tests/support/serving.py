"""`cogmock serve` as a process of its own, and clients of it."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager

import boto3


@contextmanager
def serving(*arguments, first_word="listening"):
    """A server on a free port: the process and its URL. It is killed at the end, where it still runs."""
    command = [sys.executable, "-m", "cogmock", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            url = re.search(rf"{first_word} on (http://\S+)", line)
            yield process, url and url[1]
        finally:
            process.kill()


def client(url, service="cognito-idp"):
    return boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
