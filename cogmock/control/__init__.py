"""The control API: what tests need and AWS has no API for.

Here: one function for each call (`/_cogmock/messages`, `/clock`, `/requests` …), the table of calls (`api.CALLS`), how
their parameters are checked (`requests`), and who may call them (`guard`).

Not here: HTTP. A call gets a ControlRequest, and returns what is sent as JSON or a ControlResponse; `web/control` makes
rules of the table, and `testing/control` makes the same calls in process, without Werkzeug.

It may import the services (`userpools`, `identitypools`, `iam`) and everything below them, not `web`, `oauth` pages or
`protect`.
"""
