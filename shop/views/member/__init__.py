"""The pages of members and of those who help them, under `/thanh-vien`."""
