"""Lambda functions: where one is found, how it is invoked, and how that can fail."""
