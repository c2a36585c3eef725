"""What outside providers assert, verified."""
