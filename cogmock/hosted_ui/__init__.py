"""The pages of a pool's domain, on which people sign in."""
