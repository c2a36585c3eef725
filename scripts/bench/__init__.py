"""Measures cogmock beside moto, in one run, and prints ratios. `python -m scripts.bench [part …]`."""
