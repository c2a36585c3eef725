"""The play of user pools: two administrators, three users, two clients, a device each, and the clock."""

from __future__ import annotations

import base64
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from scripts.plays.pool_base import (
    ACCESS,
    REFRESH,
    numbers,
    passwords,
)
from scripts.plays.sign_ins import SignIns


class UserPoolPlay(SignIns):
    """Users with tokens. The rules of the classes beneath belong to it."""

    @rule(
        number=numbers,
        through=st.sampled_from(("InitiateAuth", "GetTokensFromRefreshToken")),
        keyed=st.booleans(),
    )
    @precondition(lambda self: self.sessions)
    def refresh(self, *, number: int, through: str, keyed: bool) -> None:
        session = self._picked(number)
        answer = self._refreshed(session, through, session.device if keyed else None)
        why = session.ended or ("it is expired" if session.refresh_ends <= self.stage.now else "")
        if session.device and not session.confirmed:
            why = why or "its device is not confirmed"
        elif session.device and not keyed:
            why = why or "its device is not named"
        if answer is None:
            other = through != ("GetTokensFromRefreshToken" if session.client == "app" else "InitiateAuth")
            self.stage.demand(why or other, "a good refresh token was refused")
            return
        self.stage.demand(not why, f"a refresh token was taken although {why}")
        session.access, session.access_ends = answer["AccessToken"], self.stage.now + ACCESS
        if session.client == "app":
            self.stage.demand(answer["RefreshToken"] != session.refresh, "a refresh token was not rotated")
            self._bury("refresh", session, "it was rotated")
            session.refresh = answer["RefreshToken"]
        self._check_groups(session, answer)

    @rule(number=numbers)
    @precondition(lambda self: self.sessions)
    def revoke(self, *, number: int) -> None:
        session = self._picked(number)
        self.stage.idp("RevokeToken", None, Token=session.refresh, ClientId=self.clients[session.client])
        self._end_one(session, "it was revoked")

    @rule(number=numbers)
    @precondition(lambda self: self.sessions)
    def sign_out(self, *, number: int) -> None:
        session = self._picked(number)
        if self._with_token(session, "GlobalSignOut") is not None:
            self._end(session.person, "its user signed out")

    @rule(number=numbers, password=passwords)
    @precondition(lambda self: self.sessions)
    def change_password(self, *, number: int, password: str) -> None:
        session = self._picked(number)
        old = session.person.password
        asked: dict[str, Any] = {"PreviousPassword": old, "ProposedPassword": password}
        if self._with_token(session, "ChangePassword", **asked) is not None:
            session.person.password = password

    @rule(number=numbers)
    @precondition(lambda self: any(session.device and not session.confirmed for session in self.sessions))
    def confirm_device(self, *, number: int) -> None:
        session = self._picked(number)
        if not session.device:
            return
        salt, verifier = base64.b64encode(b"s" * 16).decode(), base64.b64encode(b"v" * 384).decode()
        secrets = {"Salt": salt, "PasswordVerifier": verifier}
        given: dict[str, Any] = {"DeviceKey": session.device, "DeviceSecretVerifierConfig": secrets}
        if self._with_token(session, "ConfirmDevice", refusable=True, **given) is not None:
            session.confirmed = True

    @rule(number=numbers)
    @precondition(lambda self: self.sessions)
    def forget_device(self, *, number: int) -> None:
        session = self._picked(number)
        if not session.device or not session.confirmed:
            return
        done = self._with_token(session, "ForgetDevice", refusable=True, DeviceKey=session.device)
        if done is not None:
            self._bury("refresh", session, "its device was forgotten")
            session.confirmed = False

    @rule(number=numbers, verifies=st.booleans(), prefers=st.booleans())
    @precondition(lambda self: self.sessions and self.mfa != "OFF")
    def set_up_authenticator(self, *, number: int, verifies: bool, prefers: bool) -> None:
        """From the moment that a new secret is handed out the old one is out, until the new one is verified."""
        session = self._picked(number)
        person = session.person
        given = self._with_token(session, "AssociateSoftwareToken")
        if given is None:
            return
        person.secret = None
        if not verifies:
            return
        code = self._totp(given["SecretCode"])
        if self._with_token(session, "VerifySoftwareToken", refusable=True, UserCode=code) is None:
            return
        person.secret = given["SecretCode"]
        wanted = {"Enabled": prefers, "PreferredMfa": prefers}
        if (
            self._with_token(session, "SetUserMFAPreference", refusable=True, SoftwareTokenMfaSettings=wanted)
            is not None
        ):
            person.prefers_totp = prefers

    @rule(number=numbers)
    @precondition(lambda self: self.sessions)
    def leave(self, *, number: int) -> None:
        session = self._picked(number)
        if self._with_token(session, "DeleteUser") is not None:
            self._gone(session.person)

    @rule(seconds=st.sampled_from((1.0, 301.0, ACCESS + 1, REFRESH + 1)))
    def time_passes(self, *, seconds: float) -> None:
        self.stage.advance(seconds)
        for session in self.sessions:
            if session.access_ends <= self.stage.now:
                self._bury("access", session, "it is expired")
            if session.refresh_ends <= self.stage.now:
                self._bury("refresh", session, "it is expired")
