"""The tokens that cogmock signs: those of user pools and those of identity pools.

Claims are collected here, the pre token generation trigger is asked, and refresh tokens are sealed and opened. Who may
have a token is decided by the rules of the services. Tokens of other issuers belong to `federation`. This shelf may
import core.triggers and below.
"""
