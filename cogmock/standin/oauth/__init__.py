"""OAuth 2.0 and OpenID Connect, as far as the OpenID issuer and the social providers share it."""
