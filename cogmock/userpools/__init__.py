"""User pools: the service cognito-idp."""
