"""Bytes to dicts and back, by AWS's service models, and the forms that requests and names have on the wire.

`model` loads a service model, `constraints` and `patterns` check parameters in AWS's words, `json11` and `query` are
the two protocols, `mask` hides what is sensitive, `sigv4` reads and computes signatures, `arns` and `hosts` know the
names of AWS.

What an operation does, and who may call it, does not belong here. This room may import errors, settings, foreign_json
and the generated models in `aws`; it does not know state or core (a contract).
"""
