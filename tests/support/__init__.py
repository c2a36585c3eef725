"""Helpers that several test folders share: environments made through boto3, clients, browsers, outside providers."""
