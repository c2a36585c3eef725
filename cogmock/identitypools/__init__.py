"""Identity pools: the service cognito-identity."""
