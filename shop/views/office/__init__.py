"""The pages of the cooperative's office, under `/quan-ly`."""
