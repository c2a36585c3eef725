"""Messages to users: composed from the pool's templates, and encrypted codes for custom senders."""
