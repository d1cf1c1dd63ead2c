"""Up to which number nothing can still appear: for marks such as "told until here".

Numbers are given when a row is written and seen when its transaction ends. On SQLite writers take
turns, so both are one order. On PostgreSQL a row may appear below others that were seen before it;
whoever goes on behind the newest one would miss it for ever.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models import Max, Min, QuerySet
from django.db.models.expressions import RawSQL

# Of a transaction that was running, or had not begun, when some transaction still running began.
# `age` compares numbers of transactions that begin anew after four thousand million; rows asked
# about have to be younger than half of these.
UNSETTLED = "age({table}.xmin) <= age(pg_snapshot_xmin(pg_current_snapshot())::xid)"


def newest_settled(rows: QuerySet[Any]) -> int:
    """The highest primary key among these rows below which no row of theirs can appear any more;
    0 where there is none. Ask about rows of the last days only."""
    if connections[rows.db].vendor == "postgresql":
        first = _unsettled(rows).aggregate(first=Min("pk"))["first"]
        if first is not None:
            rows = rows.filter(pk__lt=first)
    return int(rows.aggregate(last=Max("pk"))["last"] or 0)


def _unsettled(rows: QuerySet[Any]) -> QuerySet[Any]:
    table = connections[rows.db].ops.quote_name(rows.model._meta.db_table)
    return rows.annotate(unsettled=RawSQL(UNSETTLED.format(table=table), [])).filter(unsettled=True)
