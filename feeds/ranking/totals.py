"""Totals of notes, summed from their hours in one statement."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

# What is counted, in the order in which facts carry it.
COUNTS = (
    "impressions", "opens", "dwell_seconds", "likes", "collects", "comments", "shares", "follows",
    "hides",
)  # fmt: skip
AT_ONCE = 900


def refresh(note_ids: Collection[int]) -> None:
    """Make the totals of these notes the sums of their hours."""
    ids = list(note_ids)
    for start in range(0, len(ids), AT_ONCE):
        chunk = ids[start : start + AT_ONCE]
        marks = ", ".join(["%s"] * len(chunk))
        with connection.cursor() as cursor:
            cursor.execute(summing(f"note_id IN ({marks})"), chunk)


def summing(where: str) -> str:
    """The statement that sums the hours of the notes chosen by `where`."""
    columns = ", ".join(COUNTS)
    sums = ", ".join(f"SUM({name})" for name in COUNTS)
    sets = ", ".join(f"{name} = excluded.{name}" for name in COUNTS)
    return (
        f"INSERT INTO ranking_notetotals (note_id, {columns})"  # noqa: S608
        f" SELECT note_id, {sums} FROM feeds_notehour WHERE {where} GROUP BY note_id"
        f" ON CONFLICT (note_id) DO UPDATE SET {sets}"
    )
