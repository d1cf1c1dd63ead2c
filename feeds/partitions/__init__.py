"""The table of events on PostgreSQL: a partition a month, made ahead and dropped whole.

layout      names, months and bounds; what the catalogue says is there
dividing    a table in use made into partitions; called by a migration
keeping     months made ahead; old ones dropped, or emptied a few rows at a time

SQLite has one table and needs nothing of this (docs/decisions/0054-events-by-month.md).
"""
