"""The operations of identity pools: one module for each subject, listed in backend.py.

Logic that two operations share belongs in rules. No operation module imports another.
"""
