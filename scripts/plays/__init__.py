"""Random plays: sequences of calls by administrators and users, with what must hold after every step."""
