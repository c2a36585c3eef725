"""Password hashes of other systems, as user import takes them: BCRYPT, ARGON2ID, SCRYPT and PBKDF2_SHA256.

The cost of a hash is bounded, because each check of a password has to pay it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import NamedTuple

LIBRARIES = {"BCRYPT": "bcrypt", "ARGON2ID": "argon2"}
"""Algorithm → the library that is needed; the others are in Python itself."""
LONGEST = 512
"""Characters of a hash."""
BCRYPT_BYTES = 72
"""bcrypt ignores what a password has beyond this."""
MOST_MEMORY = 256 * 1024
"""KiB that one check may take."""

_BASE64 = r"[A-Za-z0-9+/.]+={0,2}"
_BCRYPT = re.compile(r"\$2[aby]\$(?P<cost>\d\d)\$[./A-Za-z0-9]{53}", re.ASCII)
_ARGON2ID = re.compile(
    rf"\$argon2id\$v=19\$m=(?P<memory>\d{{1,9}}),t=(?P<time>\d{{1,4}}),p=(?P<lanes>\d{{1,3}})\${_BASE64}\${_BASE64}",
    re.ASCII,
)
_SCRYPT = re.compile(
    rf"\$scrypt\$ln=(?P<log_n>\d{{1,2}}),r=(?P<r>\d{{1,3}}),p=(?P<p>\d{{1,3}})"
    rf"\$(?P<salt>{_BASE64})\$(?P<hash>{_BASE64})",
    re.ASCII,
)
_PBKDF2 = re.compile(
    rf"\$pbkdf2-sha256\$(?:i=)?(?P<rounds>\d{{1,8}})(?:,l=\d+)?\$(?P<salt>{_BASE64})\$(?P<hash>{_BASE64})",
    re.ASCII,
)
_DJANGO = re.compile(rf"pbkdf2_sha256\$(?P<rounds>\d{{1,8}})\$(?P<salt>[^$]+)\$(?P<hash>{_BASE64})", re.ASCII)

Parts = Mapping[str, str]


class Form(NamedTuple):
    """One way to write the hashes of an algorithm."""

    pattern: re.Pattern[str]
    is_affordable: Callable[[Parts], bool]
    check: Callable[[str, Parts, bytes], bool]


def is_usable(algorithm: str, text: str) -> bool:
    """Whether a text is a hash of this algorithm that can be checked at a reasonable cost."""
    return _parsed(algorithm, text) is not None


def lacking(algorithm: str) -> str | None:
    """The library that is needed to check hashes of an algorithm and is not installed."""
    library = LIBRARIES.get(algorithm)
    return library if library and find_spec(library) is None else None


def matches(text: str, password: str) -> bool:
    """Whether a password has this hash. Takes up to some seconds: do not call it under the world's lock."""
    for algorithm in FORMS:
        found = _parsed(algorithm, text)
        if found is not None:
            form, parts = found
            return form.check(text, parts, password.encode())
    return False


def _parsed(algorithm: str, text: str) -> tuple[Form, Parts] | None:
    for form in FORMS[algorithm] if len(text) <= LONGEST else ():
        found = form.pattern.fullmatch(text)
        if found and form.is_affordable(found.groupdict()):
            return form, found.groupdict()
    return None


def _bcrypt(text: str, _parts: Parts, password: bytes) -> bool:
    import bcrypt

    try:
        return bcrypt.checkpw(password[:BCRYPT_BYTES], text.encode())
    except ValueError:  # a salt that cannot be one
        return False


def _argon2id(text: str, _parts: Parts, password: bytes) -> bool:
    import argon2

    try:
        return argon2.PasswordHasher().verify(text, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def _scrypt(_text: str, parts: Parts, password: bytes) -> bool:
    wanted = _decoded(parts["hash"])
    n, r, p = 1 << int(parts["log_n"]), int(parts["r"]), int(parts["p"])
    given = hashlib.scrypt(
        password,
        salt=_decoded(parts["salt"]),
        n=n,
        r=r,
        p=p,
        maxmem=2 * MOST_MEMORY * 1024,
        dklen=len(wanted),
    )
    return hmac.compare_digest(given, wanted)


def _pbkdf2(_text: str, parts: Parts, password: bytes) -> bool:
    return _derived(parts, password, _decoded(parts["salt"]))


def _django(_text: str, parts: Parts, password: bytes) -> bool:
    """Django writes the salt as it is, where others encode it."""
    return _derived(parts, password, parts["salt"].encode())


def _derived(parts: Parts, password: bytes, salt: bytes) -> bool:
    wanted = _decoded(parts["hash"])
    given = hashlib.pbkdf2_hmac("sha256", password, salt, int(parts["rounds"]), len(wanted))
    return hmac.compare_digest(given, wanted)


def _decoded(text: str) -> bytes:
    """Base64 without padding, with `.` for `+` as passlib writes it."""
    bare = text.rstrip("=").replace(".", "+")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)


def _is_base64(*texts: str) -> bool:
    try:
        return all(_decoded(text) for text in texts)
    except (binascii.Error, ValueError):
        return False


def _can_bcrypt(parts: Parts) -> bool:
    return 4 <= int(parts["cost"]) <= 15


def _can_argon2(parts: Parts) -> bool:
    memory, lanes = int(parts["memory"]), int(parts["lanes"])
    return 1 <= lanes <= 16 and 8 * lanes <= memory <= MOST_MEMORY and 1 <= int(parts["time"]) <= 16


def _can_scrypt(parts: Parts) -> bool:
    log_n, r, p = (int(parts[name]) for name in ("log_n", "r", "p"))
    memory = (1 << log_n) * r // 8  # 128 bytes each
    is_bounded = 1 <= log_n <= 20 and r >= 1 and 1 <= p <= 16 and memory <= MOST_MEMORY
    return is_bounded and _is_base64(parts["salt"], parts["hash"])


def _can_pbkdf2(parts: Parts) -> bool:
    return _can_django(parts) and _is_base64(parts["salt"])


def _can_django(parts: Parts) -> bool:
    return 1 <= int(parts["rounds"]) <= 5_000_000 and _is_base64(parts["hash"])


FORMS = {
    "BCRYPT": (Form(_BCRYPT, _can_bcrypt, _bcrypt),),
    "ARGON2ID": (Form(_ARGON2ID, _can_argon2, _argon2id),),
    # inferred: AWS does not say how these two are written. These are the forms of passlib, and of Django.
    "SCRYPT": (Form(_SCRYPT, _can_scrypt, _scrypt),),
    "PBKDF2_SHA256": (Form(_PBKDF2, _can_pbkdf2, _pbkdf2), Form(_DJANGO, _can_django, _django)),
}
