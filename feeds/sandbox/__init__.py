"""A throw-away community with a movable clock: simulated people, the real services and tasks."""
