"""Rows that are brought in from a file: which columns there are, what stands in each row."""
