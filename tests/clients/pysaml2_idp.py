"""An identity provider made of pysaml2, as a program: what it is asked comes on standard input, in JSON.

`metadata` prints its metadata; `respond` prints the response to a SAMLRequest, in base64.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from pathlib import Path

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

ENTITY = "https://idp.example/pysaml2"


def config(folder, metadata=None):
    made = {
        "entityid": ENTITY,
        "xmlsec_binary": "/usr/bin/xmlsec1",
        "key_file": str(folder / "key.pem"),
        "cert_file": str(folder / "cert.pem"),
        "service": {
            "idp": {
                "endpoints": {"single_sign_on_service": [(f"{ENTITY}/sso", BINDING_HTTP_REDIRECT)]},
                "name_id_format": ["urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"],
                "policy": {"default": {"lifetime": {"minutes": 5}, "attribute_restrictions": None}},
                "sign_assertion": True,
            }
        },
        "metadata": {"inline": [metadata]} if metadata else {},
    }
    return IdPConfig().load(made)


def main():
    asked = json.load(sys.stdin)
    folder = Path(asked["folder"])
    if asked["do"] == "metadata":
        print(entity_descriptor(config(folder)))
        return
    server = Server(config=config(folder, asked["sp_metadata"]))
    request = server.parse_authn_request(asked["request"], BINDING_HTTP_REDIRECT)
    arguments = server.response_args(request.message, [BINDING_HTTP_POST])
    response = server.create_authn_response(
        identity={"mail": ["ada@corp.example"], "givenName": ["Ada"]},
        userid="ada",
        authn={"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"},
        sign_alg=SIG_RSA_SHA256,
        digest_alg=DIGEST_SHA256,
        sign_response=asked.get("sign_response", False),
        sign_assertion=asked.get("sign_assertion", True),
        **arguments,
    )
    print(b64encode(str(response).encode()).decode())


if __name__ == "__main__":
    main()
