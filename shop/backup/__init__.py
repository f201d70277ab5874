"""Keeping a copy of the whole installation in one file, and bringing it back whole or not at all.

A backup is a zip file: the database, the files of `var`, and `manifest.json` with the SHA-256 of
each part. Any unzip program opens it.
"""
