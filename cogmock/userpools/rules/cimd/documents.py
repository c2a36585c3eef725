"""The cache of client ID metadata documents: one for each policy, with the URLs that it admitted."""

from __future__ import annotations

import re

from cogmock.core import document_fetch
from cogmock.core.call import Call
from cogmock.core.documents import Found
from cogmock.core.outside import Unreachable
from cogmock.state.client_metadata import CimdPolicy, MetadataUrl
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.cimd import checks
from cogmock.userpools.rules.cimd.checks import BadDocument, Metadata

SHORTEST, LONGEST = 86400, 31556952
"""Seconds for which a document may be cached: one day to one year."""
MOST = 1000
"""URLs that a policy keeps: with a wide pattern anybody can add some."""

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,12})", re.ASCII | re.IGNORECASE)


def cached(call: Call, policy: CimdPolicy, url: str) -> Metadata | None:
    """The document of a URL, if it is in the cache and has not expired."""
    row = policy.urls.get(url)
    return row.document if row and row.expires > call.now else None


def fetched(call: Call, pool: UserPool, policy: CimdPolicy, url: str) -> Metadata:
    """Fetches and checks the document of a URL, and caches it. Releases the lock. Raises BadDocument.

    What cannot be fetched or is invalid is not cached, and puts an end to a copy from before.
    """
    try:
        with call.outside():
            found = document_fetch.fetch(call.world, url)
            document = checks.read(url, found)
    except (Unreachable, BadDocument) as refused:
        _check_still_there(call, pool, policy)
        forget(policy, url)
        raise BadDocument(f"the client ID metadata document cannot be used: {refused}") from None
    _check_still_there(call, pool, policy)
    _keep(call, policy, url, document, found)
    return document


def _check_still_there(call: Call, pool: UserPool, policy: CimdPolicy) -> None:
    """Raises BadDocument."""
    if call.region.user_pools.get(pool.id) is not pool or pool.cimd_policies.get(policy.id) is not policy:
        raise BadDocument("the pool or its CIMD policy was deleted while the document was fetched")


def forget(policy: CimdPolicy, url: str) -> None:
    """Drops the document of a URL; the URL stays in the list."""
    row = policy.urls.get(url)
    if row is not None:
        row.document, row.cached, row.expires = None, 0, 0


def _keep(call: Call, policy: CimdPolicy, url: str, document: Metadata, found: Found) -> None:
    row = policy.urls.get(url)
    if row is None:
        if len(policy.urls) >= MOST:
            policy.urls.remove(next(iter(policy.urls)))
        row = MetadataUrl(url)
        policy.urls.add(row)
    row.document, row.cached = document, call.now
    row.expires = call.now + _seconds(found, policy)


def _seconds(found: Found, policy: CimdPolicy) -> int:
    """The max-age of the answer where that is between a day and a year, else the policy's own (API reference)."""
    given = _MAX_AGE.search(found.headers.get("cache-control", ""))
    seconds = int(given[1]) if given else 0
    return seconds if SHORTEST <= seconds <= LONGEST else policy.cache_seconds
