"""The HTTP/1.1 server, for any WSGI application.

Here: listening sockets, the threads that serve connections, TLS, parsing requests, writing responses, and every limit
that protects the server from a client (sizes, times, framing). Listening is that of `werkzeug.serving`; the parser is
httptools, or h11 where that has no wheel.

Not here: anything about Cognito, AWS or paths. The server learns all it needs from its arguments.

It may import `crypto` (for the local certificate authority) and `blocking`, and nothing else of cogmock; a contract in
pyproject.toml holds that.
"""
