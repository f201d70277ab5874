"""The tables of the first release, in parts."""
