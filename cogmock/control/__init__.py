"""The control API: what AWS does not have, and tests need."""
