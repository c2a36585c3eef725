"""From definitions to state: one resource after another, by AWS's own operations, each undone if one is refused.

May know: `definition`, the backends, and the rules of user pools where AWS has no operation for what is wanted.
It never parses a document.
"""
