"""The feeds over HTTP for programs: each card with its reason, events back in idempotent batches."""
