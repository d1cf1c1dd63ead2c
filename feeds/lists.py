"""Precomputed lists as snapshots: written whole, read by page, kept while somebody reads on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson
from django.db import connection

from accounts.prepared import Prepared, PreparedUpdate

from .models import FeedList

KEPT_FOR_OPEN_READINGS = timedelta(hours=1)
RECEIPTS = Prepared(
    lambda pk: FeedList.objects.filter(pk=pk).values_list("receipts", flat=True), int
)
STALE = PreparedUpdate(
    lambda kind, key: (
        FeedList.objects.filter(kind=kind, key=key, stale=False),
        {"stale": True},
    ),
    str,
    str,
)


class Item(NamedTuple):
    """One place of a list: which note, which source brought it, and what its reason needs."""

    note_id: int
    source: str
    detail: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    pk: int
    built_at: datetime
    stale: bool
    # As stored: [note id, source, detail]. A page makes items of its window only.
    rows: list[Any]
    # Viewer's taste at building time, for matching pool notes on the page; see taste.as_json.
    taste: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def items(self) -> list[Item]:
        return [Item(*row) for row in self.rows]

    def window(self, offset: int, length: int) -> list[tuple[int, Item]]:
        """(place in the list, item) of the places from `offset` on."""
        part = self.rows[offset : offset + length]
        return [(place, Item(*row)) for place, row in enumerate(part, start=offset)]


def store_list(
    kind: str,
    key: str,
    items: Iterable[Item],
    *,
    now: datetime,
    policy_version: int,
    taste: dict[str, Any] | None = None,
    receipts: Mapping[int, Sequence[Any]] | None = None,
) -> Snapshot:
    """Write a list as the newest snapshot of its kind and key, and drop those nobody reads on."""
    rows = [tuple(item) for item in items]
    stored = FeedList.objects.create(
        kind=kind,
        key=key,
        items=orjson.dumps({"items": rows, "taste": taste or {}}),
        receipts=orjson.dumps(receipts or {}, option=orjson.OPT_NON_STR_KEYS),
        length=len(rows),
        built_at=now,
        policy_version=policy_version,
    )
    FeedList.objects.filter(
        kind=kind, key=key, pk__lt=stored.pk, built_at__lt=now - KEPT_FOR_OPEN_READINGS
    ).delete()
    return Snapshot(stored.pk, now, False, rows, taste or {})


def newest_list(kind: str, key: str) -> Snapshot | None:
    return _read(f"kind = %s AND {_quote('key')} = %s ORDER BY id DESC LIMIT 1", [kind, key])


def list_of_reading(kind: str, key: str, pk: int) -> Snapshot | None:
    """The snapshot a reading started with, if it is still kept and really of this reader."""
    return _read(f"id = %s AND kind = %s AND {_quote('key')} = %s", [pk, kind, key])


def list_address(pk: int) -> tuple[str, str]:
    """Kind and key of a kept list, empty where it is gone."""
    return FeedList.objects.filter(pk=pk).values_list("kind", "key").first() or ("", "")


def receipts_of(pk: int, note_ids: Collection[int]) -> dict[int, list[list[Any]]]:
    """What moved each of these notes to its place in that list: rows of [code, detail, share]."""
    stored = RECEIPTS.first(pk)
    known = orjson.loads(bytes(stored)) if stored else {}
    return {pk: known[str(pk)] for pk in note_ids if str(pk) in known}


def mark_stale(kind: str, keys: Sequence[str], *, built_before: datetime | None = None) -> None:
    """Something happened that these lists (built before then) do not know yet."""
    if built_before is None and len(keys) == 1:  # with each act of somebody
        STALE(kind, keys[0])
        return
    lists = FeedList.objects.filter(kind=kind, key__in=keys, stale=False)
    if built_before is not None:
        lists = lists.filter(built_at__lte=built_before)
    lists.update(stale=True)


def _read(where: str, params: list[Any]) -> Snapshot | None:
    """Plain SQL: this runs on every page, and the ORM costs more than the read."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, built_at, stale, items FROM feeds_feedlist WHERE {where}",  # noqa: S608
            params,
        )
        row = cursor.fetchone()
    if row is None:
        return None
    content = orjson.loads(bytes(row[3]))
    return Snapshot(row[0], _as_datetime(row[1]), bool(row[2]), content["items"], content["taste"])


def _as_datetime(value: datetime) -> datetime:
    """SQLite gives UTC without saying so."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)
