"""The test of a second cover: the first pool shows each to one half, the better one stays."""
