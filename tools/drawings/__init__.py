"""Drawings of the demo's packs, in the hand of the drawings of its products."""
