"""The WSGI application: from a request to the function that answers it, and back.

Here: the fast path for AWS's APIs (`app`), the map of all other paths (`routes`), the protocols (`json_api`,
`query_api`), a pool's domain (`domain`), the control API over HTTP (`control`), which account, Region and pool a
request means (`place`), and journal and log (`exchange`, `log`).

Not here: what an operation, an endpoint, a page or a control call does. Those are in the rooms below, which declare
their paths and never see a socket.

It may import every room but `httpd`, `cli` and `testing`. On the way of an API call or of an issuer's document nothing
here may import Werkzeug: in process both must stay cheap.
"""
