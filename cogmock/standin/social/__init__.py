"""Stand-ins for Google, Facebook, Amazon and Apple: their paths, claims and answers, each with its own quirks."""
