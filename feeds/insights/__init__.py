"""What became of every note, for whoever wrote it: roll-ups of what readers did, read and drawn."""
