"""Triggers: the events that functions of a user pool get, and how their answers are read.

Failures of functions become the errors that AWS's callers see, and each run is noted in the journal. What is done with
an answer is decided where the trigger is fired. This shelf may import core.functions and below.
"""
