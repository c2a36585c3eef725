"""Which cogmock this is. Packaging reads it here, and so does the control API: to ask the installation takes 20 ms."""

__version__ = "0.1.0"
