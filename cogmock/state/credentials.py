"""Temporary credentials of an assumed role."""

from __future__ import annotations

from dataclasses import field

from cogmock.lazy_dataclass import dataclass


@dataclass(slots=True, eq=False, repr=False)
class Credentials:
    """`context` holds the condition keys of the session; `session_policies` limit what its role allows."""

    access_key_id: str
    secret_access_key: str
    session_token: str
    expires: float
    issued: float
    role_name: str
    role_id: str
    session_name: str
    region: str
    """The Region of the request that issued them; the partition in ARNs follows from it."""
    context: dict[str, str | list[str]] = field(default_factory=dict)
    principal_tags: dict[str, str] = field(default_factory=dict)
    transitive: tuple[str, ...] = ()
    """Keys of the transitive session tags: role chaining passes these on to the next session."""
    session_policies: list[tuple[str, str]] | None = None
    """Name and text of each session policy; None where the session has none."""
    scopes: list[tuple[str, str]] = field(default_factory=list)
    """Name and text of each scope-down policy (GetScopedCredentials). Each of them must allow a request."""
