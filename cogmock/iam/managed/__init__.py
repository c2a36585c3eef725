"""Policies that AWS itself writes."""
