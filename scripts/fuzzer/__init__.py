"""Random requests of all kinds, for `scripts.fuzz`."""
