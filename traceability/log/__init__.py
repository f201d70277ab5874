"""The transparency log: a Merkle tree over the journal, from which nothing can be taken unseen."""
