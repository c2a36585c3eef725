"""Definitions: one document that says which pools, clients, users, roles and identity pools there shall be.

What belongs here: reading the document (YAML, TOML, JSON) with the line of each key, checking it against AWS's
service models and the tables of cogmock's own keys, and applying it: what is missing is created, what differs is
updated, and either all of it takes effect or nothing does.
What does not: HTTP, the command line and progress bars. They call `load` and `apply`.
May know: the backends of user pools, identity pools and IAM, and the rooms beneath them. No room beneath imports it.

The way of a document: `nodes` (text → nodes with lines) → `variables` (`${VAR}`) → `blocks` (what each key means,
faults with path and line) → `apply` (one resource after another, each undone if a later one is refused).
"""
