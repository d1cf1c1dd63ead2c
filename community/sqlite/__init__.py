"""The ENGINE of the embedded database (docs/decisions/0055-who-asks.md)."""
