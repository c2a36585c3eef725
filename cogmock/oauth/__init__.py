"""The OAuth 2.0 and OpenID Connect endpoints of a user pool's domain.

Here: authorize, token, revoke, userInfo, register and logout, one module each with the RULES of its paths; the requests
and responses of a domain (`requests`), how endpoints are declared (`endpoints`), and what endpoints share: clients,
authorization codes, step-up.

Not here: pages (`hosted_ui`), which pool a request means and common headers (`web/domain`), tokens themselves
(`core/tokens`), sign-in rules (`userpools/sign_in`).

It may import `userpools` and everything below it. `discovery` imports no Werkzeug: applications fetch its documents in
process.
"""
