"""The feeds over HTTP for programs: cards with their reasons, events in idempotent batches."""
