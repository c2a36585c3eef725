"""What all services are built on: calls and the world they run in, time, randomness, keys, tokens, messages, triggers.

`world` holds all state, settings, the clock and one lock; a `call` is one request against it and holds the lock while
it runs. `backend` and `operation` bind functions to the operations of a service model. `outbox`, `delivery`, `journal`
and `excerpt` keep what was sent and asked. `outside` asks other servers. `fork` makes locks anew in a child process.
Shelves: `functions` (invoking Lambda functions), `triggers` (their events), `tokens` and `messages`.

What belongs to one service only (rules of user pools, of IAM, of the OAuth endpoints) does not belong here, and
neither do HTTP requests. This room may import state, wire, crypto, settings, errors, foreign_json and blocking. The
order of its modules is a contract in pyproject.toml.
"""
