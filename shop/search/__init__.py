"""The index behind `index()` and `find()`, and how text is folded for it."""
