"""Bytes ↔ dicts, by the service model."""
