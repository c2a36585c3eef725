"""Messages to users: composed from the pool's templates, and handed to the outbox or to custom senders.

Codes for custom senders are encrypted here, and opened again by the KMS endpoint of this server. Who gets a message,
and when, is decided by the rules of user pools. This shelf may import core.triggers and below.
"""
