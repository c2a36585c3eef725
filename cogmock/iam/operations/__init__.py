"""The operations of IAM, by subject."""
