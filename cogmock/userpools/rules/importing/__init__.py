"""User import: the CSV file, what becomes of each row, and the job that goes through them.

Rows are imported in a thread, a batch at a time under the world's lock, so that other calls are answered meanwhile.
"""
