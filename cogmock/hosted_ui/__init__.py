"""The pages of a pool's domain: managed login and the classic hosted UI.

Here: one module for each group of pages with the RULES of its paths, their templates and words, the state of a sign-in
between two pages (`journeys`), the look of a pool (`look`, `managed_look`), and aids for developers (`aids`).

Not here: what a sign-in demands and in which order (`userpools/sign_in`), what an operation checks (the pages call the
same operations as the API, through `directory`), OAuth's own rules (`oauth`).

It may import `oauth`, `userpools` and everything below them.
"""
