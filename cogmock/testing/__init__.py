"""cogmock in tests: the mock, the fixtures, and what they hand out."""
