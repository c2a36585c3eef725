"""Temporary credentials: issuing and checking them, assuming roles, and deciding what a session may do.

web_identity and saml_identity verify assertions; assumption issues credentials of a role; root_tasks those of a root
user; authorize decides what a session may do; outbound_tokens identifies a session to services outside AWS.
May import rules and policy, but not operations. Identity pools, the proxy and the control API call in here.
"""
