"""The OAuth 2.0 and OpenID Connect endpoints of a user pool's domain.

Here: authorize, token, revoke, userInfo, register and logout, one module each with the RULES of its paths; the
endpoints that identity providers answer to (`idp_response`, `saml_idp_response`, `saml_logout`); the requests and
responses of a domain (`requests`), the declaration of endpoints (`endpoints`), and what endpoints share: the checks of
an authorization request, clients, authorization codes, browser sessions, step-up, states of federated sign-ins.

Not here: pages (`hosted_ui`), finding the pool of a request and common headers (`web/domain`), the contents of tokens
(`core/tokens`), sign-in rules (`userpools/sign_in`), the verification of providers' answers (`federation`).

It may import `userpools` and everything below it. `discovery` imports no Werkzeug: applications fetch its documents in
process.
"""
