"""The operations of user pools, by subject. No subject knows another."""
