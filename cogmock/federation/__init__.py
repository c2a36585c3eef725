"""Verification of what outside identity providers assert.

Here: ID tokens of OpenID issuers with keys found by discovery, SAML responses and metadata, tokens of social
providers. Everything received is treated as hostile: sizes, algorithms, times and audiences are limited.

Not here: the providers of a user pool or account and what a verified user may do; they are in `userpools`, `iam` and
`identitypools`.

May import `core` and the rooms below it. Requests to other servers go through `core.outside`, inside `call.outside()`.
"""
