"""`cogmock ca`: the certificate of the local authority, and how programs are made to trust it."""

from __future__ import annotations

import argparse
import json
import shlex
from http.client import HTTPSConnection
from pathlib import Path

HINT = """\
Node.js             export NODE_EXTRA_CA_CERTS={path}
requests            export REQUESTS_CA_BUNDLE={path}
httpx, urllib, Go   export SSL_CERT_FILE={path}
boto3, AWS CLI      export AWS_CA_BUNDLE={path}
curl                curl --cacert {path} …
Java                keytool -importcert -noprompt -cacerts -storepass changeit -alias cogmock -file {path}
Chromium on Linux   certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n cogmock -i {path}
Firefox             Settings, Certificates, Authorities, Import: {path}
Debian, Ubuntu      sudo cp {path} /usr/local/share/ca-certificates/cogmock.crt && sudo update-ca-certificates
macOS               sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain {path}
Windows             certutil -user -addstore Root {path}

REQUESTS_CA_BUNDLE, SSL_CERT_FILE and AWS_CA_BUNDLE replace the authorities of the system."""


def run(options: argparse.Namespace) -> int:
    from cogmock.core.clock import Clock
    from cogmock.httpd.tls import authority_path

    path = authority_path(Clock().real)
    if options.json:
        print(json.dumps({"path": str(path)}))
    else:
        print(hint(path) if options.install_hint else path)
    return 0


def connected(host: str, port: int, patience: float) -> HTTPSConnection:
    """A connection over TLS that trusts the local authority beside those of the system. It is not open yet."""
    import ssl

    from cogmock.core.clock import Clock
    from cogmock.httpd.tls import authority_path

    context = ssl.create_default_context()
    context.load_verify_locations(authority_path(Clock().real))
    return HTTPSConnection(host, port, timeout=patience, context=context)


def hint(path: Path | str) -> str:
    """A line for each program or system: what makes it trust the authority."""
    return HINT.format(path=shlex.quote(str(path)))
