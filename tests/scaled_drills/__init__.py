"""Drills that need real servers: `make drills-scaled`. Skipped by everybody else."""
