"""The play of user pools: its pool, its users, and what must hold after every step."""

from __future__ import annotations

import base64
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from cogmock.crypto import totp
from scripts.plays.people import PASSWORDS, Code, Grave, Person, Session
from scripts.plays.stage import ADMINISTRATORS, Refused, Stage

NAMES = ("ada", "ben", "cyd")
EMAILS = ("a@example.com", "b@example.com")
GROUPS = ("staff", "press")
DAY = 86400.0
ACCESS, REFRESH = 3600.0, DAY

names = st.sampled_from(NAMES)
administrators = st.sampled_from(ADMINISTRATORS)
passwords = st.sampled_from(PASSWORDS)
numbers = st.integers(0, 1_000_000)


class PoolBase(RuleBasedStateMachine):
    """What all acts of the play use, and the invariants."""

    steps = 0

    @initialize(devices=st.booleans(), mfa=st.sampled_from(("OFF", "OPTIONAL", "ON")))
    def open(self, *, devices: bool, mfa: str) -> None:
        """`devices`: the pool remembers devices, so refresh tokens are bound to them."""
        self.stage = Stage()
        device = {"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": False}
        self.devices: dict[str, Any] = {"DeviceConfiguration": device} if devices else {}
        made = self.stage.idp(
            "CreateUserPool",
            PoolName="play",
            AliasAttributes=["email"],
            AutoVerifiedAttributes=["email"],
            **self.devices,
        )
        self.pool = made["UserPool"]["Id"]
        self.clients = {name: self._client(name) for name in ("web", "app")}
        self.other = self._client("other")
        for group in GROUPS:
            self.stage.idp("CreateGroup", UserPoolId=self.pool, GroupName=group)
        self.people: dict[str, Person] = {}
        self.sessions: list[Session] = []
        self.graves: list[Grave] = []
        self.codes: list[Code] = []
        self._next = 0
        self._set_mfa(mfa, ADMINISTRATORS[0])
        for name, email in zip(NAMES, EMAILS, strict=False):
            self._create(name, ADMINISTRATORS[0], email, force=False)
            self._set_password(name, ADMINISTRATORS[0], PASSWORDS[0], permanent=True)

    def _client(self, name: str) -> str:
        more: dict[str, Any] = {}
        if name == "app":
            more["RefreshTokenRotation"] = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
        else:
            more["ExplicitAuthFlows"] = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        return str(
            self.stage.idp(
                "CreateUserPoolClient",
                UserPoolId=self.pool,
                ClientName=name,
                AccessTokenValidity=60,
                RefreshTokenValidity=24,
                TokenValidityUnits={"AccessToken": "minutes", "RefreshToken": "hours"},
                **({"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]} | more),
            )["UserPoolClient"]["ClientId"]
        )

    def teardown(self) -> None:
        if hasattr(self, "pool"):
            # A pool that is deleted gives its keys back to the stock.
            self.stage.idp("DeleteUserPool", UserPoolId=self.pool)

    def _create(self, name: str, by: str, email: str | None, *, force: bool) -> None:
        told = (
            [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}] if email else []
        )
        more: dict[str, Any] = {"ForceAliasCreation": True} if force else {}
        given: dict[str, Any] = {
            "TemporaryPassword": PASSWORDS[0],
            "MessageAction": "SUPPRESS",
            "UserAttributes": told,
        }
        made = self._try("AdminCreateUser", by, Username=name, **given, **more)
        self.stage.demand((made is None) or name not in self.people, f"a second {name} was created")
        if made is not None:
            self.people[name] = Person(name, PASSWORDS[0], "FORCE_CHANGE_PASSWORD")

    def _set_password(self, name: str, by: str, password: str, *, permanent: bool) -> None:
        person = self._expect(name, "AdminSetUserPassword", by, Password=password, Permanent=permanent)
        if person:
            person.password = password
            person.status = "CONFIRMED" if permanent else "FORCE_CHANGE_PASSWORD"

    def _set_mfa(self, mfa: str, by: str) -> None:
        factor = {} if mfa == "OFF" else {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
        self.stage.idp("SetUserPoolMfaConfig", by, UserPoolId=self.pool, MfaConfiguration=mfa, **factor)
        self.mfa = mfa

    @invariant()
    def no_dead_token_works(self) -> None:
        type(self).steps += 1
        for _ in range(min(2, len(getattr(self, "graves", ())))):
            grave = self.graves[self._next % len(self.graves)]
            self._next += 1
            self._check_dead(grave)

    @invariant()
    def an_address_has_one_verified_holder(self) -> None:
        if not hasattr(self, "pool"):
            return
        users = self.stage.idp("ListUsers", UserPoolId=self.pool)["Users"]
        listed = [user["Username"] for user in users]
        self.stage.demand(
            sorted(listed) == sorted(self.people), f"the users are {listed}, not {[*self.people]}"
        )
        held: dict[str, str] = {}
        for user in users:
            attributes = {of["Name"]: of["Value"] for of in user["Attributes"]}
            email = attributes.get("email")
            if email and attributes.get("email_verified") == "true":
                self.stage.demand(
                    email not in held, f"{email} is verified for {held.get(email)} and {user['Username']}"
                )
                held[email] = user["Username"]
            person = self.people[user["Username"]]
            self.stage.demand(user["UserStatus"] == person.status, f"{person.name} is {user['UserStatus']}")
            self.stage.demand(
                user["Enabled"] == person.enabled, f"Enabled of {person.name} is {user['Enabled']}"
            )

    def _described(self) -> dict[str, Any]:
        found: dict[str, Any] = self.stage.idp("DescribeUserPool", UserPoolId=self.pool)["UserPool"]
        return found

    def _try(
        self, operation: str, by: str | None, *, pool: bool = True, **params: Any
    ) -> dict[str, Any] | None:
        """The answer, or None where the call is refused."""
        about = {"UserPoolId": self.pool} if pool else {}
        try:
            return self.stage.idp(operation, by, **about, **params)
        except Refused:
            return None

    def _expect(self, name: str, operation: str, by: str, **params: Any) -> Person | None:
        """The user of a call that an administrator may always make; None, and a refusal, where nobody has the name."""
        person = self.people.get(name)
        done = self._try(operation, by, Username=name, **params)
        self.stage.demand((done is not None) == (person is not None), f"{operation} for {name}: {done}")
        return person

    def _with_token(self, session: Session, operation: str, *, refusable: bool = False, **params: Any) -> Any:
        """The answer of a user's own call: it must come for a good token, and for no other."""
        answer = self._try(operation, None, pool=False, AccessToken=session.access, **params)
        why = session.ended or ("it is expired" if session.access_ends <= self.stage.now else "")
        if answer is None:
            self.stage.demand(why or refusable, f"{operation} refused a good access token")
        else:
            self.stage.demand(not why, f"{operation} took an access token although {why}")
        return answer

    def _picked(self, number: int) -> Session:
        """One of the sessions, the newest ones more often."""
        recent = self.sessions[-4:] if number % 3 else self.sessions
        return recent[number % len(recent)]

    def _totp(self, secret: str) -> str:
        """A code that was not used yet: each is taken once."""
        self.stage.advance(31)
        return totp.code_at(base64.b32decode(secret + "=" * (-len(secret) % 8)), int(self.stage.now // 30))

    def _refreshed(self, session: Session | Grave, through: str, device: str | None) -> Any:
        token = session.token if isinstance(session, Grave) else session.refresh
        if through == "InitiateAuth":
            parameters = {"REFRESH_TOKEN": token} | ({"DEVICE_KEY": device} if device else {})
            flow = {"ClientId": self.clients[session.client], "AuthFlow": "REFRESH_TOKEN_AUTH"}
            answer = self._try("InitiateAuth", None, pool=False, AuthParameters=parameters, **flow)
        else:
            more = {"DeviceKey": device} if device else {}
            client = self.clients[session.client]
            answer = self._try(through, None, pool=False, RefreshToken=token, ClientId=client, **more)
        return answer and answer["AuthenticationResult"]

    def _check_dead(self, grave: Grave) -> None:
        if grave.kind == "access":
            worked = self._try("GetUser", None, pool=False, AccessToken=grave.token)
        else:
            through = "GetTokensFromRefreshToken" if grave.client == "app" else "InitiateAuth"
            worked = self._refreshed(grave, through, grave.device)
        self.stage.demand(worked is None, f"a {grave.kind} token works although {grave.why}")

    def _bury(self, kind: str, session: Session, why: str) -> None:
        token = session.access if kind == "access" else session.refresh
        if all(grave.token != token for grave in self.graves):
            self.graves.append(Grave(kind, token, session.client, session.device, why))

    def _end_one(self, session: Session, why: str) -> None:
        session.ended = session.ended or why
        self._bury("access", session, why)
        self._bury("refresh", session, why)

    def _end(self, person: Person, why: str) -> None:
        for session in self.sessions:
            if session.person is person:
                self._end_one(session, why)

    def _gone(self, person: Person) -> None:
        self._end(person, "its user was deleted")
        del self.people[person.name]
        for code in self.codes:
            code.used = code.used or code.name == person.name
