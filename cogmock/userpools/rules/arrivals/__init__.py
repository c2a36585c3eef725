"""How users are created: sign-up, by an administrator, by migration; and how they are confirmed.

Here because operations and sign-in both create users. It may import all other shelves of the rules.
"""
