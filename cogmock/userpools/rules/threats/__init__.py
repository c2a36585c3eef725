"""Threat protection: when it is on, what a request says of its caller, how a risk is judged, and what follows.

AWS's own model of risks is not public. The rules here are few, repeatable and documented (docs/threat-protection.md),
and PUT /_cogmock/risk overrides them.
"""
