"""Finds the account, Region and pool that a request means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from cogmock import services
from cogmock.core.world import ACCOUNT, REGION, World
from cogmock.crypto import jws, sealed
from cogmock.errors import AwsError
from cogmock.state.domain import Domain
from cogmock.state.region import Region
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.cimd import policies

_SCOPE = re.compile(r"Credential=([^/,\s]{1,256})/[^/,\s]{0,64}/([^/,\s]{1,64})/[^/,\s]{1,64}/aws4_request")
_LOCAL_HOST = r"(?:.*\.)?localhost|127(?:\.\d+){3}|\[::1\]"
_LOCAL_REGION = re.compile(r"cognito-idp\.([a-z]{2}(?:-[a-z]+)+-\d)\.localhost(?::\d+)?")
_REGION_NAME = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
LONGEST_REGION = 32

_REGION = r"^[a-z]{2}(?:-[a-z]+)+-\d$"


def signer(environ: dict[str, Any]) -> tuple[str, str] | None:
    """Access key id and region of the signature, in the header or in the query."""
    header = environ.get("HTTP_AUTHORIZATION", "")
    found = _SCOPE.search(header)
    if found is None and "X-Amz-Credential=" in environ.get("QUERY_STRING", ""):
        found = _SCOPE.search(environ["QUERY_STRING"].replace("%2F", "/").replace("X-Amz-", ""))
    return (found[1], found[2]) if found else None


def of_signed(world: World, key_id: str, region: str, refusal: type[AwsError]) -> Region:
    """The Region that a call was signed for, in the account that the key belongs to.

    Raises `refusal` where the name is no name of a Region. Short names such as `local` are accepted: other emulators
    use them.
    """
    account_id = account_of(world, key_id)
    account = world.accounts.get(account_id)
    found = account.regions.get(region) if account else None
    if found is not None:
        return found
    if len(region) > LONGEST_REGION or not re.fullmatch(_REGION_NAME, region):
        raise refusal(f"Credential should be scoped to a valid region, not '{region[:LONGEST_REGION]}'.")
    return world.visited(region, account_id)


def account_of(world: World, key_id: str) -> str:
    """The account of an access key: the id itself if it has 12 digits; for temporary credentials, their issuer's."""
    if len(key_id) == 12 and key_id.isdigit():
        return key_id
    if key_id.startswith("ASIA"):
        for _, account in list(world.accounts.unwatched()):
            if key_id in account.credentials:
                return account.id
    return ACCOUNT


def token_of(params: dict[str, Any]) -> jws.Jwt | None:
    """The access token in the parameters, decoded but not verified; None if it is missing or malformed."""
    try:
        return jws.peek(params["AccessToken"]) if "AccessToken" in params else None
    except jws.InvalidToken:
        return None


def of_unsigned(
    world: World, params: dict[str, Any], environ: dict[str, Any], token: jws.Jwt | None = None
) -> Region:
    """The Region of an unsigned call: that of the client, pool, token or identity that it names.

    A call to AWS's own host name stays in that Region, as on AWS.
    """
    asked = _region_of_host(environ.get("HTTP_HOST", ""))
    pool_id = _pool_id(params, token)
    for region in _named(world, params, pool_id):
        if asked in (None, region.name):
            return region
    return world.visited(asked or _hinted(params, pool_id))


def _region_of_host(host: str) -> str | None:
    """The Region of a host name of AWS's, or of `cognito-idp.REGION.localhost`."""
    found = services.of_host(host)
    local = _LOCAL_REGION.fullmatch(host.lower())
    return found.region if found else local[1] if local else None


def _named(world: World, params: dict[str, Any], pool_id: str) -> Iterator[Region]:
    if "ClientId" in params:
        client = world.find_client(str(params["ClientId"]))
        if client:
            yield client[0]
    pool = world.find_pool(pool_id)
    if pool:
        yield pool[0]
    if "IdentityPoolId" in params:
        identity_pool = world.find_identity_pool(str(params["IdentityPoolId"]))
        if identity_pool:
            yield identity_pool[0]
    if "IdentityId" in params:
        home = world.find_identity(str(params["IdentityId"]))
        if home:
            yield home[0]


def _pool_id(params: dict[str, Any], token: jws.Jwt | None) -> str:
    """The user pool id of an access token or a challenge session, or the UserPoolId parameter."""
    if token is not None:
        return str(token.claims.get("iss", "")).rpartition("/")[2]
    try:
        if "Session" in params:
            return sealed.message_about(params["Session"])
    except ValueError:
        return ""
    return str(params.get("UserPoolId", ""))


