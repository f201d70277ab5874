"""What people typed, turned into checked values or refused with a reason."""
