"""The play of user pools: sign-ups, codes and sign-ins."""

from __future__ import annotations

import base64
import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from scripts.plays.administrators import Administrators
from scripts.plays.people import PASSWORDS, Code, Person, Session
from scripts.plays.pool_base import (
    ACCESS,
    EMAILS,
    REFRESH,
    names,
    numbers,
    passwords,
)

PURPOSES = ("ConfirmSignUp", "ConfirmForgotPassword", "VerifyUserAttribute")


class SignIns(Administrators):
    """Users without tokens."""

    @rule(name=names, email=st.sampled_from((*EMAILS, None)), uses=st.booleans())
    def sign_up(self, *, name: str, email: str | None, uses: bool) -> None:
        told = [{"Name": "email", "Value": email}] if email else []
        given = {
            "ClientId": self.clients["web"],
            "Username": name,
            "Password": PASSWORDS[0],
            "UserAttributes": told,
        }
        made = self._try("SignUp", None, pool=False, **given)
        self.stage.demand(made is None or name not in self.people, f"a second {name} signed up")
        if made is not None:
            self.people[name] = Person(name, PASSWORDS[0], "UNCONFIRMED")
            self._sent(name, "ConfirmSignUp", uses=uses)

    @rule(name=names, uses=st.booleans())
    def forget_password(self, *, name: str, uses: bool) -> None:
        if (
            self._try("ForgotPassword", None, pool=False, ClientId=self.clients["web"], Username=name)
            is not None
        ):
            self._sent(name, "ConfirmForgotPassword", uses=uses)

    @rule(number=numbers, uses=st.booleans())
    @precondition(lambda self: self.sessions)
    def ask_for_verification(self, *, number: int, uses: bool) -> None:
        session = self._picked(number)
        asked = {"AccessToken": session.access, "AttributeName": "email"}
        if self._try("GetUserAttributeVerificationCode", None, pool=False, **asked) is not None:
            self._sent(session.person.name, "VerifyUserAttribute", uses=uses, session=session)

    @rule(number=numbers, purpose=st.sampled_from(PURPOSES), session=numbers)
    @precondition(lambda self: self.codes)
    def use_code(self, *, number: int, purpose: str, session: int) -> None:
        """A code works once, for its own purpose, and for its own user."""
        code = self.codes[-1 - number % min(len(self.codes), 4)]
        self._use_code(code, purpose, self._picked(session) if self.sessions else None)

    def _use_code(self, code: Code, purpose: str, session: Session | None) -> bool:
        person = self.people.get(code.name)
        given: dict[str, Any] = {
            "ClientId": self.clients["web"],
            "Username": code.name,
            "ConfirmationCode": code.code,
        }
        if purpose == "VerifyUserAttribute":
            if session is None:
                return False
            given = {"AccessToken": session.access, "AttributeName": "email", "Code": code.code}
            person = session.person
        elif purpose == "ConfirmForgotPassword":
            given["Password"] = PASSWORDS[1]
        was = person.status if person else ""
        if self._try(purpose, None, pool=False, **given) is None:
            return False
        self.stage.demand(not code.used, f"{purpose} took a code twice")
        self.stage.demand(code.purpose == purpose, f"{purpose} took a code of {code.purpose}")
        self.stage.demand(
            person is not None and person.name == code.name, f"{purpose} took a code of another user"
        )
        code.used = True
        if person is not None and purpose == "ConfirmSignUp":
            self.stage.demand(was == "UNCONFIRMED", f"a user that was {was} was confirmed")
            person.status = "CONFIRMED"
        elif person is not None and purpose == "ConfirmForgotPassword":
            person.password, person.status = PASSWORDS[1], "CONFIRMED"
        return True

    def _sent(self, name: str, purpose: str, *, uses: bool, session: Session | None = None) -> None:
        """Remembers the code that was sent; `uses` it, and tries it once more."""
        text = self.stage.code_to(name)
        if not text or any(text == each.code for each in self.codes):
            return
        code = Code(text, purpose, name)
        self.codes.append(code)
        if uses and self._use_code(code, purpose, session):
            self._use_code(code, purpose, session)

    @rule(name=names, client=st.sampled_from(("web", "app")))
    def sign_in(self, *, name: str, client: str) -> None:
        person = self.people.get(name)
        self._sign_in(name, client, person.password if person else PASSWORDS[0], proves=True)

    @rule(name=names, client=st.sampled_from(("web", "app")), password=passwords, proves=st.booleans())
    def sign_in_perhaps(self, *, name: str, client: str, password: str, proves: bool) -> None:
        self._sign_in(name, client, password, proves=proves)

    def _sign_in(self, name: str, client: str, password: str, *, proves: bool) -> None:
        """Tokens come for the right password of an enabled user alone, and MFA is not skipped."""
        parameters = {"USERNAME": name, "PASSWORD": password}
        flow = {
            "ClientId": self.clients[client],
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": parameters,
        }
        answer = self._try("InitiateAuth", None, pool=False, **flow)
        person = self.people.get(name)
        if answer is None:
            return
        may = person is not None and person.enabled and person.password == password
        self.stage.demand(may, "a sign-in went on without the right password of an enabled user")
        assert person is not None
        self.stage.demand(
            person.status not in {"UNCONFIRMED", "RESET_REQUIRED"}, f"a user that is {person.status} signs in"
        )
        proven = False
        for _ in range(4):
            name_of = answer.get("ChallengeName")
            if name_of is None:
                self._signed_in(person, client, answer["AuthenticationResult"], proven=proven)
                return
            answered = self._answered(person, client, answer, right=proves)
            if answered is None:
                return
            proven = proven or name_of in {"SOFTWARE_TOKEN_MFA", "MFA_SETUP"}
            self.stage.demand(proves or name_of == "NEW_PASSWORD_REQUIRED", f"{name_of} took a wrong answer")
            answer = answered
        raise self.stage.broken("a sign-in has no end")

    def _answered(
        self, person: Person, client: str, asked: dict[str, Any], *, right: bool
    ) -> dict[str, Any] | None:
        """The answer to a challenge, rightly or wrongly answered; None where it is refused."""
        name, session = asked["ChallengeName"], asked["Session"]
        responses = {"USERNAME": person.name}
        if name == "NEW_PASSWORD_REQUIRED":
            responses["NEW_PASSWORD"] = PASSWORDS[1]
        elif name == "SOFTWARE_TOKEN_MFA":
            self.stage.demand(person.secret, "a code of an authenticator app is asked that nobody has")
            responses["SOFTWARE_TOKEN_MFA_CODE"] = self._totp(person.secret or "") if right else "000000"
        elif name == "MFA_SETUP":
            given = self.stage.idp("AssociateSoftwareToken", None, Session=session)
            code = self._totp(given["SecretCode"]) if right else "000000"
            verified = self._try(
                "VerifySoftwareToken", None, pool=False, Session=given["Session"], UserCode=code
            )
            if verified is None:
                return None
            session = verified["Session"]
            person.secret = given["SecretCode"]
        else:
            raise self.stage.broken(f"an unexpected challenge {name}")
        sent = {"ClientId": self.clients[client], "ChallengeName": name, "Session": session}
        answer = self._try("RespondToAuthChallenge", None, pool=False, ChallengeResponses=responses, **sent)
        if answer is not None and name == "NEW_PASSWORD_REQUIRED":
            person.password, person.status = PASSWORDS[1], "CONFIRMED"
        return answer

    def _signed_in(self, person: Person, client: str, result: dict[str, Any], *, proven: bool) -> None:
        needed = self.mfa == "ON" or (self.mfa == "OPTIONAL" and person.secret and person.prefers_totp)
        self.stage.demand(proven or not needed, "a sign-in skipped MFA")
        self.stage.demand(person.status == "CONFIRMED", f"a user that is {person.status} has tokens")
        device = result.get("NewDeviceMetadata", {}).get("DeviceKey")
        now = self.stage.now
        session = Session(
            person,
            client,
            result["AccessToken"],
            now + ACCESS,
            result["RefreshToken"],
            now + REFRESH,
            device,
        )
        self.sessions.append(session)
        self._check_groups(session, result)

    def _check_groups(self, session: Session, result: dict[str, Any]) -> None:
        for token in ("AccessToken", "IdToken"):
            found = set(_claims(result[token]).get("cognito:groups", ()))
            wanted = session.person.groups
            self.stage.demand(found == wanted, f"the groups in the {token} are {found}, not {wanted}")


def _claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims
