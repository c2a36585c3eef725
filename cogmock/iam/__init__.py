"""IAM and STS, as far as Cognito leans on them."""
