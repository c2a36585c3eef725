"""The play of user pools: what administrators do."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from scripts.plays.pool_base import (
    EMAILS,
    GROUPS,
    PoolBase,
    administrators,
    names,
    passwords,
)


class Administrators(PoolBase):
    """Calls that are always allowed; each knows what comes of it."""

    @rule(name=names, by=administrators, email=st.sampled_from((*EMAILS, None)), force=st.booleans())
    def create(self, *, name: str, by: str, email: str | None, force: bool) -> None:
        self._create(name, by, email, force=force)

    @rule(name=names, by=administrators, password=passwords, permanent=st.sampled_from((True, True, False)))
    def set_password(self, *, name: str, by: str, password: str, permanent: bool) -> None:
        self._set_password(name, by, password, permanent=permanent)

    @rule(
        name=names,
        by=administrators,
        act=st.sampled_from(("Disable", "SignOut", "Delete", "Enable", "Enable")),
    )
    def administer(self, *, name: str, by: str, act: str) -> None:
        operation = {"SignOut": "AdminUserGlobalSignOut"}.get(act, f"Admin{act}User")
        person = self._expect(name, operation, by)
        if person is None:
            return
        if act == "Delete":
            self._gone(person)
        elif act == "SignOut":
            self._end(person, "its user was signed out")
        else:
            person.enabled = act == "Enable"
            if act == "Disable":
                self._end(person, "its user was disabled")

    @rule(
        name=names,
        by=administrators,
        group=st.sampled_from(GROUPS),
        act=st.sampled_from(("add", "add", "remove", "empty")),
    )
    def group(self, *, name: str, by: str, group: str, act: str) -> None:
        """A group that is deleted and made anew has no members."""
        if act == "empty":
            self.stage.idp("DeleteGroup", by, UserPoolId=self.pool, GroupName=group)
            self.stage.idp("CreateGroup", by, UserPoolId=self.pool, GroupName=group)
            for person in self.people.values():
                person.groups.discard(group)
            return
        operation = "AdminAddUserToGroup" if act == "add" else "AdminRemoveUserFromGroup"
        member = self._expect(name, operation, by, GroupName=group)
        if member:
            (member.groups.add if act == "add" else member.groups.discard)(group)

    @rule(name=names, by=administrators, email=st.sampled_from(EMAILS), verified=st.booleans())
    def change_address(self, *, name: str, by: str, email: str, verified: bool) -> None:
        told = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": str(verified).lower()}]
        self._try("AdminUpdateUserAttributes", by, Username=name, UserAttributes=told)

    @rule(mfa=st.sampled_from(("OFF", "OPTIONAL", "ON")), by=administrators)
    def set_mfa(self, *, mfa: str, by: str) -> None:
        self._set_mfa(mfa, by)

    @rule(
        tags=st.sampled_from(({}, {"a": "b"}, None)),
        protection=st.sampled_from(("INACTIVE", None)),
        length=st.sampled_from((6, 12, None)),
        verify=st.sampled_from((["email"], [], None)),
        by=administrators,
    )
    def update_pool(self, *, tags: Any, protection: Any, length: Any, verify: Any, by: str) -> None:
        """What an update does not name has its default afterwards, except what AWS keeps."""
        settings = {"UserPoolTags": tags, "DeletionProtection": protection}
        settings["Policies"] = length and {"PasswordPolicy": {"MinimumLength": length}}
        settings["UserAttributeUpdateSettings"] = (
            None if verify is None else {"AttributesRequireVerificationBeforeUpdate": verify}
        )
        given = {name: value for name, value in settings.items() if value is not None}
        before = self._described().get("UserAttributeUpdateSettings")
        device = {"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": False}
        kept = {
            "AutoVerifiedAttributes": ["email"],
            "DeviceConfiguration": device,
            "MfaConfiguration": self.mfa,
        }
        self.stage.idp("UpdateUserPool", by, UserPoolId=self.pool, **kept, **given)
        found = self._described()
        self.stage.demand(
            found["Policies"]["PasswordPolicy"]["MinimumLength"] == (length or 8), "another MinimumLength"
        )
        self.stage.demand(
            found.get("DeletionProtection", "INACTIVE") == "INACTIVE", "another DeletionProtection"
        )
        if tags is not None:
            self.stage.demand(found.get("UserPoolTags", {}) == tags, f"tags are {found.get('UserPoolTags')}")
        wanted = {"AttributesRequireVerificationBeforeUpdate": verify} if verify is not None else before
        shown = found.get("UserAttributeUpdateSettings")
        same = (shown or {}).get("AttributesRequireVerificationBeforeUpdate", []) == (wanted or {}).get(
            "AttributesRequireVerificationBeforeUpdate", []
        )
        self.stage.demand(same, f"UserAttributeUpdateSettings are {shown}, not {wanted}")

    @rule(
        minutes=st.sampled_from((5, 60, None)),
        scopes=st.sampled_from((["email"], None)),
        hides=st.sampled_from(("ENABLED", "LEGACY", None)),
    )
    def update_client(self, *, minutes: Any, scopes: Any, hides: Any) -> None:
        settings = {"IdTokenValidity": minutes, "ReadAttributes": scopes, "PreventUserExistenceErrors": hides}
        if minutes:
            settings["TokenValidityUnits"] = {"IdToken": "minutes"}
        given = {name: value for name, value in settings.items() if value is not None}
        about = {"UserPoolId": self.pool, "ClientId": self.other}
        self.stage.idp("UpdateUserPoolClient", **about, **given)
        found = self.stage.idp("DescribeUserPoolClient", **about)["UserPoolClient"]
        self.stage.demand(
            found.get("IdTokenValidity") == minutes, f"IdTokenValidity is {found.get('IdTokenValidity')}"
        )
        self.stage.demand(
            found.get("ReadAttributes") == scopes, f"ReadAttributes are {found.get('ReadAttributes')}"
        )
        if hides:
            self.stage.demand(
                found.get("PreventUserExistenceErrors") == hides, "another PreventUserExistenceErrors"
            )
