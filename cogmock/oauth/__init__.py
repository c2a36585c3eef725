"""The OAuth and OpenID Connect endpoints of user pools."""
