"""Sign-in with an identity that a provider proved: finds or creates the user, and runs the triggers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cogmock.core.call import Call
from cogmock.core.triggers import events
from cogmock.errors import AwsError, OperationNotEnabledException
from cogmock.federation.code_exchange import Proof
from cogmock.federation.refusals import FederationRefused
from cogmock.state.client import UserPoolClient
from cogmock.state.group import Group
from cogmock.state.identity_provider import SUBJECT, IdentityProvider
from cogmock.state.session import Attempt
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.admission import keeping, writes
from cogmock.userpools.rules.arrivals import confirmation
from cogmock.userpools.rules.directory import aliases, attributes, identities, removal
from cogmock.userpools.sign_in import auth_triggers, federated_attributes
from cogmock.userpools.sign_in.attempt import SignIn

FLAGS = {"email": "autoVerifyEmail", "phone_number": "autoVerifyPhone"}


@dataclass(slots=True)
class FederatedSignIn:
    """A federated sign-in in progress."""

    call: Call
    pool: UserPool
    client: UserPoolClient
    provider: IdentityProvider
    proof: Proof

    @property
    def username(self) -> str:
        return identities.username(self.pool, self.provider.name, self.proof.subject)

    def look_again(self) -> None:
        """Looks everything up again after the lock was released. Raises AwsError."""
        self.pool = lookup.pool(self.call, self.pool.id)
        self.client = lookup.client(self.call, self.pool.id, self.client.id)
        self.provider = lookup.identity_provider(self.pool, self.provider.name)


def sign_in(
    call: Call, pool: UserPool, client: UserPoolClient, provider: IdentityProvider, proof: Proof
) -> SignIn:
    """Completes the sign-in of a verified identity. Releases the lock while Lambda functions run.

    Raises FederationRefused.
    """
    current = FederatedSignIn(call, pool, client, provider, proof)
    try:
        _inbound(current)
        user = _find_user(current)
        if user is None:
            return _sign_up(current)
        return _sign_in_again(current, user)
    except OperationNotEnabledException as fault:
        # inferred: error and wording.
        raise FederationRefused(fault.message, error="server_error", reason=fault.reason) from fault
    except AwsError as fault:
        # AWS's message ends with a space (seen).
        raise FederationRefused(f"{fault.message} ", reason=fault.reason or fault.message) from fault


def _inbound(current: FederatedSignIn) -> None:
    """Runs the inbound federation trigger; its userAttributesToMap replaces the claims (AWS dev guide)."""
    provider, proof = current.provider, current.proof
    request: dict[str, Any] = {
        "providerName": provider.name,
        "providerType": provider.type,
        "attributes": proof.shown,
    }
    answer = events.fire(
        current.call,
        current.pool,
        "InboundFederation_ExternalProvider",
        current.username,
        request,
        client_id=current.client.id,
    )
    if answer is None:
        return
    current.look_again()
    if answer["userAttributesToMap"]:
        proof.claims = answer["userAttributesToMap"]


def _find_user(current: FederatedSignIn) -> User | None:
    """The user of the subject, or the user that it is linked to by an attribute. Raises AwsError."""
    pool, provider, subject = current.pool, current.provider, current.proof.subject
    found = identities.find(pool, provider.name, SUBJECT, subject)
    if found is not None:
        return found
    values = federated_attributes.mapped(pool, current.client, provider, current.proof.claims)
    if provider.type == "OIDC":
        values |= {name: text for name, text in current.proof.claims.items() if isinstance(text, str)}
    for attribute in identities.link_attributes(pool, provider.name) - {SUBJECT}:
        value = values.get(attribute)
        found = identities.find(pool, provider.name, attribute, value) if value else None
        if found is not None and value:
            writes.refuse(current.call, pool)
            keeping.note(current.call, pool, found)
            identities.link_subject(pool, found, provider.name, attribute, value, subject)
            return found
    if provider.type == "SAML" or not pool.users.case_sensitive:
        identities.check_case(pool, provider.name, subject)
    return None


def _sign_in_again(current: FederatedSignIn, user: User) -> SignIn:
    """Signs in a user who exists. The attributes are updated from the claims."""
    call = current.call
    if not user.enabled:
        # inferred: the wording.
        raise FederationRefused("User is not enabled", reason=f"{user.name} is disabled")
    work = _work(current, user)
    auth_triggers.before(work)
    current.look_again()
    values = federated_attributes.mapped(current.pool, current.client, current.provider, current.proof.claims)
    federated_attributes.check(current.pool, current.provider, values, user)
    values = federated_attributes.with_flags(values)
    _check_aliases(current, values, user)
    stored = attributes.stored(current.pool, values)
    if any((user.attributes.get(name) or None) != (value or None) for name, value in stored.items()):
        writes.refuse(call, current.pool)
        keeping.note(call, current.pool, user)
    current.pool.users.write(user, stored)
    user.modified = call.now
    auth_triggers.after(work, new_device=False)
    return work


def _sign_up(current: FederatedSignIn) -> SignIn:
    """The first sign-in: creates the user, unless the pre sign-up trigger links the identity to an existing one."""
    call, client = current.call, current.client
    writes.refuse(call, current.pool)
    values = federated_attributes.mapped(current.pool, client, current.provider, current.proof.claims)
    values = federated_attributes.with_flags({name: value for name, value in values.items() if value})
    request = {"userAttributes": values, "validationData": None}
    name = current.username
    verdict = events.fire(
        call, current.pool, "PreSignUp_ExternalProvider", name, request, client_id=client.id
    )
    if verdict is not None:
        current.look_again()
        linked = _find_user(current)
        if linked is not None:
            return _sign_in_again(current, linked)
        values |= {
            f"{attribute}_verified": "true"
            for attribute, flag in FLAGS.items()
            if verdict[flag] and values.get(attribute)
        }
    user = _create_user(current, values)
    confirmation.after(call, current.pool, user, "ConfirmSignUp", client.id, None)
    work = _work(current, user)
    work.look_again()
    return work


def _create_user(current: FederatedSignIn, values: dict[str, str]) -> User:
    """Raises FederationRefused."""
    call, pool, provider = current.call, current.pool, current.provider
    federated_attributes.check(pool, provider, values, None)
    name = current.username
    old = pool.users.get(name)
    if old is not None and _is_orphaned(old, provider):
        keeping.note(call, pool, old)
        removal.remove(pool, old)
    elif old is not None:
        raise _taken(name)
    _check_aliases(current, values, None)
    user = User(
        name=name,
        sub=call.world.entropy.uuid(),
        attributes={key: value for key, value in attributes.stored(pool, values).items() if value},
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
        current.proof.subject,
        primary=True,
        issuer=current.proof.issuer,
    )
    _join(call, pool, provider, user)
    return user


def _is_orphaned(user: User, provider: IdentityProvider) -> bool:
    """Whether a user is from a deleted provider of this name; it is replaced by a new profile (AWS dev guide)."""
    created = provider.created * 1000
    return any(
        entry["primary"] and entry["providerName"] == provider.name and entry["dateCreated"] < created
        for entry in user.identities or ()
    )


def _check_aliases(current: FederatedSignIn, values: dict[str, str], user: User | None) -> None:
    """Refuses an alias that is already used by another user. Raises FederationRefused."""
    pool = current.pool
    for attribute in pool.settings.get("AliasAttributes") or ():
        value = values.get(attribute)
        in_force = attribute == "preferred_username" or values.get(f"{attribute}_verified") == "true"
        if value and in_force and aliases.holder(pool, attribute, value, but=user):
            raise _taken(current.username)


def _taken(name: str) -> FederationRefused:
    return FederationRefused(
        f"Already found an entry for username {name}", reason="another user has the username or an alias"
    )


def _join(call: Call, pool: UserPool, provider: IdentityProvider, user: User) -> None:
    """Adds the user to the group of the provider's users, which AWS creates (seen)."""
    name = f"{pool.id}_{provider.name}"
    if name not in pool.groups:
        # inferred: the wording.
        about = f"Autogenerated group for users who sign in using {provider.name}"
        pool.groups.add(Group(name=name, description=about, created=call.now, modified=call.now))
    pool.groups[name].join(user.name)
    user.groups = {**(user.groups or {}), name: None}


def _work(current: FederatedSignIn, user: User) -> SignIn:
    attempt = Attempt(
        flow="FEDERATION",
        client_id=current.client.id,
        username=user.name,
        known=True,
        event_id=current.call.world.entropy.uuid(),
        proven=("FEDERATION",),
    )
    return SignIn(current.call, current.pool, current.client, user, attempt, {})
