"""Readers: guests and signed-in users, each with their own temporary credentials."""

from __future__ import annotations

import json
import os
import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from examples.articles.provision import SUBSCRIBERS, Settings
from examples.articles.shelf import BUCKET

EARLY = timedelta(minutes=5)
"""Credentials are renewed this long before they expire."""
MOST = 10_000
"""The maximum number of sessions that are kept."""


@dataclass(slots=True)
class Reader:
    """The session of a browser's cookie. Without a name it is a guest's."""

    name: str = ""
    id_token: str = ""
    refresh_token: str = ""
    credentials: dict[str, Any] | None = None
    lock: Lock = field(default_factory=Lock)


class Readers:
    """All readers, and their tokens and credentials."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: dict[str, Reader] = {}
        unsigned = Config(signature_version=UNSIGNED)
        self._idp = boto3.client("cognito-idp", config=unsigned)
        self._identity = boto3.client("cognito-identity", config=unsigned)

    def find(self, cookie: str) -> Reader:
        return self._known.get(cookie) or Reader()

    def sign_in(self, name: str, password: str) -> str | None:
        """A new cookie, or None if name or password is wrong."""
        try:
            answer = self._idp.initiate_auth(
                ClientId=self._settings.client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": name, "PASSWORD": password},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NotAuthorizedException", "UserNotFoundException"}:
                return None
            raise
        tokens = answer["AuthenticationResult"]
        return self.remember(Reader(name, tokens["IdToken"], tokens["RefreshToken"]))

    def remember(self, reader: Reader) -> str:
        if len(self._known) >= MOST:
            self._known.pop(next(iter(self._known)))
        cookie = secrets.token_urlsafe(32)
        self._known[cookie] = reader
        return cookie

    def forget(self, cookie: str) -> None:
        self._known.pop(cookie, None)

    def subscribe(self, reader: Reader) -> None:
        """Adds the reader to the group and fetches a new ID token, which contains the group's role."""
        boto3.client("cognito-idp").admin_add_user_to_group(
            UserPoolId=self._settings.user_pool_id, Username=reader.name, GroupName=SUBSCRIBERS
        )
        self._renew(reader)

    def article(self, reader: Reader, key: str) -> str | None:
        """The content of a key, or None if the reader may not read it."""
        try:
            return self._s3(reader).get_object(Bucket=BUCKET, Key=key)["Body"].read().decode()
        except ClientError as error:
            if error.response["Error"]["Code"] == "AccessDenied":
                return None
            raise

    def letters(self) -> list[dict[str, Any]]:
        """The printed letters, which everybody may read."""
        status, content = fetched("GET", "/letters")
        return content["letters"] if status == 200 else []

    def write(self, reader: Reader, text: str) -> bool:
        """Sends a letter with the reader's ID token. False where the API refuses it."""
        status = self._posted(reader, text)
        if status == 401 and reader.name:
            self._renew(reader)
            status = self._posted(reader, text)
        return status == 201

    def _posted(self, reader: Reader, text: str) -> int:
        token = {"Authorization": f"Bearer {reader.id_token}"} if reader.id_token else {}
        return fetched("POST", "/letters", {"text": text}, token)[0]

    def drawer(self, reader: Reader) -> list[dict[str, Any]] | None:
        """The letters that are not printed, or None where the reader's credentials do not open the drawer."""
        status, content = fetched("GET", "/drawer", signer=self._credentials(reader))
        return content["letters"] if status == 200 else None

    def picture(self, reader: Reader, key: str) -> str:
        """A presigned URL from which the browser fetches, valid for a few minutes."""
        url: str = self._s3(reader).generate_presigned_url(
            "get_object", Params={"Bucket": BUCKET, "Key": key}, ExpiresIn=300
        )
        return url

    def _s3(self, reader: Reader) -> Any:
        credentials = self._credentials(reader)
        return boto3.client(
            "s3",
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretKey"],
            aws_session_token=credentials["SessionToken"],
            config=Config(signature_version="s3v4"),
        )

    def _credentials(self, reader: Reader) -> dict[str, Any]:
        with reader.lock:
            held = reader.credentials
            if held is None or held["Expiration"] - EARLY < datetime.now(UTC):
                if held is not None and reader.name:
                    self._renew(reader)
                reader.credentials = held = self._fetched(reader)
            return held

    def _fetched(self, reader: Reader) -> dict[str, Any]:
        logins = {"Logins": {self._settings.provider: reader.id_token}} if reader.name else {}
        identity_id = self._identity.get_id(IdentityPoolId=self._settings.identity_pool_id, **logins)[
            "IdentityId"
        ]
        got = self._identity.get_credentials_for_identity(IdentityId=identity_id, **logins)
        credentials: dict[str, Any] = got["Credentials"]
        return credentials

    def _renew(self, reader: Reader) -> None:
        answer = self._idp.initiate_auth(
            ClientId=self._settings.client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": reader.refresh_token},
        )
        reader.id_token = answer["AuthenticationResult"]["IdToken"]
        reader.credentials = None


def fetched(
    method: str,
    path: str,
    content: Any = None,
    headers: dict[str, str] | None = None,
    signer: dict[str, Any] | None = None,
) -> tuple[int, Any]:
    """Status and content of a call to the API of letters, signed where there are credentials."""
    url = os.environ["LETTERS_URL"] + path
    body = None if content is None else json.dumps(content).encode()
    given = {"Content-Type": "application/json"} | (headers or {})
    if signer is not None:
        made = AWSRequest(method, url, data=body, headers=given)
        keys = Credentials(signer["AccessKeyId"], signer["SecretKey"], signer["SessionToken"])
        SigV4Auth(keys, "execute-api", os.environ["AWS_DEFAULT_REGION"]).add_auth(made)
        given = dict(made.headers.items())
    request = urllib.request.Request(url, body, given, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.status, json.load(refused)
