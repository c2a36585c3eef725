"""Temporary credentials: assumed by role, web identity or SAML, checked, and what they may do."""
