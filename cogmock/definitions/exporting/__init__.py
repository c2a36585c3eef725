"""From state to a document: what is there now, in the form that `load` reads and `apply` makes again.

May know: the backends, whose Describe operations it asks, and state. It changes nothing.
"""
