"""Lambda triggers of user pools: the events, what functions may answer, and failures in AWS's words."""
