"""What happens without a person asking: promises kept after the commit, and a timetable."""
