"""Settings of pools and clients: AWS's defaults and what AWS refuses.

A module takes the members of a request and returns the settings that are stored. Nothing here looks at users. It
imports no other shelf of the rules.
"""
