"""Measures cogmock and moto in one run and prints ratios: `python -m scripts.bench [part …]`."""
