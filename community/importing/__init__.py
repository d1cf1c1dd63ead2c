"""Bring a community in from elsewhere: JSON Lines, as docs/import-format.md describes.

`lines` reads and decodes, `fields` checks single values, `shapes` makes records of lines, `people`,
`notes` and `acts` write records set-based, `importer` holds it together. The rules about texts,
names, tags and places are those of the services; only the writing is done in batches.
"""