def _hinted(params: dict[str, Any], pool_id: str) -> str:
    """The Region that is part of an id, where nothing with that id exists."""
    named = str(params.get("IdentityPoolId") or params.get("IdentityId") or "").partition(":")[0]
    named = named or pool_id.partition("_")[0]
    return named if re.match(_REGION, named) else REGION


class Place(NamedTuple):
    """The pool that a request to a domain means."""

    region: Region
    pool: UserPool
    domain: Domain | None
    local: Region | None = None
    """The Region of the domain, where that is a replica's."""

    @property
    def managed(self) -> bool:
        """Whether the pages are managed login. A pool without a domain, which cannot have pages on AWS, has these."""
        return self.domain is None or self.domain.version == 2


def of_domain(
    world: World, environ: dict[str, Any], client_id: str, bearer: str = "", pool_id: str = ""
) -> Place | None:
    """The pool whose domain the Host header names; for any other host, the pool of the client or of the token.

    Who registers a client has neither, and names the pool.
    """
    host = _bare_host(environ)
    # A domain has the same name below localhost, which browsers resolve to this machine.
    found = re.fullmatch(services.DOMAIN_HOST, re.sub(r"\.localhost$", ".amazoncognito.com", host))
    name, region_name = (found[1], found[2]) if found else (host, None)
    called = world.find_domain(
        name, lambda region, domain: region.name == region_name if found else domain.custom is not None
    )
    # No lock is held here: the pool may be deleted at any moment.
    if called:
        region, domain = called
        pool = region.user_pools.get(domain.pool_id)
        if pool:
            return Place(region, pool, domain)
        primary = world.find_pool(domain.pool_id)
        if primary:
            return Place(*primary, domain, region)
    place = _of_plain_host(world, client_id, bearer, pool_id)
    if found is None or place is None:
        return place
    # The links in mails use this name for a pool without a domain.
    named = place.domain is None and name == place.pool.id.lower().replace("_", "-")
    return place if named else None


def _of_plain_host(world: World, client_id: str, bearer: str, pool_id: str) -> Place | None:
    if policies.is_url(client_id):
        return _of_metadata_url(world, client_id, pool_id)
    client = world.find_client(client_id)
    owner = client[0].user_pools.get(client[1].pool_id) if client else None
    if client and owner:
        return _placed(client[0], owner)
    parsed = token_of({"AccessToken": bearer}) if bearer else None
    pool = world.find_pool(_pool_id({}, parsed) or pool_id)
    return _placed(*pool) if pool else None


def _of_metadata_url(world: World, url: str, pool_id: str) -> Place | None:
    """The pool that a request names, or else the only one whose policies admit the URL.

    The only pool with policies is meant even where they do not admit it: then the refusal can name the patterns.
    """
    named = world.find_pool(pool_id)
    if named:
        return _placed(*named)
    pools = [(region, pool) for region in world.regions() for pool in region.user_pools if pool.cimd_policies]
    admitting = [(region, pool) for region, pool in pools if policies.admitting(pool, url)] or pools
    return _placed(*admitting[0]) if len(admitting) == 1 else None


def _placed(region: Region, pool: UserPool) -> Place:
    return Place(region, pool, next(iter(region.domains.where("pool_id", pool.id)), None))


def is_api(environ: dict[str, Any]) -> bool:
    """Whether a request is for a guarded API. Every request comes here, so it looks at as little as it can."""
    host = environ.get("HTTP_HOST", "")
    if environ.get("PATH_INFO", "").startswith(services.API_PATH):
        return True
    return "-api." in host.lower() and re.fullmatch(services.API_HOST, _bare_host(environ)) is not None


def is_local(environ: dict[str, Any]) -> bool:
    """Whether the Host header is localhost, a name below it, or a loopback address."""
    return bool(re.fullmatch(_LOCAL_HOST, _bare_host(environ)))


def _bare_host(environ: dict[str, Any]) -> str:
    return re.sub(r":\d+$", "", environ.get("HTTP_HOST", "").lower()).rstrip(".")


def origin(environ: dict[str, Any]) -> str:
    """Scheme and host that the caller used, and the path that the application is mounted at."""
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    return f"{environ['wsgi.url_scheme']}://{host}{environ.get('SCRIPT_NAME', '')}"
