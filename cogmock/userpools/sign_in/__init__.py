"""Sign-in: from the first factor to tokens.

`entrance` checks client and request and begins an attempt. `flow` alone chooses the next challenge, from its table of
`steps`; a step asks one question and checks the answer. `questions` keeps open challenges and their sessions. `grant`
ends a sign-in with a session and tokens; `refresh` and `token_exchange` give tokens without one.

The pages and the OAuth endpoints use the same functions as the API. Nothing here reads HTTP requests. It may import the
rules, not the operations.
"""
