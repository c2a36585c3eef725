"""How users come to be: sign-up, creation, migration, confirmation."""
