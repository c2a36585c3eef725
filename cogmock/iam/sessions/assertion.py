"""The verified assertion of an identity provider, by which a role is assumed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Assertion:
    """The verified content of a web identity token or a SAML assertion."""

    provider: str
    """The Federated principal of trust policies."""
    context: dict[str, str | list[str]]
    """Condition keys of the session and their values."""
    account: str = ""
    """The account of the identity pool; empty for a provider that is registered in the role's own account."""
    tags: dict[str, str] = field(default_factory=dict)
    transitive: tuple[str, ...] = ()
    """Keys of the tags that a chained session inherits."""
    source_identity: str = ""
