"""The users of a pool: attributes, aliases, filters, sessions, and how AWS shows them.

What proves that a user is who they say (passwords, codes, passkeys) belongs in `proofs`. Of the other shelves it may
import `settings`.
"""
