"""Which notes tell or show what an earlier note told or showed (docs/decisions/0010)."""
