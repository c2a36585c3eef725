"""Which cogmock this is. Packaging reads it here, and so does the control API: to ask the installation takes 20 ms."""

__version__ = "0.1.0"

DOCS = "https://github.com/cogmock/cogmock/blob/main/docs"
"""Where the pages of the documentation are, for messages that name one: an installed package has no docs."""
