"""What is decided before an operation runs: its rate, its Region, and whether writes are paused.

`rates` and `throttling` count requests. The modules here know state and calls, and none of the other rules.
"""
