"""Tests: what each folder proves stands in its own modules."""
