"""The HTTP/1.1 server: sockets, threads, TLS and the reading of requests. It serves any WSGI application."""
