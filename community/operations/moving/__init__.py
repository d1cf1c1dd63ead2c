"""A community moved from its SQLite file into PostgreSQL: docs/operations.md, 'To PostgreSQL'.

values     what a value of SQLite is in a column of PostgreSQL, and where it does not fit
digests    one number for all rows of a table, the same on both sides
source     a SQLite file as it was at one moment, read and never written
target     the configured PostgreSQL: its tables, sequences and foreign keys
steps      the move: everything in one transaction, compared before it is kept
"""
