"""How notes fared in the pools, one row a note: what figures of notes and authors are made from.

Each figure is a sum over notes of something divided by a sum of something else; a note that is too
young for a figure counts in neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_noop as _
from numpy.typing import NDArray

from feeds.models import Impression, PoolDelivery, PoolEngagement, PoolEntry, PoolTransition
from feeds.pools import Reason

Values = NDArray[np.float64]
State = PoolEntry.State
# Notes asked about in one statement.
AT_ONCE = 400
FIRST_DAY, WAITED = timedelta(hours=24), timedelta(hours=48)
# How many readers a note waits for (the base of the first promise).
ENOUGH = 100

# Figure -> (what is summed, what it is divided by).
FIGURES: dict[str, tuple[str, str]] = {
    _("impressions in 24 hours"): ("first_day", "a_day_old"),
    _("promises kept"): ("kept", "due"),
    _("hours to 100 impressions (at most 48)"): ("hours", "two_days_old"),
    _("engagement per impression in P0"): ("engagement", "delivered"),
    _("promoted at the first gate"): ("promoted", "judged"),
}
COLUMNS = tuple({column: None for pair in FIGURES.values() for column in pair})


@dataclass(frozen=True, slots=True)
class Admission:
    note: int
    author: int
    at: datetime
    promised: int
    trial: str


@dataclass(frozen=True, slots=True)
class Ways:
    """The way of each note; columns of equal length."""

    notes: list[Admission]
    columns: Mapping[str, Values]

    def by_author(self) -> dict[int, dict[str, float]]:
        return self._summed([note.author for note in self.notes])

    def by_note(self) -> dict[int, dict[str, float]]:
        return self._summed([note.note for note in self.notes])

    def _summed(self, units: list[int]) -> dict[int, dict[str, float]]:
        sums: dict[int, dict[str, float]] = {}
        for row, unit in enumerate(units):
            known = sums.setdefault(unit, dict.fromkeys(COLUMNS, 0.0))
            for column in COLUMNS:
                known[column] += float(self.columns[column][row])
        return sums


def admitted(rows: QuerySet[PoolTransition]) -> list[Admission]:
    """The notes that these steps admitted, the last time where it was more than once. Notes that
    were withdrawn or deleted since are nobody's failure and left out."""
    steps = rows.filter(reason=Reason.ADMITTED, state=State.RUNNING).order_by("pk")
    found = list(steps.values_list("note_id", "at", "figures"))
    known: dict[int, tuple[int, str]] = {}
    ids = [note for note, _at, _figures in found]
    for start in range(0, len(ids), AT_ONCE):
        entries = PoolEntry.objects.filter(note__in=ids[start : start + AT_ONCE])
        running = entries.exclude(state=State.HELD)
        known |= {n: (a, t) for n, a, t in running.values_list("note_id", "author_id", "trial")}
    latest = {
        note: Admission(note, known[note][0], at, int(figures.get("promised", 0)), known[note][1])
        for note, at, figures in found
        if note in known
    }
    return list(latest.values())


def promises_kept(
    notes: list[Admission], *, hours: Mapping[str, int], until: datetime
) -> tuple[int, int]:
    """(kept in time, due) of the notes whose time is over."""
    place = {note.note: row for row, note in enumerate(notes)}
    columns = {column: np.zeros(len(notes)) for column in ("kept", "due")}
    for start in range(0, len(notes), AT_ONCE):
        _add_promises(columns, place, notes[start : start + AT_ONCE], hours, until)
    return int(columns["kept"].sum()), int(columns["due"].sum())


def ways_of(notes: list[Admission], *, hours: Mapping[str, int], until: datetime) -> Ways:
    """What became of them until then. `hours` is how long the first promise has, by trial."""
    place = {note.note: row for row, note in enumerate(notes)}
    columns = {column: np.zeros(len(notes)) for column in COLUMNS}
    for start in range(0, len(notes), AT_ONCE):
        some = notes[start : start + AT_ONCE]
        _add_promises(columns, place, some, hours, until)
        _add_sights(columns, place, some, until)
        _add_gates(columns, place, some, until)
    return Ways(notes, columns)


def _add_promises(
    columns: dict[str, Values],
    place: dict[int, int],
    notes: list[Admission],
    hours: Mapping[str, int],
    until: datetime,
) -> None:
    """Whether the first promise was kept in its time, for notes whose time is over."""
    ends = {note.note: note.at + timedelta(hours=hours[note.trial]) for note in notes}
    over = [note for note in notes if ends[note.note] <= until and note.promised > 0]
    if not over:
        return
    in_time = dict.fromkeys((note.note for note in over), 0)
    reached = PoolDelivery.objects.filter(note__in=in_time, tier=0, seen_at__lt=until)
    for pk, at in reached.values_list("note_id", "seen_at").iterator():
        in_time[pk] += at is not None and at <= ends[pk]
    for note in over:
        columns["due"][place[note.note]] = 1
        columns["kept"][place[note.note]] = in_time[note.note] >= note.promised


def _add_sights(
    columns: dict[str, Values], place: dict[int, int], notes: list[Admission], until: datetime
) -> None:
    """Impressions of the first day, and how long it took until enough people had seen the note."""
    entered = {note.note: note.at for note in notes}
    sights: dict[int, list[datetime]] = {note.note: [] for note in notes}
    last = min(until, max(entered.values()) + WAITED)
    seen = Impression.objects.filter(note__in=entered, at__lt=last).order_by("at")
    for note, at in seen.values_list("note_id", "at").iterator():
        if at >= entered[note]:
            sights[note].append(at)
    for note, times in sights.items():
        row, since = place[note], entered[note]
        if since + FIRST_DAY <= until:
            columns["a_day_old"][row] = 1
            columns["first_day"][row] = sum(at < since + FIRST_DAY for at in times)
        if since + WAITED <= until:
            enough = times[ENOUGH - 1] - since if len(times) >= ENOUGH else WAITED
            columns["two_days_old"][row] = 1
            columns["hours"][row] = min(enough, WAITED).total_seconds() / 3600


def _add_gates(
    columns: dict[str, Values], place: dict[int, int], notes: list[Admission], until: datetime
) -> None:
    """What the first pool delivered, what came of it, and what its gate said."""
    ids = [note.note for note in notes]
    reached = PoolDelivery.objects.filter(note__in=ids, tier=0, seen_at__lt=until)
    counted: list[tuple[str, Any]] = [
        ("delivered", reached.order_by().values_list("note_id").annotate(Count("pk"))),
    ]
    acts = PoolEngagement.objects.filter(note__in=ids, tier=0)
    counted.append(("engagement", acts.order_by().values_list("note_id").annotate(Sum("score"))))
    gates = PoolTransition.objects.filter(note__in=ids, from_tier=0, at__lt=until)
    judged = gates.filter(Q(to_tier=1) | Q(state__in=[State.SETTLED, State.HOT]))
    counted.append(("judged", judged.order_by().values_list("note_id").annotate(Count("pk"))))
    passed = judged.exclude(state=State.SETTLED)
    counted.append(("promoted", passed.order_by().values_list("note_id").annotate(Count("pk"))))
    for column, rows in counted:
        for note, count in rows:
            columns[column][place[note]] = count
