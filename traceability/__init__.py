"""What happened to a batch, and how to show and prove it: codes, events, lineage, proof, labels.

The package needs nothing but the standard library. Importing it loads none of its modules:
say `from traceability import gtin`, and only that is read.
"""
