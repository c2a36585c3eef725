"""A SAML 2.0 identity provider: metadata, sign-in by redirect and POST, IdP-initiated sign-in, single logout.

Needs lxml and signxml (the extra `saml`). `routes` says so where they are missing; nothing else imports this package.
"""
