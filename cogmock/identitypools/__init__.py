"""Identity pools: the service cognito-identity.

Belongs here: pools, identities, the verification of logins, the choice of a role, principal tags, and the two flows
that end in credentials. Does not belong here: issuing the credentials themselves and evaluating policies (iam), and
the tokens of identity pools, which STS reads too (core.tokens).

backend lists the operations, operations has one module for each subject, rules what they share; `rules.lookup` alone
raises ResourceNotFoundException. May use iam (sessions, rules, managed), federation, core and state. User pools are
reached only through state and core.tokens: this package and userpools do not know each other.
"""
