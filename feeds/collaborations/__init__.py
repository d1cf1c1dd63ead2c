"""Brands and creators who work together: a directory by real reach, offers, drafts, and a label."""
