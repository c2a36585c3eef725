"""Finding pools, clients, users and the like. No other module raises "does not exist"."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.crypto import jws
from cogmock.errors import (
    InvalidParameterException,
    NotAuthorizedException,
    ResourceNotFoundException,
    UserNotFoundException,
)
from cogmock.state.client import Secret, UserPoolClient
from cogmock.state.client_metadata import CimdPolicy
from cogmock.state.domain import Domain
from cogmock.state.group import Group
from cogmock.state.identity_provider import IdentityProvider
from cogmock.state.import_job import ImportJob
from cogmock.state.managed_branding import ManagedBranding
from cogmock.state.recovery import Recovery
from cogmock.state.replica import Replica
from cogmock.state.resource_server import ResourceServer
from cogmock.state.terms import Terms
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.admission import replicas
from cogmock.userpools.rules.cimd import policies
from cogmock.userpools.rules.directory import aliases
from cogmock.userpools.rules.settings import client_secrets


def pool(call: Call, pool_id: str) -> UserPool:
    found = call.region.user_pools.get(pool_id)
    if found is None:
        elsewhere = call.elsewhere(call.world.find_pool(pool_id))
        raise ResourceNotFoundException(f"User pool {pool_id} does not exist.", reason=elsewhere)
    return found if call.replica is None else replicas.view(found, call.replica)


def pool_of_arn(call: Call, arn: str) -> UserPool:
    """A pool by its ARN. A pool of another account or Region does not exist for the caller."""
    _, _, service, region, account, resource = arn.split(":", 5)
    kind, _, pool_id = resource.partition("/")
    if service != "cognito-idp" or kind != "userpool" or not pool_id:
        raise InvalidParameterException(f"{arn} is not the ARN of a user pool.")
    if (region, account) != (call.local.name, call.local.account):
        raise ResourceNotFoundException(f"User pool {pool_id} does not exist.")
    return pool(call, pool_id)


def client(call: Call, pool_id: str, client_id: str) -> UserPoolClient:
    """A client of a pool. A client of another pool does not exist."""
    found = call.region.clients.get(client_id)
    if found is None or found.pool_id != pool_id:
        elsewhere = f"it belongs to the pool {found.pool_id}" if found else None
        raise ResourceNotFoundException(f"User pool client {client_id} does not exist.", reason=elsewhere)
    client_secrets.settle(found, call.now)
    return found


def home_of_client(call: Call, client_id: str) -> tuple[UserPool, UserPoolClient]:
    """Pool and client of a call that names only the client."""
    found = call.region.clients.get(client_id)
    if found is None:
        elsewhere = call.elsewhere(call.world.find_client(client_id))
        raise ResourceNotFoundException(f"User pool client {client_id} does not exist.", reason=elsewhere)
    client_secrets.settle(found, call.now)
    return replicas.seen(call, call.region.user_pools[found.pool_id]), found


def home_of_token(call: Call, token: str) -> tuple[UserPool, User, jws.Claims]:
    """Pool, user and claims of an access token with the scope aws.cognito.signin.user.admin."""
    from cogmock.core.tokens import pool_tokens

    try:
        issuer = str(call.parsed(token).claims.get("iss", ""))
    except jws.InvalidToken:
        raise NotAuthorizedException("Invalid Access Token", reason="not a JWT") from None
    found = call.region.user_pools.get(issuer.rpartition("/")[2])
    if found is None:
        raise NotAuthorizedException("Invalid Access Token", reason=f"its issuer {issuer!r} has no pool here")
    user, claims = pool_tokens.read(call, found, token)
    if pool_tokens.ADMIN_SCOPE not in str(claims.get("scope", "")).split():
        raise NotAuthorizedException("Access Token does not have required scopes")
    return replicas.seen(call, found), user, claims


def bearer(call: Call, token: str) -> tuple[UserPool, User, jws.Claims]:
    """As home_of_token, for operations that have no UserNotFoundException."""
    try:
        return home_of_token(call, token)
    except UserNotFoundException:
        raise NotAuthorizedException("Access Token has been revoked", reason="the user was deleted") from None


def client_of_token(call: Call, claims: jws.Claims) -> UserPoolClient | None:
    """The client that a token was issued to; None if it was deleted, or its URL is not admitted any more."""
    client_id = str(claims.get("client_id", ""))
    if policies.is_url(client_id):
        from cogmock.userpools.rules.cimd import clients as cimd_clients

        pool = call.region.user_pools.get(str(claims.get("iss", "")).rpartition("/")[2])
        return cimd_clients.known(call, pool, client_id) if pool else None
    return call.region.clients.get(client_id)


def user(pool: UserPool, name: str) -> User:
    """A user by username, alias or sub, as administrators' operations find one."""
    found = aliases.find(pool, name)
    if found is None:
        raise UserNotFoundException
    return found


