"""Personas: the users that the sign-in page offers as buttons."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Persona:
    """A user of every stand-in. Without `sub`, each stand-in derives one from the e-mail address in its own form."""

    name: str
    email: str = ""
    sub: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What identifies the persona in the form."""
        return self.sub or self.email or self.name


DEFAULT = (
    Persona("Ada Lovelace", "ada@example.com", claims={"given_name": "Ada", "family_name": "Lovelace"}),
    Persona("Grace Hopper", "grace@example.com", claims={"given_name": "Grace", "family_name": "Hopper"}),
    Persona("Alan Turing", "alan@example.com", claims={"given_name": "Alan", "family_name": "Turing"}),
)


def read(entry: Any) -> Persona:
    """A persona from a document: `name`, `email`, `sub`, `claims`. Raises ValueError with what is wrong."""
    if not isinstance(entry, Mapping):
        raise ValueError("a persona is a mapping with name, email, sub and claims")  # noqa: TRY004 - a fault of a document
    unknown = sorted(set(entry) - {"name", "email", "sub", "claims"})
    if unknown:
        raise ValueError(f"a persona has name, email, sub and claims, but no {', '.join(map(str, unknown))}")
    texts = {name: entry.get(name, "") for name in ("name", "email", "sub")}
    wrong = [name for name, value in texts.items() if not isinstance(value, str)]
    claims = entry.get("claims", {})
    if wrong or not isinstance(claims, Mapping):
        raise ValueError(f"{wrong[0]} must be a text" if wrong else "claims must be a mapping")
    try:
        json.dumps(entry, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as fault:
        raise ValueError(f"a persona must be made of JSON values: {fault}") from None
    if not texts["email"] and not texts["sub"]:
        raise ValueError("a persona needs an email or a sub")
    name = texts["name"] or texts["email"].partition("@")[0] or texts["sub"]
    return Persona(name, texts["email"], texts["sub"], dict(claims))


def digest(text: str) -> bytes:
    """What derived subjects are made of. The same address gives the same subject in every run."""
    return hashlib.sha256(text.strip().lower().encode("utf-8", "surrogatepass")).digest()
