"""Sign-in with a provider's proof: the user whom it means, made at the first sign-in, and the triggers around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cogmock.core.call import Call
from cogmock.core.triggers import events
from cogmock.errors import AwsError
from cogmock.federation.code_exchange import Proof
from cogmock.federation.refusals import FederationRefused
from cogmock.state.client import UserPoolClient
from cogmock.state.group import Group
from cogmock.state.identity_provider import SUBJECT, IdentityProvider
from cogmock.state.session import Attempt
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.arrivals import confirmation
from cogmock.userpools.rules.directory import aliases, attributes, identities, removal
from cogmock.userpools.sign_in import auth_triggers, federated_attributes
from cogmock.userpools.sign_in.attempt import SignIn

FLAGS = {"email": "autoVerifyEmail", "phone_number": "autoVerifyPhone"}


@dataclass(slots=True)
class Arrival:
    """A sign-in with a proof, while it is worked on."""

    call: Call
    pool: UserPool
    client: UserPoolClient
    provider: IdentityProvider
    proof: Proof

    @property
    def username(self) -> str:
        return identities.username(self.pool, self.provider.name, self.proof.subject)

    def look_again(self) -> None:
        """To be called after the lock was away. Raises AwsError."""
        self.pool = lookup.pool(self.call, self.pool.id)
        self.client = lookup.client(self.call, self.pool.id, self.client.id)
        self.provider = lookup.identity_provider(self.pool, self.provider.name)


def sign_in(
    call: Call, pool: UserPool, client: UserPoolClient, provider: IdentityProvider, proof: Proof
) -> SignIn:
    """The finished sign-in of whoever was proven. The lock is given away while functions run.

    Raises FederationRefused.
    """
    arrival = Arrival(call, pool, client, provider, proof)
    try:
        _inbound(arrival)
        user = _known(arrival)
        if user is None:
            return _first(arrival)
        return _again(arrival, user)
    except AwsError as fault:
        # The blank at the end is AWS's (seen).
        raise FederationRefused(f"{fault.message} ", reason=fault.reason or fault.message) from fault


def _inbound(arrival: Arrival) -> None:
    """The inbound federation trigger: what it answers replaces the claims, by name (AWS dev guide)."""
    provider, proof = arrival.provider, arrival.proof
    request: dict[str, Any] = {
        "providerName": provider.name,
        "providerType": provider.type,
        "attributes": proof.shown,
    }
    answer = events.fire(
        arrival.call,
        arrival.pool,
        "InboundFederation_ExternalProvider",
        arrival.username,
        request,
        client_id=arrival.client.id,
    )
    if answer is None:
        return
    arrival.look_again()
    if answer["userAttributesToMap"]:
        proof.claims = answer["userAttributesToMap"]


def _known(arrival: Arrival) -> User | None:
    """The user of the subject, or whoever it is linked to by an attribute. Raises AwsError."""
    pool, provider, subject = arrival.pool, arrival.provider, arrival.proof.subject
    found = identities.find(pool, provider.name, SUBJECT, subject)
    if found is not None:
        return found
    values = federated_attributes.mapped(pool, arrival.client, provider, arrival.proof.claims)
    if provider.type == "OIDC":
        values |= {of: text for of, text in arrival.proof.claims.items() if isinstance(text, str)}
    for attribute in identities.link_attributes(pool, provider.name) - {SUBJECT}:
        value = values.get(attribute)
        found = identities.find(pool, provider.name, attribute, value) if value else None
        if found is not None and value:
            identities.settle(pool, found, provider.name, attribute, value, subject)
            return found
    if provider.type == "SAML" or not pool.users.case_sensitive:
        identities.check_case(pool, provider.name, subject)
    return None


def _again(arrival: Arrival, user: User) -> SignIn:
    """A user who is known. The claims are mapped anew."""
    call = arrival.call
    if not user.enabled:
        raise FederationRefused("User is not enabled", reason=f"{user.name} is disabled")  # words inferred
    work = _work(arrival, user)
    auth_triggers.before(work)
    arrival.look_again()
    values = federated_attributes.mapped(arrival.pool, arrival.client, arrival.provider, arrival.proof.claims)
    federated_attributes.check(arrival.pool, arrival.provider, values, user)
    values = federated_attributes.with_flags(values)
    _check_aliases(arrival, values, user)
    arrival.pool.users.write(user, attributes.stored(arrival.pool, values))
    user.modified = call.now
    auth_triggers.after(work, new_device=False)
    return work


def _first(arrival: Arrival) -> SignIn:
    """Somebody new. A function may link the identity to a user before one is made for it."""
    call, client = arrival.call, arrival.client
    values = federated_attributes.mapped(arrival.pool, client, arrival.provider, arrival.proof.claims)
    values = federated_attributes.with_flags({name: value for name, value in values.items() if value})
    request = {"userAttributes": values, "validationData": None}
    name = arrival.username
    verdict = events.fire(
        call, arrival.pool, "PreSignUp_ExternalProvider", name, request, client_id=client.id
    )
    if verdict is not None:
        arrival.look_again()
        linked = _known(arrival)
        if linked is not None:
            return _again(arrival, linked)
        values |= {f"{of}_verified": "true" for of, flag in FLAGS.items() if verdict[flag] and values.get(of)}
    user = _made(arrival, values)
    confirmation.after(call, arrival.pool, user, "ConfirmSignUp", client.id, None)
    work = _work(arrival, user)
    work.look_again()
    return work


def _made(arrival: Arrival, values: dict[str, str]) -> User:
    call, pool, provider = arrival.call, arrival.pool, arrival.provider
    federated_attributes.check(pool, provider, values, None)
    name = arrival.username
    old = pool.users.get(name)
    if old is not None and _is_left(old, provider):
        removal.remove(pool, old)
    elif old is not None:
        raise _taken(name)
    _check_aliases(arrival, values, None)
    user = User(
        name=name,
        sub=call.world.entropy.uuid(),
        attributes={of: value for of, value in attributes.stored(pool, values).items() if value},
        status="EXTERNAL_PROVIDER",
        created=call.now,
        modified=call.now,
    )
    pool.users.add(user)
    identities.add(
        call,
        pool,
        user,
        provider,
        SUBJECT,
        arrival.proof.subject,
        primary=True,
        issuer=arrival.proof.issuer,
    )
    _join(call, pool, provider, user)
    return user


def _is_left(user: User, provider: IdentityProvider) -> bool:
    """Whether a user is left from a deleted provider of this name: it gets a new profile (AWS dev guide)."""
    return any(
        of["primary"] and of["providerName"] == provider.name and of["dateCreated"] < provider.created * 1000
        for of in user.identities or ()
    )


def _check_aliases(arrival: Arrival, values: dict[str, str], user: User | None) -> None:
    """An alias that is in force for another user. Raises FederationRefused."""
    pool = arrival.pool
    for attribute in pool.settings.get("AliasAttributes") or ():
        value = values.get(attribute)
        in_force = attribute == "preferred_username" or values.get(f"{attribute}_verified") == "true"
        if value and in_force and aliases.holder(pool, attribute, value, but=user):
            raise _taken(arrival.username)


def _taken(name: str) -> FederationRefused:
    return FederationRefused(
        f"Already found an entry for username {name}", reason="the name or an alias belongs to another user"
    )


def _join(call: Call, pool: UserPool, provider: IdentityProvider, user: User) -> None:
    """The group of all who signed in with this provider (seen)."""
    name = f"{pool.id}_{provider.name}"
    if name not in pool.groups:
        about = f"Autogenerated group for users who sign in using {provider.name}"  # words inferred
        pool.groups.add(Group(name=name, description=about, created=call.now, modified=call.now))
    pool.groups[name].join(user.name)
    user.groups = {**(user.groups or {}), name: None}


def _work(arrival: Arrival, user: User) -> SignIn:
    attempt = Attempt(
        flow="FEDERATION",
        client_id=arrival.client.id,
        username=user.name,
        known=True,
        event_id=arrival.call.world.entropy.uuid(),
        proven=("FEDERATION",),
    )
    return SignIn(arrival.call, arrival.pool, arrival.client, user, attempt, {})
