"""The caller of a request, and whether a Principal element names it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

_ACCOUNT = re.compile(r"(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?", re.ASCII)
_ARN = re.compile(r"arn:[\w-]+:(?:iam|sts)::(?:\d{12}|aws|cloudfront):[^*?]+")
_UNIQUE_ID = re.compile(r"A[A-Z0-9]{15,}")

KINDS = frozenset({"AWS", "Service", "Federated", "CanonicalUser"})


@dataclass(frozen=True, slots=True)
class Caller:
    """The names of a principal in policies. A caller without names is anonymous."""

    arn: str = ""
    role_arn: str = ""
    account: str = ""
    federated: str = ""
    service: str = ""


class Grade(IntEnum):
    """How directly a Principal element names the caller. The more directly, the fewer other policies must allow."""

    NOT_NAMED = 0
    ACCOUNT = 1
    ROLE = 2
    DIRECT = 3


@dataclass(frozen=True, slots=True)
class Principals:
    everyone: bool
    names: frozenset[tuple[str, str]]

    def grade(self, caller: Caller) -> Grade:
        if self.everyone:
            return Grade.DIRECT
        if not self.names.isdisjoint(_own_names(caller)):
            return Grade.DIRECT
        if caller.role_arn and ("AWS", caller.role_arn) in self.names:
            return Grade.ROLE
        return Grade.ACCOUNT if ("AWS", caller.account) in self.names else Grade.NOT_NAMED


def _own_names(caller: Caller) -> Iterable[tuple[str, str]]:
    if caller.arn:
        yield "AWS", caller.arn
    if caller.federated:
        yield "Federated", caller.federated
        yield "Federated", "*"
    if caller.service:
        yield "Service", caller.service


def of(named: dict[str, list[str]] | None) -> Principals:
    """The compiled element. None stands for `"*"`; `{"AWS": "*"}` means the same (IAM guide: Principal)."""
    if named is None or "*" in named.get("AWS", ()):
        return Principals(everyone=True, names=frozenset())
    return Principals(
        everyone=False,
        names=frozenset(
            (kind, _plain(name) if kind == "AWS" else name) for kind, names in named.items() for name in names
        ),
    )


def _plain(name: str) -> str:
    """The ARN of an account's root is the same principal as the account id."""
    account = _ACCOUNT.fullmatch(name)
    return account[1] if account else name


def valid(kind: str, name: str) -> bool:
    """Whether a name is valid. A wildcard may be a whole name, not part of one (IAM guide: Principal)."""
    if kind != "AWS":
        return bool(name)
    return name == "*" or any(form.fullmatch(name) for form in (_ACCOUNT, _ARN, _UNIQUE_ID))
