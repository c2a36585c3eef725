"""Cryptography as pure functions: random bytes and times come in as arguments.

`jws` (RSA keys and JWTs), `sealed` (opaque texts: refresh tokens, sessions), `srp`, `totp`, `webauthn`, `secret_hash`,
`certificate` (self-signed) and `authority` (the local CA of the server).

What a token or a code entitles to does not belong here. This room may import errors, settings and foreign_json; it does
not know state or core (a contract). Heavy libraries are imported where they are first used.
"""
