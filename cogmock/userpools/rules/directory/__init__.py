"""Users of a pool: attributes, aliases, filters, sessions, and how AWS shows them."""
