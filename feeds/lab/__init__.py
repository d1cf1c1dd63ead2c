"""Replay: what other settings would have done with lists that were served, and how sure that is."""
