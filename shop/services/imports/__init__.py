"""Bringing in products, members and batches from a file: try first, once, and back again."""
