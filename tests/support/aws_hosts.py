"""AWS's own host names, led to a server as docs/aws-host-names.md says."""

from __future__ import annotations

import subprocess
import sys
import time

from cogmock.httpd.tls import authority_path

CA = ("NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "AWS_CA_BUNDLE")
"""The variables by which programs are told of the authority."""


def printed(url, form, *more):
    """What `cogmock hosts` prints in a form."""
    command = [sys.executable, "-m", "cogmock", "hosts", "--url", url, "--format", form, *more]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def environment(url, folder):
    """The variables of a Node.js program or a Python program for which AWS's names lead to the server."""
    script = folder / "aws-hosts.cjs"
    script.write_text(printed(url, "node"))
    (folder / "sitecustomize.py").write_text(printed(url, "python"))
    authority = str(authority_path(time.time))
    told = dict.fromkeys(CA, authority)
    return {"NODE_OPTIONS": f"--require {script}", "PYTHONPATH": str(folder), **told}
