"""What several operations share: lookup, providers and their names, logins, identities, role choice, principal tags.

`login` defines a verified login; `logins` and `outside` verify tokens; `identities` links logins to identities;
`role_mapping` chooses the role. Only `lookup` raises ResourceNotFoundException.
"""
