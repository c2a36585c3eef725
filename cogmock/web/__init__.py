"""Where bytes come in: the WSGI application, and the server that puts it on a port."""
