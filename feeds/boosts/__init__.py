"""Boosts (加热): places that an author pays for, marked as such, charged by what was delivered."""
