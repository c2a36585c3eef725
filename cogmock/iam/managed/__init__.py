"""Policies that AWS writes: managed policies (aws.json) and the session policies of guests.

Each is complete, as AWS publishes it. A policy that cannot be stated completely is left out and does not exist.
Knows only the state's ManagedPolicy.
"""
