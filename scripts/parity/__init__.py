"""The same scenarios at two endpoints, and the differences between their answers."""
