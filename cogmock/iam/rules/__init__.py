"""What several operations of IAM and STS decide by."""
