"""Webhooks: what happens to what is mine, told to an address of mine, signed, until it answers."""
