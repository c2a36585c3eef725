"""From the tree of a document to its definitions.

All faults that can be told without the running state are found here, each with its path and line.
May know: `nodes`, `blocks`, `files`, `aws_members`, `definition`. It neither reads nor changes state.
"""
