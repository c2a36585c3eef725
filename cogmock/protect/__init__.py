"""The enforcing proxy: other services of AWS behind the same endpoint, each call judged by the caller's policies."""
