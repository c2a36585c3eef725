"""Stand-in identity providers: sign-ins through other providers, without a network.

An OpenID issuer, a SAML identity provider, and servers that take the place of Google, Facebook, Amazon and Apple. They
speak the real protocols, under /_cogmock/idp/, to any client; the user pools of cogmock are one client among others.

This room may import cogmock.crypto, cogmock.settings and cogmock.foreign_json only. It knows nothing of Cognito: what
it needs from the server (clock, randomness, keys, URL, personas) is passed in as a `Context`. `cogmock.web` mounts it.

`routes` finds the function for a request. `page` shows the sign-in page and reads its form. `oauth/` has what the
OpenID issuer and the social providers share; `oidc`, `social/` and `saml/` are the providers.
"""
