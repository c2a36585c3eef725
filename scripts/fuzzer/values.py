"""Odd values, and what the server told: ids, tokens and sessions that make random calls reach further."""

from __future__ import annotations

import json
import random
from collections import defaultdict, deque
from typing import Any

KEPT = 12
"""Values of each name that are remembered."""
LONGEST = 4096
PASSWORD = "Corr3ct-Horse!"

TEXTS = (
    "",
    " ",
    "a",
    "0",
    "-1",
    "null",
    "true",
    "\x00",
    "\x1f\x7f",
    "\ud800",
    "\u00a0",
    "\u202e",
    "\ufeff",
    "🙂" * 40,
    "ß",
    "İ",
    "%00",
    "%",
    "%zz",
    "../../etc/passwd",
    "'\"><script>alert(1)</script>",
    "{####}",
    "{username}",
    "{##Click##}",
    "*",
    "?" * 50,
    "$" + "{aws:username}",
    "arn:aws:iam::123456789012:role/x",
    "arn:aws:lambda:us-east-1:123456789012:function:none",
    "arn:::::",
    "us-east-1_aaaaaaaaa",
    "us-east-1:00000000-0000-4000-8000-000000000000",
    "https://localhost:1/",
    "http://[",
    "http://127.0.0.1:1/metadata",
    "ada@example.com",
    "+15550100",
    "2026-13-45T99:99:99Z",
    'email ^= "a',
    'username = "ada"',
    "a.b.c",
    "eyJhbGciOiJub25lIn0.e30.",
    "9" * 400,
    "1e999",
    "NaN",
    "<a/>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    "\r\nSet-Cookie: a=b",
)
NUMBERS = (0, 1, -1, 2, 59, 60, 61, 2**31, 2**63, -(2**63), 2**70, 10**30, 0.5, 1e308, -0.0)
ODD: tuple[Any, ...] = (None, True, False, [], {}, [None], {"": ""}, [[]], {"a": {"b": {}}}, *NUMBERS)
DOCUMENTS: tuple[Any, ...] = (
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "NotAction": ["s3:Get*"],
                "Resource": "arn:aws:s3:::a/${aws:username}/*",
                "Condition": {"ForAllValues:StringLike": {"aws:TagKeys": ["a*"]}, "Bool": {"a": "true"}},
            }
        ],
    },
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": "a"}},
            }
        ],
    },
    {"Statement": []},
    [],
    0,
)


class Values:
    """A seeded source of values. `learn` reads answers."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._known: dict[str, deque[str]] = defaultdict(lambda: deque(maxlen=KEPT))

    def learn(self, answer: Any, name: str = "") -> None:
        """Remembers the texts of an answer by the names of their members."""
        if isinstance(answer, dict):
            for key, value in answer.items():
                self.learn(value, key)
        elif isinstance(answer, list):
            for value in answer[:5]:
                self.learn(value, name)
        elif isinstance(answer, str) and 0 < len(answer) <= LONGEST:
            self._known[self._group(name)].append(answer)

    def forget(self) -> None:
        self._known.clear()

    def known(self, name: str) -> str | None:
        """A text that an answer had under a name like this one."""
        found = self._known.get(self._group(name))
        return self.chance.choice(found) if found else None

    def _group(self, name: str) -> str:
        name = name.lower().replace("_", "")
        return next((group for group in GROUPS if group in name), name)

    def text(self, name: str = "") -> str:
        """A text for a member of this name: mostly one that is known or fits, else an odd one."""
        draw = self.chance.random()
        found = self.known(name) if draw < 0.75 else None
        if found is not None:
            return found
        lower = name.lower()
        if draw < 0.6 and "password" in lower:
            return PASSWORD
        if draw < 0.6 and ("document" in lower or "policy" in lower):
            return json.dumps(mutated(self.chance, self.chance.choice(DOCUMENTS)))
        if draw < 0.5:
            return self.chance.choice(("ada", "ben", "cyd", "staff", "shop", "email", "custom:x", "1234"))
        return self.odd_text()

    def odd_text(self) -> str:
        text = self.chance.choice(TEXTS)
        draw = self.chance.random()
        if draw < 0.02:
            return (text or "x") * self.chance.choice((200, 2000, 20_000))
        return text + self.chance.choice(TEXTS) if draw < 0.3 else text

    def odd(self) -> Any:
        draw = self.chance.random()
        if draw < 0.5:
            return self.odd_text()
        if draw < 0.52:
            return deep(self.chance.choice((5, 50, 400)))
        return self.chance.choice(ODD)


GROUPS = (
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "identitypoolid",
    "identityid",
    "userpoolid",
    "clientid",
    "clientsecret",
    "session",
    "devicekey",
    "rolearn",
    "username",
    "groupname",
    "providername",
    "code",
    "arn",
    "token",
)
"""Names that are one: what an answer has as `SessionToken` or `Token` fits where a call wants another token."""


def deep(levels: int) -> Any:
    nested: Any = "x"
    for level in range(levels):
        nested = [nested] if level % 2 else {"a": nested}
    return nested


def mutated(chance: random.Random, value: Any, odd: Any = None) -> Any:
    """A copy in which one value or name somewhere is another."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        copy: dict[str, Any] = dict(value)
        key = chance.choice(list(copy))
        draw = chance.random()
        if draw < 0.1:
            del copy[key]
        elif draw < 0.2:
            copy[chance.choice(TEXTS)] = copy[key]
        else:
            copy[key] = mutated(chance, copy[key], odd)
        return copy
    if isinstance(value, list) and value and chance.random() < 0.8:
        index = chance.randrange(len(value))
        changed = mutated(chance, value[index], odd)
        return [*value[:index], changed, *value[index + chance.randint(0, 1) :]]
    return odd if odd is not None else chance.choice((*ODD, *TEXTS))
