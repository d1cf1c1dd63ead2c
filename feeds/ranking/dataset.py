"""Impressions of logged lists, joined to what came of them.

Everything is read in primary-key order in bounded pages, the newest impressions first: tables may
hold years.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import models
from numpy.typing import NDArray

from feeds.features import FEATURES, SCHEMA
from feeds.models import Event, Impression
from feeds.policy import Policy

from . import logged
from .models import RankedList
from .table import OBJECTIVES, Cleaned, Ints, Table, cleaned

Kind = Event.Kind
PAGE = 20_000
LISTS_AT_ONCE = 300
IDS_AT_ONCE = 900
# Devices may report an event this late, so that its row stands behind newer ones.
LATE = timedelta(days=1)
LABEL_OF = {
    Kind.OPEN: "open", Kind.LIKE: "like", Kind.UNLIKE: "like", Kind.COLLECT: "collect",
    Kind.UNCOLLECT: "collect", Kind.COMMENT: "comment", Kind.SHARE: "share",
    Kind.FOLLOW: "follow", Kind.HIDE: "hide", Kind.DWELL: "long_read",
}  # fmt: skip
UNDONE = (Kind.UNLIKE, Kind.UNCOLLECT)
# Bits of a note's number in the key of a person and a note.
NOTE_BITS = 40


@dataclass(frozen=True, slots=True)
class _Shown:
    """Impressions of logged lists, newest first."""

    people: Ints
    notes: Ints
    lists: Ints
    at: NDArray[np.float64]


def load(*, now: datetime, policy: Policy) -> Cleaned:
    """The examples of the last `log_days` whose time for acts has passed, oldest first."""
    rules = policy.ranking
    until = now - timedelta(hours=rules.label_hours)
    since = now - timedelta(days=rules.log_days)
    shown = _impressions(since, until, rules.most_impressions)
    table = _with_features(shown)
    if not len(table):
        return Cleaned(table)
    busy = label_rows(table, policy)
    left = cleaned(table, busy=busy, most_per_person=rules.most_per_person)
    return replace(left, table=left.table.in_order())


# ---------------------------------------------------------------- impressions
def _impressions(since: datetime, until: datetime, most: int) -> _Shown:
    oldest = first_pk_since(Impression, since)
    pages: list[NDArray[np.float64]] = []
    count, before = 0, None
    while oldest is not None and count < most:
        rows = Impression.objects.filter(pk__gte=oldest, list_id__isnull=False)
        if before is not None:
            rows = rows.filter(pk__lt=before)
        columns = ("pk", "person_id", "note_id", "list_id", "at")
        page = list(rows.order_by("-pk").values_list(*columns)[:PAGE])
        if not page:
            break
        before = page[-1][0]
        kept = _logged_ones({row[3] for row in page})
        found = [
            (*row[1:4], row[4].timestamp())
            for row in page
            if row[3] in kept and since <= row[4] <= until
        ]
        pages.append(np.array(found, np.float64).reshape(-1, 4))
        count += len(found)
    all_rows = np.concatenate([np.zeros((0, 4)), *pages])[:most]
    people, notes, lists = (all_rows[:, column].astype(np.int64) for column in range(3))
    return _Shown(people, notes, lists, all_rows[:, 3])


def _logged_ones(list_ids: set[int]) -> set[int]:
    """Those of these lists that were logged with the features of today, of people who did not
    switch personal recommendations off since."""
    ids, known = list(list_ids), set()
    rows = RankedList.objects.filter(schema=SCHEMA).exclude(person__in=logged.withdrawn())
    for start in range(0, len(ids), IDS_AT_ONCE):
        chunk = ids[start : start + IDS_AT_ONCE]
        known |= set(rows.filter(list_id__in=chunk).values_list("list_id", flat=True))
    return known


def first_pk_since(model: type[models.Model], at: datetime) -> int | None:
    """About the first row written since a time, found by halving: rows are written in time order.

    None where nothing was written since.
    """
    rows = model._default_manager.order_by("pk").values_list("pk", "at")
    newest = rows.last()
    if newest is None or newest[1] < at:
        return None
    low, high = 0, newest[0]
    while low < high:
        middle = (low + high) // 2
        pk, when = rows.filter(pk__gte=middle).first() or newest
        if when >= at:
            high = middle
        else:
            low = pk + 1
    return low


# ---------------------------------------------------------------- features
def _with_features(shown: _Shown) -> Table:
    """Those impressions whose place was logged: a note on a reserved slot stood in no list."""
    matrix = np.zeros((len(shown.people), len(FEATURES)), np.float32)
    chances = np.ones(len(shown.people), np.float32)
    found = np.zeros(len(shown.people), bool)
    order = np.argsort(shown.lists, kind="stable")
    lists = shown.lists[order]
    for row in _logged(np.unique(lists)):
        first, last = np.searchsorted(lists, [row.list_id, row.list_id + 1])
        rows = order[first:last]
        rows = rows[shown.people[rows] == row.person_id]
        by_note = np.argsort(row.note_ids, kind="stable")
        places = np.searchsorted(row.note_ids, shown.notes[rows], sorter=by_note)
        places = by_note[np.minimum(places, len(by_note) - 1)]
        fits = row.note_ids[places] == shown.notes[rows]
        rows, places = rows[fits], places[fits]
        matrix[rows], chances[rows] = row.features[places], row.propensities[places]
        found[rows] = True
    none = np.zeros((len(shown.people), len(OBJECTIVES)), np.uint8)
    return Table(shown.people, shown.notes, shown.at, matrix, none, chances).of(found)


def _logged(list_ids: Ints) -> Iterator[logged.LoggedList]:
    for start in range(0, len(list_ids), LISTS_AT_ONCE):
        chunk = list_ids[start : start + LISTS_AT_ONCE].tolist()
        for row in RankedList.objects.filter(list_id__in=chunk):
            try:
                yield logged.read(row)
            except logged.Unreadable:
                continue


# ---------------------------------------------------------------- labels
def label_rows(table: Table, policy: Policy) -> set[int]:
    """Write into the table's labels what came of each impression in time; returns the people who
    act faster than people can."""
    window = policy.ranking.label_hours * 3600.0
    people = np.unique(table.people)
    keys = _keys(people, table.people, table.notes)
    order = np.argsort(keys)
    sorted_keys = keys[order]
    per_hour: Counter[tuple[int, int]] = Counter()
    since = datetime.fromtimestamp(float(table.at.min()), tz=UTC) - LATE
    for person, note, kind, value, at in _events(since):
        known = np.isin(person, people)
        _count_hours(per_hour, person[known], at[known])
        person, note, kind, value, at = (part[known] for part in (person, note, kind, value, at))
        wanted = _keys(people, person, note)
        places = np.minimum(np.searchsorted(sorted_keys, wanted), len(order) - 1)
        rows = order[places]
        late = at - table.at[rows]
        # Clocks of devices differ by a little; an act a moment before its sight is of that sight.
        in_time = (sorted_keys[places] == wanted) & (late >= -300) & (late <= window)
        in_time &= (kind != Kind.DWELL) | (value >= policy.interests.long_read_seconds)
        _write(table, rows[in_time], kind[in_time])
    most = policy.ranking.most_acts_per_hour
    return {person for (person, _hour), count in per_hour.items() if count > most}


def _write(table: Table, rows: Ints, kinds: Ints) -> None:
    for kind, objective in LABEL_OF.items():
        if kind not in UNDONE:
            table.labels[rows[kinds == kind], OBJECTIVES.index(objective)] = 1
    for kind in UNDONE:
        table.labels[rows[kinds == kind], OBJECTIVES.index(LABEL_OF[kind])] = 0


def _events(since: datetime) -> Iterator[tuple[Any, ...]]:
    """Arrays of person, note, kind, value, time of the acts since then, a page at a time."""
    first = first_pk_since(Event, since)
    while first is not None:
        rows = Event.objects.filter(
            pk__gte=first, kind__in=LABEL_OF, person__isnull=False, at__gte=since
        )
        columns = ("pk", "person_id", "note_id", "kind", "value", "at")
        page = list(rows.order_by("pk").values_list(*columns)[:PAGE])
        if not page:
            return
        first = page[-1][0] + 1
        _pks, person, note, kind, value, at = zip(*page, strict=True)
        yield (
            *(np.array(column, np.int64) for column in (person, note, kind)),
            np.array(value, np.float64),
            np.array([when.timestamp() for when in at]),
        )


def _count_hours(per_hour: Counter[tuple[int, int]], person: Ints, at: Any) -> None:
    if len(person):
        hours = np.stack([person, (at // 3600).astype(np.int64)], axis=1)
        which, counts = np.unique(hours, axis=0, return_counts=True)
        per_hour.update(dict(zip(map(tuple, which.tolist()), counts.tolist(), strict=True)))


def _keys(people: Ints, person: Ints, note: Ints) -> Ints:
    """One number for a person and a note; a person sees a note once."""
    return np.searchsorted(people, person).astype(np.int64) << NOTE_BITS | note
