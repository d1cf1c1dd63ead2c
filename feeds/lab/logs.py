"""Logged lists and what came of the cards that were seen, read in bounded pages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from feeds.facts import facts_of
from feeds.features import SCHEMA
from feeds.models import Impression
from feeds.policy import Policy
from feeds.ranking import logged
from feeds.ranking.dataset import label_rows
from feeds.ranking.learnt import weights_of
from feeds.ranking.models import RankedList
from feeds.ranking.table import OBJECTIVES, Table

from .orders import Kept, kept_of

AT_ONCE = 300
# Beyond so many places a list was cut, and its last notes had fewer rivals than they really had.
LOOKED = 60


@dataclass(frozen=True, slots=True)
class Seen:
    """One card that was seen: which list, at which place, and what came of it."""

    of: NDArray[np.int64]
    places: NDArray[np.int64]
    people: NDArray[np.int64]
    # Engagement of the policy's weights, opens counted 1; and opens alone.
    engagement: NDArray[np.float64]
    opens: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Logs:
    lists: list[Kept]
    seen: Seen
    # Rows that could not be read.
    broken: int


def load(*, version: int, policy: Policy, days: int, most: int, now: datetime) -> Logs:
    """The newest `most` lists of the last `days` served under this version and no experiment's arm,
    whose time for acts has passed."""
    rows = RankedList.objects.filter(
        schema=SCHEMA,
        policy_version=version,
        arms="",
        at__gte=now - timedelta(days=days),
        at__lte=now - timedelta(hours=policy.ranking.label_hours),
    ).exclude(person__in=logged.withdrawn())
    lists: list[Kept] = []
    shown: list[tuple[int, int, float]] = []
    broken = 0
    ids = list(rows.order_by("-pk").values_list("pk", flat=True)[:most])
    for start in range(0, len(ids), AT_ONCE):
        chunk = RankedList.objects.filter(pk__in=ids[start : start + AT_ONCE])
        broken += _take(list(chunk), lists, shown)
    return Logs(lists, _came_of(lists, shown, policy), broken)


def _take(rows: list[RankedList], lists: list[Kept], shown: list[tuple[int, int, float]]) -> int:
    """Add these rows to `lists` and their seen cards to `shown`; how many were unreadable."""
    read: list[logged.LoggedList] = []
    for row in rows:
        try:
            read.append(logged.read(row))
        except logged.Unreadable:
            continue
    known = facts_of(sorted({note for one in read for note in one.note_ids.tolist()}))
    seen_of: dict[int, dict[int, float]] = defaultdict(dict)
    sights = Impression.objects.filter(list_id__in=[one.list_id for one in read])
    owners = {(one.list_id, one.person_id) for one in read}
    columns = ("list_id", "person_id", "note_id", "at")
    for list_id, person, note, when in sights.values_list(*columns):
        if list_id is not None and (list_id, person) in owners:
            seen_of[list_id][note] = when.timestamp()
    for one in read:
        kept = kept_of(one, known)
        if kept is None or not seen_of[one.list_id]:
            continue
        for place, note in enumerate(kept.notes[:LOOKED].tolist()):
            if (at := seen_of[one.list_id].get(note)) is not None:
                shown.append((len(lists), place, at))
        lists.append(kept)
    return len(rows) - len(read)


def _came_of(lists: list[Kept], shown: list[tuple[int, int, float]], policy: Policy) -> Seen:
    of = np.array([row[0] for row in shown], np.int64)
    places = np.array([row[1] for row in shown], np.int64)
    people = np.array([lists[which].row.person_id for which in of.tolist()], np.int64)
    notes = [lists[which].notes[place] for which, place, _at in shown]
    table = Table(
        people,
        np.array(notes, np.int64),
        np.array([row[2] for row in shown], np.float64),
        np.zeros((len(shown), 0), np.float32),
        np.zeros((len(shown), len(OBJECTIVES)), np.uint8),
        np.ones(len(shown), np.float32),
    )
    busy = label_rows(table, policy) if shown else set()
    weights = weights_of(policy)
    worth = np.array([weights[name] for name in OBJECTIVES])
    believed = ~np.isin(people, list(busy))
    engagement = table.labels.astype(np.float64) @ worth
    opens = table.label("open").astype(np.float64)
    return Seen(
        of[believed], places[believed], people[believed], engagement[believed], opens[believed]
    )
