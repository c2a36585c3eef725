"""The play of identity pools: guests, users of a user pool and of a back end, and roles whose policies change."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scripts.plays.people import PASSWORDS
from scripts.plays.stage import REGION, Refused, Stage

NAMES = ("ada", "ben")
DEVELOPER = "dev.play"
OBJECT = "arn:aws:s3:::articles/a"
ROLES = ("member", "guest")
HOUR = 3600.0

numbers = st.integers(0, 1_000_000)
names = st.sampled_from(NAMES)


@dataclass(eq=False)
class Issued:
    """Temporary credentials, and whose they are."""

    credentials: dict[str, Any]
    role: str
    ends: float


class IdentityPoolPlay(RuleBasedStateMachine):
    """An identity stays with whom it belongs to; `owners` has the logins of each, none for a guest's."""

    steps = 0

    @initialize()
    def open(self) -> None:
        self.stage = Stage()
        self.user_pool = self.stage.idp("CreateUserPool", PoolName="play")["UserPool"]["Id"]
        flows = ["ALLOW_USER_PASSWORD_AUTH"]
        made = self.stage.idp(
            "CreateUserPoolClient", UserPoolId=self.user_pool, ClientName="web", ExplicitAuthFlows=flows
        )
        self.client = made["UserPoolClient"]["ClientId"]
        self.provider = f"cognito-idp.{REGION}.amazonaws.com/{self.user_pool}"
        for name in NAMES:
            self.stage.idp(
                "AdminCreateUser", UserPoolId=self.user_pool, Username=name, MessageAction="SUPPRESS"
            )
            given: dict[str, Any] = {"Username": name, "Password": PASSWORDS[0], "Permanent": True}
            self.stage.idp("AdminSetUserPassword", UserPoolId=self.user_pool, **given)
        self.settings: dict[str, Any] = {
            "IdentityPoolName": "play",
            "DeveloperProviderName": DEVELOPER,
            "CognitoIdentityProviders": [{"ProviderName": self.provider, "ClientId": self.client}],
        }
        created = self.stage.identity(
            "CreateIdentityPool", AllowUnauthenticatedIdentities=True, **self.settings
        )
        self.pool = created["IdentityPoolId"]
        self.guests = True
        self.allowed: dict[str, str] = {}
        for role in ROLES:
            self.stage.iam("CreateRole", RoleName=role, AssumeRolePolicyDocument=self._trust(role))
            self._set_policy(role, "Allow")
        arns = {"authenticated": self._arn("member"), "unauthenticated": self._arn("guest")}
        self.stage.identity("SetIdentityPoolRoles", IdentityPoolId=self.pool, Roles=arns)
        self.owners: dict[str, set[str]] = {}
        self.gone: set[str] = set()
        self.issued: list[Issued] = []

    def teardown(self) -> None:
        if hasattr(self, "user_pool"):
            self.stage.idp("DeleteUserPool", UserPoolId=self.user_pool)

    @rule()
    def come_as_guest(self) -> None:
        answer = self._try("GetId", IdentityPoolId=self.pool)
        self.stage.demand(
            (answer is not None) == self.guests, "a guest's identity against the pool's setting"
        )
        if answer:
            self._new(answer["IdentityId"], set())

    @rule(name=names)
    def come_with_login(self, *, name: str) -> None:
        found = self.stage.identity("GetId", by=None, IdentityPoolId=self.pool, Logins=self._logins(name))
        self._belongs(found["IdentityId"], name)

    @rule(name=names)
    def come_by_developer(self, *, name: str) -> None:
        found = self.stage.identity(
            "GetOpenIdTokenForDeveloperIdentity", IdentityPoolId=self.pool, Logins={DEVELOPER: f"back-{name}"}
        )
        self._belongs(found["IdentityId"], f"back-{name}")

    @rule(number=numbers, name=names)
    @precondition(lambda self: self.owners)
    def link(self, *, number: int, name: str) -> None:
        """A login with an identity's id: it joins a free one, which may merge two, and never one of another user."""
        of = self._picked(number)
        answer = self._try("GetCredentialsForIdentity", IdentityId=of, Logins=self._logins(name))
        holder = self._holder(name)
        others = self.owners[of] if name not in self.owners[of] else set()
        if answer is None:
            self.stage.demand(others, f"{name} was refused an identity of nobody else")
            return
        survivor = answer["IdentityId"]
        self.stage.demand(not others, f"the identity of {others} was given to {name}")
        self.stage.demand(survivor in {of, holder}, f"{name} got the identity of nobody: {survivor}")
        for other in {of, holder} - {survivor, None}:
            self.owners[survivor] |= self.owners.pop(str(other))
            self.gone.add(str(other))
        self.owners[survivor].add(name)
        self._keep(answer["Credentials"], "member")

    @rule(number=numbers)
    @precondition(lambda self: self.owners)
    def take_credentials_as_guest(self, *, number: int) -> None:
        of = self._picked(number)
        answer = self._try("GetCredentialsForIdentity", IdentityId=of)
        free = not self.owners[of] and self.guests
        self.stage.demand(
            (answer is not None) == free, f"credentials without a login: {answer is not None}, not {free}"
        )
        if answer:
            self._keep(answer["Credentials"], "guest")

    @rule(name=names)
    def take_credentials(self, *, name: str) -> None:
        logins = self._logins(name)
        of = self.stage.identity("GetId", by=None, IdentityPoolId=self.pool, Logins=logins)["IdentityId"]
        self._belongs(of, name)
        answer = self.stage.identity("GetCredentialsForIdentity", by=None, IdentityId=of, Logins=logins)
        self._keep(answer["Credentials"], "member")

    @rule(number=numbers, name=names)
    @precondition(lambda self: self.owners)
    def unlink(self, *, number: int, name: str) -> None:
        of = self._picked(number)
        remove = {"Logins": self._logins(name), "LoginsToRemove": [self.provider]}
        answer = self._try("UnlinkIdentity", IdentityId=of, **remove)
        self.stage.demand(
            answer is None or name in self.owners[of], f"{name} unlinked the identity of another user"
        )
        if answer is not None:
            self._without(of, name)

    @rule(name=names, other=names)
    def merge(self, *, name: str, other: str) -> None:
        """The identities of two developer's users become one."""
        users = {"SourceUserIdentifier": f"back-{name}", "DestinationUserIdentifier": f"back-{other}"}
        answer = self._try(
            "MergeDeveloperIdentities", DeveloperProviderName=DEVELOPER, IdentityPoolId=self.pool, **users
        )
        if answer is None:
            return
        source, target = self._holder(f"back-{name}"), self._holder(f"back-{other}")
        self.stage.demand(
            source is not None and target is not None, "identities were merged that were not there"
        )
        if source is not None and target is not None:
            self.stage.demand(answer["IdentityId"] == target, "a merge made another identity")
            if source != target:
                self.owners[target] |= self.owners.pop(source)
                self.gone.add(source)

    @rule(number=numbers)
    @precondition(lambda self: self.owners)
    def delete(self, *, number: int) -> None:
        of = self._picked(number)
        self.stage.identity("DeleteIdentities", IdentityIdsToDelete=[of])
        del self.owners[of]
        self.gone.add(of)

    @rule(guests=st.booleans())
    def set_guests(self, *, guests: bool) -> None:
        self.stage.identity(
            "UpdateIdentityPool",
            IdentityPoolId=self.pool,
            AllowUnauthenticatedIdentities=guests,
            **self.settings,
        )
        self.guests = guests

    @rule(role=st.sampled_from(ROLES), effect=st.sampled_from(("Allow", "Deny")))
    def edit_policy(self, *, role: str, effect: str) -> None:
        self._set_policy(role, effect)
        for issued in self.issued:
            self._check(issued)

    @rule(seconds=st.sampled_from((60.0, HOUR + 1)))
    def time_passes(self, *, seconds: float) -> None:
        self.stage.advance(seconds)

    @invariant()
    def credentials_are_decided_by_their_own_role(self) -> None:
        type(self).steps += 1
        for issued in getattr(self, "issued", ())[-2:]:
            self._check(issued)

    @invariant()
    def identities_are_those_that_were_made(self) -> None:
        if not hasattr(self, "pool"):
            return
        listed = self.stage.identity(
            "ListIdentities", IdentityPoolId=self.pool, MaxResults=60, HideDisabled=True
        )["Identities"]
        found = {each["IdentityId"]: set(each.get("Logins", ())) for each in listed}
        self.stage.demand(
            found.keys() == self.owners.keys(), f"the identities are {[*found]}, not {[*self.owners]}"
        )
        for of, owners in self.owners.items():
            wanted = {DEVELOPER if owner.startswith("back-") else self.provider for owner in owners}
            self.stage.demand(found[of] == wanted, f"the logins of {of} are {found[of]}, not {wanted}")

    def _try(self, operation: str, **params: Any) -> dict[str, Any] | None:
        try:
            return self.stage.identity(operation, **params)
        except Refused:
            return None

    def _picked(self, number: int) -> str:
        return list(self.owners)[number % len(self.owners)]

    def _holder(self, owner: str) -> str | None:
        return next((of for of, owners in self.owners.items() if owner in owners), None)

    def _belongs(self, of: str, owner: str) -> None:
        """An owner has the same identity each time."""
        before = self._holder(owner)
        if before is None:
            self._new(of, {owner})
        else:
            self.stage.demand(of == before, f"{owner} had the identity {before} and has {of}")

    def _new(self, of: str, owners: set[str]) -> None:
        self.stage.demand(of not in self.owners, "a new user got an identity that exists")
        self.stage.demand(of not in self.gone, "a new user got an identity that was deleted")
        self.owners[of] = owners

    def _without(self, of: str, owner: str) -> None:
        """An identity without logins stays, disabled: it is nobody's, and no guest's."""
        self.owners[of].discard(owner)
        if not self.owners[of]:
            del self.owners[of]
            self.gone.add(of)

    def _logins(self, name: str) -> dict[str, str]:
        given = {"USERNAME": name, "PASSWORD": PASSWORDS[0]}
        flow = {"ClientId": self.client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": given}
        tokens = self.stage.idp("InitiateAuth", by=None, **flow)["AuthenticationResult"]
        return {self.provider: tokens["IdToken"]}

    def _keep(self, given: dict[str, Any], role: str) -> None:
        plain = {name: given[name] for name in ("AccessKeyId", "SecretKey", "SessionToken")}
        issued = Issued(plain, role, self.stage.now + HOUR)
        self.issued.append(issued)
        self._check(issued)

    def _check(self, issued: Issued) -> None:
        answer = self.stage.authorize(issued.credentials, "s3:GetObject", OBJECT)
        if issued.ends <= self.stage.now:
            self.stage.demand(answer.get("error") == "ExpiredToken", f"expired credentials: {answer}")
            return
        self.stage.demand(answer.get("role_arn") == self._arn(issued.role), f"a {issued.role} has {answer}")
        wanted = "allowed" if self.allowed[issued.role] == "Allow" else "explicitDeny"
        self.stage.demand(
            answer["decision"] == wanted, f"a {issued.role} is {answer['decision']}, not {wanted}"
        )

    def _set_policy(self, role: str, effect: str) -> None:
        statement = {"Effect": effect, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::articles/*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.stage.iam("PutRolePolicy", RoleName=role, PolicyName="own", PolicyDocument=document)
        self.allowed[role] = effect

    def _trust(self, role: str) -> str:
        """Each role may be had by its own kind alone."""
        cognito = "cognito-identity.amazonaws.com"
        amr = "authenticated" if role == "member" else "unauthenticated"
        condition = {
            "StringEquals": {f"{cognito}:aud": self.pool},
            "ForAnyValue:StringLike": {f"{cognito}:amr": amr},
        }
        statement = {
            "Effect": "Allow",
            "Principal": {"Federated": cognito},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": condition,
        }
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    def _arn(self, role: str) -> str:
        return f"arn:aws:iam::123456789012:role/{role}"
