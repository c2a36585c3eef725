"""The key `password_hash` of a user: the hash of a password in another system."""

from __future__ import annotations

import hashlib
from base64 import b64encode

import pytest

from cogmock.definitions.faults import InvalidConfig

PASSWORD = "tr0ub4dor&3"
HASH = (
    "pbkdf2_sha256$10$salt$"
    + b64encode(hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"salt", 10)).decode()
)
POOL = {
    "id": "us-east-1_Shop",
    "PoolName": "shop",
    "clients": [{"id": "web", "ClientName": "web", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]}],
    "users": [{"Username": "ada", "password_hash": HASH}],
}


def sign_in(documents):
    return documents.idp.initiate_auth(
        ClientId="web",
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ada", "PASSWORD": PASSWORD},
    )["AuthenticationResult"]


def test_the_old_password_signs_in_and_stays(documents, cognito):
    cognito.apply({"pools": [POOL]})
    assert documents.user("ada")["UserStatus"] == "CONFIRMED"
    assert sign_in(documents)
    report = cognito.apply({"pools": [POOL]})
    assert {change.change for change in report.changes if change.kind == "user"} == {"unchanged"}
    assert sign_in(documents)


def test_it_is_exported_with_secrets_and_comes_back(documents, cognito):
    cognito.apply({"pools": [POOL]})
    (pool,) = cognito.export(secrets=True)["pools"]
    assert pool["users"][0]["password_hash"] == HASH
    assert "password_hash" not in cognito.export()["pools"][0]["users"][0]
    cognito.reset()
    cognito.apply({"pools": [pool]})
    assert sign_in(documents)


def test_what_is_no_hash_is_a_fault(cognito):
    users = [{"Username": "ada", "password_hash": "secret"}]
    with pytest.raises(
        InvalidConfig, match="a password hash is one of BCRYPT, ARGON2ID, SCRYPT, PBKDF2_SHA256"
    ):
        cognito.apply({"pools": [{**POOL, "users": users}]})


@pytest.mark.parametrize("text", [HASH, "secret"])
def test_a_csv_file_may_have_them(documents, cognito, tmp_path, text):
    (tmp_path / "users.csv").write_text(f"cognito:username,password_hash\nada,{text}\ngrace,\n")
    pool = {**POOL, "users": [], "import": str(tmp_path / "users.csv")}
    if text != HASH:
        with pytest.raises(InvalidConfig, match="a password hash is one of"):
            cognito.apply({"pools": [pool]})
        return
    cognito.apply({"pools": [pool]})
    assert sign_in(documents)
    assert documents.user("grace")["UserStatus"] == "RESET_REQUIRED"
