"""User pools: the service cognito-idp.

`backend` lists the operations, `operations` has one module for each subject, `sign_in` leads from the first factor to
tokens, `rules` has what several operations decide by; `rules.lookup` alone raises "does not exist".

What is only data belongs in `cogmock.state`; tokens, triggers and messages in `cogmock.core`; the OAuth endpoints and
the pages in `cogmock.oauth` and `cogmock.hosted_ui`. This room may import federation, core, state, wire and crypto, and
imports neither HTTP libraries nor an AWS client. Inside, each layer imports only those after it: backend, operations,
sign_in, rules.
"""
