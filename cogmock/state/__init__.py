"""The state of the world as plain data: dataclasses and tables, without decisions.

A class has fields and, at most, what keeps them consistent (indexes, expiry). Checks and AWS's errors belong in the
services (`cogmock.userpools`, `cogmock.identitypools`, `cogmock.iam`). Stored settings have AWS's shapes (`shapes`).
This room may import wire, crypto and the generated types in `cogmock.aws`.
"""
