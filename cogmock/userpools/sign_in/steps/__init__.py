"""The steps of a sign-in, one module for each kind of challenge.

A step has a function that asks and one that checks the answer (`attempt.Step`). It never chooses what comes next:
`sign_in.flow` does.
"""
