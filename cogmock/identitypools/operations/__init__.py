"""The operations of identity pools, by subject. No subject knows another."""
