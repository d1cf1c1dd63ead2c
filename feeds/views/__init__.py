"""The pages that list notes: parse what was asked, serve, render."""
