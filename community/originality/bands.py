"""The lookup: who is found under a few keys, in one statement, however many are stored there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import islice
from typing import NamedTuple

from django.db import connection

from .models import Band

# Of all that share a key only the earliest few are looked at: a thousand notes of the same words
# cost each newcomer no more than ten, and the original is among the earliest.
EARLIEST = 8
# Keys asked for in one statement; SQLite takes 500 parts of a UNION.
AT_ONCE = 250

_PART = (
    "SELECT * FROM (SELECT {key}, note_id, image_id FROM {table} WHERE {key} = %s"
    " ORDER BY since, note_id LIMIT {most}) AS earliest_{number}"
)


class Found(NamedTuple):
    """A text (`image_id` None) or a picture that is stored under a key."""

    note_id: int
    image_id: int | None


def earliest_of(keys: Collection[int]) -> dict[int, list[Found]]:
    """The earliest entries of each key that has any."""
    found: dict[int, list[Found]] = defaultdict(list)
    ordered = iter(sorted(set(keys)))
    with connection.cursor() as cursor:
        while chunk := list(islice(ordered, AT_ONCE)):
            cursor.execute(_statement(len(chunk)), chunk)
            for key, note_id, image_id in cursor.fetchall():
                found[key].append(Found(note_id, image_id))
    return found


def _statement(keys: int) -> str:
    quote = connection.ops.quote_name
    names = {"table": quote(Band._meta.db_table), "key": quote("key"), "most": EARLIEST}
    return " UNION ALL ".join(_PART.format(number=number, **names) for number in range(keys))


def put(rows: Iterable[Band]) -> None:
    Band.objects.bulk_create(rows, batch_size=1_000)
