"""What the storefront's templates are given: rows turned into words and addresses."""
