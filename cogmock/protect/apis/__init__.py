"""The guards in front of APIs: they stand where API Gateway (REST and HTTP APIs) and AppSync stand.

Order of the modules: addresses and paths find the API and read the path; routing finds the route; tokens and signers
authenticate; contexts says who called, for the server behind; upstream passes on; refusals and cors make answers of
the gateway's own. gateway puts these together for API Gateway, the shelf graphql for AppSync; entrance is the way in.
"""
