"""Which partitions the table of events has, and which month is in which. Months are of UTC.

feeds_event                the table that everybody reads and writes
feeds_event_before         everything from before it was divided
feeds_event_2026_11        a month
feeds_event_default        whatever no other takes, so that nothing accepted is lost
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from django.db import connection

TABLE = "feeds_event"
BEFORE, DEFAULT = f"{TABLE}_before", f"{TABLE}_default"
MONTH = re.compile(rf"{TABLE}_(\d{{4}})_(\d\d)")


def month_of(at: datetime) -> datetime:
    """The first moment of its month."""
    return datetime(at.astimezone(UTC).year, at.astimezone(UTC).month, 1, tzinfo=UTC)


def month_after(month: datetime, count: int = 1) -> datetime:
    years, months = divmod(month.month - 1 + count, 12)
    return month.replace(year=month.year + years, month=months + 1)


def name_of(month: datetime) -> str:
    return f"{TABLE}_{month:%Y_%m}"


def is_divided(database: Any = connection) -> bool:
    if database.vendor != "postgresql":
        return False
    with database.cursor() as cursor:
        cursor.execute("SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass(%s)", [TABLE])
        return cursor.fetchone() == (True,)


def months(database: Any = connection) -> dict[datetime, str]:
    """Month → name of its partition, the oldest first."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
            " WHERE inhparent = to_regclass(%s) ORDER BY relname",
            [TABLE],
        )
        names = [name for (name,) in cursor.fetchall()]
    found = ((MONTH.fullmatch(name), name) for name in names)
    return {datetime(int(m[1]), int(m[2]), 1, tzinfo=UTC): name for m, name in found if m}
