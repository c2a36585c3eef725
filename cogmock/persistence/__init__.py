"""State that outlives the process: snapshots, and stores that hold all state after each call.

Here: the state of a world as rows of JSON (`rows`), made by the annotations of the state's classes (`schema`,
`converter`), the document of a snapshot (`snapshot`), and the user data of one pool (`pool_data`).

Not here: which operations there are, AWS's errors, the control API. A field that is added to a class of `state` is
kept without a change here.

It may import `core`, `state`, `standin` and what is below them.
"""
