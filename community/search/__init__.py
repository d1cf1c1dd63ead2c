"""Search: an index over segmented text, kept current by the outbox, asked through the gate."""
