"""What tests stand on: databases, servers and browsers made for one run and gone after it."""
