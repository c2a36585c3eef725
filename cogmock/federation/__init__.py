"""Federation with external identity providers: requests to them, and the verification of their answers.

Here: for user pools, authorization requests (`sign_in_request`, `saml_request`), redeeming codes (`code_exchange`,
`apple`) and verifying ID tokens (`upstream_tokens`) and SAML responses (`saml_response`, with its signatures and
encryption); for identity pools and STS, verifying tokens of OIDC, social and SAML providers (`id_tokens`, `social`,
`saml`); for both, discovery documents, SAML metadata and XML parsing.

Not here: the endpoints and the redirects of a pool's domain (`oauth`), which user a verified identity belongs to
(`userpools/sign_in/federated`), which role it may assume (`iam`, `identitypools`), stand-in providers (`standin`).

It may import `core`, `state`, `crypto` and `settings`, and `standin.hosts` for the hosts that stand-ins replace.
Functions that fetch something say so; they are never called under the world's lock.
"""
