"""Plain data: what there is. It decides nothing."""
