"""What several subjects decide by."""
