"""What both services lean on: calls, time, chance, keys, tokens, messages."""
