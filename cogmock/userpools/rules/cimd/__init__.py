"""Client ID metadata documents (CIMD): clients that are not registered, and name themselves by a URL."""