def group(pool: UserPool, name: str) -> Group:
    found = pool.groups.get(name)
    if found is None:
        raise ResourceNotFoundException("Group not found.")
    return found


def import_job(pool: UserPool, job_id: str) -> ImportJob:
    found = pool.import_jobs.get(job_id)
    if found is None:
        raise ResourceNotFoundException(f"User import job {job_id} does not exist.")
    return found


def recovery(pool: UserPool, restore_id: str) -> Recovery:
    found = pool.recoveries.get(restore_id)
    if found is None:
        raise ResourceNotFoundException(f"Point-in-time recovery {restore_id} does not exist.")
    return found


def replica(call: Call, pool: UserPool, region: str) -> Replica:
    """A replica of a pool, also while it is being created or deleted."""
    found = pool.replicas.get(region)
    if found is None or replicas.status(found, call.now) is None:
        raise ResourceNotFoundException(f"User pool {pool.id} has no replica in {region}.")
    return found


def secret(client: UserPoolClient, secret_id: str) -> Secret:
    found = next((secret for secret in client.secrets if secret.id == secret_id), None)
    if found is None:
        raise ResourceNotFoundException(f"Client secret {secret_id} does not exist.")
    return found


def domain(call: Call, pool: UserPool, name: str) -> Domain:
    """A domain of a pool."""
    found = call.local.domains.get(name)
    if found is None:
        raise ResourceNotFoundException(
            "User pool domain was not found.", reason=f"there is no domain {name}"
        )
    if found.pool_id != pool.id:
        # inferred: the code.
        raise InvalidParameterException(
            "The domain is not configured for this user pool.",
            reason=f"{name} is a domain of {found.pool_id}",
        )
    return found


def cimd_policy(pool: UserPool, policy_id: str) -> CimdPolicy:
    found = pool.cimd_policies.get(policy_id)
    if found is None:
        raise ResourceNotFoundException(f"CIMD policy {policy_id} does not exist.")
    return found


def terms(pool: UserPool, terms_id: str) -> Terms:
    found = pool.terms.get(terms_id)
    if found is None:
        raise ResourceNotFoundException(f"Terms {terms_id} do not exist.")
    return found


def terms_of_client(pool: UserPool, client_id: str, name: str) -> Terms:
    found = next((terms for terms in pool.terms if terms.client_id == client_id and terms.name == name), None)
    if found is None:
        raise ResourceNotFoundException(f"Terms {name} do not exist for client {client_id}.")
    return found


def branding(pool: UserPool, branding_id: str) -> ManagedBranding:
    found = next((each for each in pool.brandings.values() if each.id == branding_id.lower()), None)
    if found is None:
        raise ResourceNotFoundException(
            "ManagedLoginBranding does not exist.", reason=f"there is no style {branding_id}"
        )
    return found


def branding_of_client(pool: UserPool, client_id: str) -> ManagedBranding:
    found = pool.brandings.get(client_id)
    if found is None:
        raise ResourceNotFoundException(f"ManagedLoginBranding for client {client_id} does not exist.")
    return found


def resource_server(pool: UserPool, identifier: str) -> ResourceServer:
    found = pool.resource_servers.get(identifier)
    if found is None:
        raise ResourceNotFoundException(f"Resource server {identifier} does not exist.")
    return found


def identity_provider(pool: UserPool, name: str) -> IdentityProvider:
    found = pool.identity_providers.get(name)
    if found is None:
        raise ResourceNotFoundException(f"Identity provider {name} does not exist.")
    return found


def identity_provider_by_identifier(pool: UserPool, identifier: str) -> IdentityProvider:
    found = next((each for each in pool.identity_providers if identifier in each.identifiers), None)
    if found is None:
        raise ResourceNotFoundException(f"Identity provider with identifier {identifier} does not exist.")
    return found
