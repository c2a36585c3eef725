"""The operations of IAM and STS: one module for each subject, listed in backend.py.

Each is a plain function that takes a call and the checked parameters and returns the answer in AWS's shape.
Logic that two operations share belongs in rules or sessions. No operation module imports another.
"""
