"""Which rows begin with what was typed: asked in the way that each database has an index for."""

from __future__ import annotations

from django.db import connection
from django.db.models import Q

LAST = "\U0010ffff"


def begins(field: str, text: str) -> Q:
    """`field` begins with the text, case and all. The field needs `db_index` or to be unique.

    SQLite cannot use an index for LIKE, PostgreSQL with a language's order cannot for a range.
    """
    if connection.vendor == "postgresql":
        return Q(**{f"{field}__startswith": text})
    return Q(**{f"{field}__gte": text, f"{field}__lt": text + LAST})
