"""What templates are given, for buyers and for the office: rows turned into words, addresses."""
