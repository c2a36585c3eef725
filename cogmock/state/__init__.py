"""The state of the world as plain data: dataclasses and tables, without decisions.

Here: one module for each kind of resource (accounts, Regions, user pools, users, clients, domains, sessions, identity
pools, IAM), the collections that hold them (`table`: rows in insertion order with indexes; `expiring`: values that
expire), and the AWS shapes of stored settings (`shapes`). A class has fields and, at most, what keeps them
consistent (indexes, expiry, keys that are stored once).

Not here: checks and AWS's errors (`userpools`, `identitypools`, `iam`), the clock, randomness and the lock (`core`),
writing state to documents and snapshots (`definitions`, `control`).

It may import `wire`, `crypto` and the generated types in `aws`.
"""
