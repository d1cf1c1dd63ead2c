"""The interest profile as rows: learnt from acts and searches, and ruled by the person.

Acts are learnt when events are digested. Until then `pending` gives them to whoever builds a list,
so that a like changes the very next page and nothing is counted twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from accounts.models import Profile
from accounts.prepared import Ids, Prepared
from community.models import Note

from .facts import tags_of
from .lists import mark_stale
from .models import Event, Interest
from .policies import current
from .policy import Interests
from .profiles import HalfLives, Weight, reinforce

Kind = Event.Kind
SEARCHED = "search"
# Events of a person that may wait to be digested and are still looked at for a page.
MOST_PENDING = 100
LATEST_EVENTS = Prepared(
    lambda person: (
        Event.objects.filter(person=person)
        .order_by("-pk")
        .values_list("note_id", "kind", "value", "at", "digested")[:MOST_PENDING]
    ),
    int,
)
NOTES = Prepared(
    lambda ids: Note.objects.filter(pk__in=ids).values_list("pk", "author_id", "channel_id"), Ids
)

Subject = tuple[int, int]  # (interest kind, target)
Key = tuple[int, int, int]  # (person, interest kind, target)


class Act(NamedTuple):
    person: int
    note: int
    kind: int
    value: float
    at: datetime


class Learnt(NamedTuple):
    """A weight on its way to its row: the act that last moved it, and how many did."""

    weight: Weight
    because: str
    acts: int


class Push(NamedTuple):
    """Points for one subject of one person."""

    person: int
    subject: Subject
    points: float
    at: datetime
    because: str


def half_lives(rules: Interests) -> HalfLives:
    return HalfLives(
        timedelta(days=rules.half_life_days), timedelta(minutes=rules.recent_half_life_minutes)
    )


def strength(kind: int, value: float, rules: Interests) -> float:
    """Points of weight that an act adds to what the note is about."""
    if kind == Kind.DWELL:
        return rules.long_read if value >= rules.long_read_seconds else 0.0
    table: dict[int, float] = {
        Kind.OPEN: rules.open,
        Kind.LIKE: rules.like,
        Kind.UNLIKE: -rules.like,
        Kind.COLLECT: rules.collect,
        Kind.UNCOLLECT: -rules.collect,
        Kind.COMMENT: rules.comment,
        Kind.SHARE: rules.share,
        Kind.FOLLOW: rules.follow,
        Kind.HIDE: rules.hide,
    }
    return table.get(kind, 0.0)


# ---------------------------------------------------------------- learning
def learn(acts: Sequence[Act], rules: Interests) -> set[int]:
    """Move the weights of everybody who acted and lets us learn; returns them."""
    return _push(pushes_of(acts, rules), rules)


def learn_from_search(
    *, person_id: int, tag_ids: Sequence[int], channel_ids: Sequence[int], at: datetime
) -> None:
    """A search names tags and channels: points for each, as for an act."""
    rules = current()[1].interests
    subjects = [(int(Interest.Kind.TAG), pk) for pk in tag_ids]
    subjects += [(int(Interest.Kind.CHANNEL), pk) for pk in channel_ids]
    with transaction.atomic():
        if _push([Push(person_id, s, rules.search, at, SEARCHED) for s in subjects], rules):
            mark_stale("discover", [str(person_id)])


def pushes_of(acts: Sequence[Act], rules: Interests) -> list[Push]:
    subjects = _subjects({act.note for act in acts})
    return [
        Push(act.person, (kind, target), points * share, act.at, Kind(act.kind).name.lower())
        for act in acts
        if (points := strength(act.kind, act.value, rules))
        for kind, target, share in subjects.get(act.note, ())
    ]


def pending(person_id: int, rules: Interests) -> list[Push]:
    """What a person did that is not digested yet. Two queries where there is something."""
    acts = [
        Act(person_id, note, kind, value, at)
        for note, kind, value, at, digested in LATEST_EVENTS(person_id)
        if not digested and kind != Kind.IMPRESSION
    ]
    return pushes_of(acts, rules) if acts else []


def _push(pushes: Sequence[Push], rules: Interests) -> set[int]:
    """Add the points to their rows; those of people who switched personalisation off are dropped,
    and what a person removed stays removed."""
    people = _willing({push.person for push in pushes})
    pushes = [push for push in pushes if push.person in people]
    known, removed = _known({push.person for push in pushes})
    halves = half_lives(rules)
    touched: dict[Key, Learnt] = {}
    for person, (kind, target), points, at, because in pushes:
        key = (person, kind, target)
        if key in removed:
            continue
        before = touched.get(key) or known.get(key)
        weight = reinforce(before.weight if before else None, by=points, at=at, halves=halves)
        touched[key] = Learnt(weight, because, (before.acts if before else 0) + 1)
    _store(touched)
    return {key[0] for key in touched}


def _willing(people: set[int]) -> set[int]:
    """Those with personal recommendations on."""
    willing: set[int] = set()
    ids = list(people)
    for start in range(0, len(ids), 900):
        chunk = Profile.objects.filter(person__in=ids[start : start + 900], personalised=True)
        willing.update(chunk.values_list("person_id", flat=True))
    return willing


def _subjects(note_ids: set[int]) -> dict[int, list[tuple[int, int, float]]]:
    """What each note is about: (interest kind, target, share of the act's points)."""
    subjects: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
    for pk, author, channel in NOTES(note_ids):
        subjects[pk] += [
            (Interest.Kind.CHANNEL, channel, 0.5),
            (Interest.Kind.AUTHOR, author, 0.3),
        ]
    for pk, tag in tags_of(note_ids):
        subjects[pk].append((Interest.Kind.TAG, tag, 1.0))
    return subjects


def _known(people: set[int]) -> tuple[dict[Key, Learnt], set[Key]]:
    """(weights, removed subjects) of these people."""
    known: dict[Key, Learnt] = {}
    removed: set[Key] = set()
    ids = list(people)
    for start in range(0, len(ids), 900):
        rows = Interest.objects.filter(person__in=ids[start : start + 900])
        for person, kind, target, value, recent, as_of, because, acts, gone in rows.values_list(
            "person_id", "kind", "target", "weight", "recent", "as_of", "because", "acts", "removed"
        ):
            if gone:
                removed.add((person, kind, target))
            else:
                known[person, kind, target] = Learnt(Weight(value, as_of, recent), because, acts)
    return known, removed


def _store(touched: dict[Key, Learnt]) -> None:
    Interest.objects.bulk_create(
        [
            Interest(
                person_id=person,
                kind=kind,
                target=target,
                weight=learnt.weight.value,
                recent=learnt.weight.recent,
                as_of=learnt.weight.as_of,
                because=learnt.because,
                acts=learnt.acts,
            )
            for (person, kind, target), learnt in touched.items()
        ],
        update_conflicts=True,
        unique_fields=["person", "kind", "target"],
        update_fields=["weight", "recent", "as_of", "because", "acts"],
        batch_size=1_000,
    )


# ---------------------------------------------------------------- tidying
def forget_weak(*, now: datetime, most: int = 5_000) -> int:
    """Remove rows that faded below notice, unless the person has a say in them; returns how many.

    Looks at the oldest rows first, so that a few runs see all.
    """
    rules = current()[1].interests
    old = now - timedelta(days=rules.half_life_days)
    rows = Interest.objects.filter(as_of__lt=old, pinned=False, removed=False)
    faded = [
        pk
        for pk, value, as_of in rows.order_by("as_of").values_list("pk", "weight", "as_of")[:most]
        if abs(value) * 0.5 ** ((now - as_of) / timedelta(days=rules.half_life_days)) < 0.05
    ]
    for start in range(0, len(faded), 900):
        Interest.objects.filter(pk__in=faded[start : start + 900]).delete()
    return len(faded)
