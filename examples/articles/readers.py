"""Readers: guests and signed-in users, each with their own temporary credentials."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
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
