"""What to show whom, and why. The upper room: it listens to the others and is known by none."""
