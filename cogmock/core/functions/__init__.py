"""Lambda functions: where one is found, how it is invoked, and how that can fail.

A function is a Python callable, a URL, or a name at an endpoint that speaks Lambda's Invoke API. What an event means
belongs to core.triggers; this shelf hands bytes over and brings bytes back. It may import core.world and below.
"""
