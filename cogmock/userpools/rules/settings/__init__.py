"""Settings of pools and clients: defaults, and what AWS refuses."""
