"""The console at `/_cogmock/`: pages that show what happens in the server, and why.

Here: one module for each section (`inbox`, `calls`, `users` …) that renders its pages with jinja2 from `templates/`,
`static/` with the style sheet and the small script for what is live, `routes` with all addresses, and `context`, by
which a page asks the server.

Not here: knowledge of the state. The console knows the server by its APIs alone, the control API and AWS's own, as a
program elsewhere would; `web/console` mounts it and makes these calls in process. Pages that only show work without
JavaScript. Nothing is built, and nothing is fetched from another server.

It imports no other room.
"""
