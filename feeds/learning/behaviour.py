"""Who engaged with what, as a matrix: the material of everything learnt from behaviour.

One cell a person and note holds the strongest positive act. Left out are people who are suspended
or want no personal recommendations, notes that are not live, an author's acts on their own notes,
likes and collects that were taken back, notes the person hid, and whatever stands behind a
person's latest `most_notes` notes: an account that sends 10,000 likes has one row like others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from numpy.typing import NDArray

from accounts.models import Profile, User
from accounts.prepared import these
from feeds.models import Event, LiveNote
from feeds.policy import Interests, Policy
from feeds.qualification import counts
from feeds.trust.weights import WHOLE, discounted_among, weights_of

from .acts import Acts, Engaged, engaged_of

PEOPLE_AT_ONCE = 200
# Events looked at for each note a person may have in their row: acts repeat, and are undone.
EVENTS_PER_NOTE = 4
Kind = Event.Kind
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """`matrix` is CSR float32 (people, notes); ids are sorted, rows and columns are not empty."""

    people: Ints
    notes: Ints
    matrix: Any

    def described(self) -> dict[str, Any]:
        return {
            "people": len(self.people),
            "notes": len(self.notes),
            "pairs": int(self.matrix.nnz),
        }


def strengths(rules: Interests) -> dict[int, float]:
    """Weight of each positive act; those of a dwell hold from `long_read_seconds` on."""
    return {
        Kind.OPEN: rules.open, Kind.DWELL: rules.long_read, Kind.LIKE: rules.like,
        Kind.COLLECT: rules.collect, Kind.COMMENT: rules.comment, Kind.SHARE: rules.share,
        Kind.FOLLOW: rules.follow,
    }  # fmt: skip


def acts_of(rows: Sequence[tuple[int, int, int, float]]) -> Acts:
    """Acts from rows of (person, note, kind, value)."""
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    person, note, kind = (np.array(column, np.int64) for column in columns[:3])
    return Acts(person, note, kind, np.array(columns[3], np.float64))


def engaged(acts: Acts, rules: Interests, *, most: int) -> Engaged:
    """The strongest act of each person and note, a person's newest `most` notes."""
    return engaged_of(
        acts,
        strengths=strengths(rules),
        long_read=(Kind.DWELL, rules.long_read_seconds),
        undone={Kind.UNLIKE: Kind.LIKE, Kind.UNCOLLECT: Kind.COLLECT},
        hide=Kind.HIDE,
        most=most,
    )


def read(*, now: datetime, policy: Policy) -> Behaviour:
    """Behaviour of the last `learning.days`. Memory grows with cells, never with events."""
    from .methods.matrices import behaviour_matrix

    live, authors = _live_notes()
    parts = [
        engaged(acts, policy.interests, most=policy.learning.most_notes)
        for acts in _pages(now, policy, live, authors)
    ]
    person, note, weight = (
        np.concatenate([np.zeros(0, kind), *(getattr(part, name) for part in parts)])
        for name, kind in (("person", np.int64), ("note", np.int64), ("weight", np.float32))
    )
    people, rows = np.unique(person, return_inverse=True)
    notes, columns = np.unique(note, return_inverse=True)
    matrix = behaviour_matrix(rows, columns, (len(people), len(notes)), weight)
    return Behaviour(people, notes, matrix)


def _live_notes() -> tuple[Ints, Ints]:
    """(note ids, their authors), sorted by id."""
    rows = LiveNote.objects.order_by("note").values_list("note_id", "author_id")
    table = np.array(list(rows), np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _pages(now: datetime, policy: Policy, live: Ints, authors: Ints) -> Iterator[Acts]:
    """Acts on other people's live notes, newest first by person, some people at a time."""
    rules = policy.learning
    since = now - timedelta(days=rules.days)
    kinds = [*strengths(policy.interests), Kind.UNLIKE, Kind.UNCOLLECT, Kind.HIDE]
    people = _willing(rules.most_people)
    for start in range(0, len(people), PEOPLE_AT_ONCE):
        rows = (
            Event.objects.filter(
                person__in=people[start : start + PEOPLE_AT_ONCE], kind__in=kinds, at__gte=since
            )
            .annotate(
                newness=Window(RowNumber(), partition_by=[F("person")], order_by=[F("pk").desc()])
            )
            .filter(newness__lte=rules.most_notes * EVENTS_PER_NOTE)
            .order_by("person", "-pk")
            .values_list("person_id", "note_id", "kind", "value")
        )
        acts = acts_of(_honest(list(rows)))
        if len(acts.person) and len(live):
            places = np.minimum(np.searchsorted(live, acts.note), len(live) - 1)
            yield acts.where((live[places] == acts.note) & (authors[places] != acts.person))


def _honest(rows: list[tuple[int, int, int, float]]) -> list[tuple[int, int, int, float]]:
    """Rows without what farms did, and without what members of a ring did for one another."""
    suspects = discounted_among({row[0] for row in rows})
    if not suspects:
        return rows
    touched = {row[1] for row in rows if row[0] in suspects}
    author = dict(LiveNote.objects.filter(pk__in=these(touched)).values_list("pk", "author_id"))
    pairs = {(row[0], author.get(row[1], 0)) for row in rows if row[0] in suspects}
    weights = weights_of(pairs)
    return [
        row
        for row in rows
        if row[0] not in suspects or counts(weights.get((row[0], author.get(row[1], 0)), WHOLE))
    ]


def _willing(most: int) -> list[int]:
    """Present people with personal recommendations on, the lately active ones first."""
    people = Profile.objects.filter(personalised=True, person__in=User.objects.present())
    ids = people.order_by(F("active_on").desc(nulls_last=True), "person")
    return sorted(ids.values_list("person_id", flat=True)[:most])
