"""Pure functions on strings: cleaning, names, segmentation, tags, language, quality.

Nothing here imports Django or touches a row, so every rule is tested as a table.
"""
