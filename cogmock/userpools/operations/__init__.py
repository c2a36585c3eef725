"""The operations of user pools, one module for each subject in `backend.subjects`.

An operation is a plain function with `@operation`: it looks things up, checks, changes the state and returns AWS's
shape. The first line of its docstring is its note in docs/operations.md. What several operations decide by belongs in
`rules`, what proves an identity in `sign_in`. An operation module imports neither `backend` nor another of its kind.
"""
