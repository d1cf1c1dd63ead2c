"""Who met a note: different people by city, interest and tie to the author, day by day.

Counted from the raw events, all notes of an author that were met on a day at once, and written in
place of what was counted before: a day that is counted twice, or again because something came late,
is right either way. A person is counted on the day of their first sight of the note, or when they
open it without ever having seen its card; what they do later is added on the day they do it. People
are described by what they are at the time of counting.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from accounts.models import Follow, Profile
from accounts.prepared import these
from community.models import TaggedNote
from community.rows import insert_rows
from feeds.models import Event, Impression, Interest
from feeds.policies import current
from feeds.popularity import scores_of

from .models import Acquaintance, Audience, StaleAudience

# A person's strongest interests that describe them.
STRONGEST = 3
AT_ONCE = 2_000
# People whose description is kept while a run goes from note to note.
MOST_KNOWN = 50_000
ALL, CITY, TAG, MATCH, TIE = (str(kind) for kind in Audience.Kind)
IMPRESSION, OPEN = int(Event.Kind.IMPRESSION), int(Event.Kind.OPEN)
FOLLOWER, RETURNING, NEW = "follower", "returning", "new"


@dataclass(slots=True)
class Meeting:
    """What one person did with one note on one day."""

    # Whether it is their first sight of it.
    first: bool = False
    opened: bool = False
    score: float = 0.0


@dataclass(slots=True)
class Known:
    """Descriptions of people that hold for all notes of a run."""

    cities: dict[int, str] = field(default_factory=dict)
    tags: dict[int, list[str]] = field(default_factory=dict)

    def learn(self, people: Iterable[int]) -> None:
        if len(self.cities) > MOST_KNOWN:
            self.cities.clear()
            self.tags.clear()
        missing = [person for person in people if person not in self.cities]
        if not missing:
            return
        self.cities |= dict.fromkeys(missing, "")
        found = Profile.objects.filter(person__in=these(missing)).values_list("person_id", "city")
        self.cities |= dict(found)
        place = Window(RowNumber(), partition_by=F("person_id"), order_by=F("weight").desc())
        interests = _interests().filter(person__in=these(missing)).annotate(place=place)
        strongest = interests.filter(place__lte=STRONGEST)
        for person, tag in strongest.values_list("person_id", "target"):
            self.tags.setdefault(person, []).append(str(tag))


def _interests():  # type: ignore[no-untyped-def]  # a queryset of a generic manager
    return Interest.objects.filter(kind=Interest.Kind.TAG, removed=False, weight__gt=0)


def count_audiences(*, now: datetime, budget: timedelta = timedelta(minutes=5)) -> int:
    """Count the days of notes that are out of date, for at most `budget`; returns how many."""
    known, counted, until = Known(), 0, time.monotonic() + budget.total_seconds()
    while time.monotonic() < until:
        waiting = StaleAudience.objects.order_by("day", "author").values_list("day", "author")
        days = list(waiting.distinct()[:AT_ONCE])
        for day, author in days:
            counted += count_day(author, day, known=known)
            if time.monotonic() > until:
                return counted
        if len(days) < AT_ONCE:
            break
    return counted


@transaction.atomic
def count_day(author: int, day: date, *, known: Known) -> int:
    """Write the parts of the audience of an author's stale notes on a day; returns how many notes.
    The marks go first: what is digested meanwhile sets another one."""
    marks = StaleAudience.objects.filter(author=author, day=day)
    notes = list(marks.values_list("note_id", flat=True))
    if not marks.filter(note__in=these(notes)).delete()[0]:
        return 0
    meetings = _meetings(notes, author, day)
    people = {person for _note, person in meetings}
    known.learn(people)
    parts = _parts(meetings, _ties(author, people, day), _matches(notes, people), known)
    Audience.objects.filter(note__in=these(notes), day=day).delete()
    insert_rows(
        Audience,
        ("note", "author", "day", "kind", "value", "seen", "opened", "score"),
        (
            (note, author, day, kind, value, seen, opened, max(0.0, score))
            for (note, kind, value), (seen, opened, score) in parts.items()
        ),
    )
    return len(notes)


Meetings = dict[tuple[int, int], Meeting]  # by (note, person)


def _meetings(notes: list[int], author: int, day: date) -> Meetings:
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
    ends = begins + timedelta(days=1)
    # With the kinds named, the index of notes leads to the day; without, through all that ever was.
    acts = Event.objects.filter(
        note__in=these(notes), kind__in=Event.Kind.values, at__gte=begins, at__lt=ends,
        person__isnull=False, digested=True,
    ).exclude(person=author)  # fmt: skip
    scores = scores_of(current()[1].engagement)
    found: Meetings = {}
    for note, person, kind in acts.values_list("note_id", "person_id", "kind"):
        meeting = found.get((note, person))
        if meeting is None:
            found[note, person] = meeting = Meeting()
        if kind == IMPRESSION:
            meeting.first = True
        elif kind == OPEN:
            meeting.opened = True
        meeting.score += scores.get(kind, 0.0)
    came = {pair for pair, meeting in found.items() if meeting.opened and not meeting.first}
    sights = Impression.objects.filter(
        person__in=these(list({person for _note, person in came})),
        note__in=these(list({note for note, _person in came})),
        at__lt=ends,
    )
    for pair in came.difference(sights.values_list("note_id", "person_id")):
        found[pair].first = True
    return found


def _parts(
    meetings: Meetings,
    ties: Mapping[int, str],
    matches: Mapping[tuple[int, int], list[str]],
    known: Known,
) -> dict[tuple[int, str, str], list[float]]:
    """(note, kind, value) → [seen, opened, score]."""
    parts: dict[tuple[int, str, str], list[float]] = defaultdict(lambda: [0, 0, 0.0])
    for (note, person), meeting in meetings.items():
        belongs = [(note, TIE, ties[person])]
        if city := known.cities[person]:
            belongs.append((note, CITY, city))
        if tags := known.tags.get(person):
            belongs += [(note, TAG, tag) for tag in tags]
        if tags := matches.get((note, person)):
            belongs += [(note, MATCH, tag) for tag in tags]
        for part in belongs:
            sums = parts[part]
            sums[0] += meeting.first
            sums[1] += meeting.opened
            sums[2] += meeting.score
    # Everybody is something to the author.
    for (note, kind, _value), (seen, opened, score) in list(parts.items()):
        if kind == TIE:
            sums = parts[note, ALL, ""]
            sums[0] += seen
            sums[1] += opened
            sums[2] += score
    return parts


def _ties(author: int, people: set[int], day: date) -> dict[int, str]:
    """What each was to the author that day; who meets them for the first time is noted."""
    ids = these(list(people))
    met = Acquaintance.objects.filter(author=author)
    returning = set(met.filter(person__in=ids, day__lt=day).values_list("person_id", flat=True))
    others = people - returning
    insert_rows(
        Acquaintance, ("author", "person", "day"), ((author, person, day) for person in others)
    )
    # What came late may show that they met before.
    met.filter(person__in=these(list(others)), day__gt=day).update(day=day)
    followers = set(
        Follow.objects.filter(followed=author, follower__in=ids).values_list("follower", flat=True)
    )
    return {
        person: FOLLOWER if person in followers else RETURNING if person in returning else NEW
        for person in people
    }


def _matches(notes: list[int], people: set[int]) -> dict[tuple[int, int], list[str]]:
    """By (note, person), the note's own tags in which they are interested."""
    tagged: dict[int, list[int]] = defaultdict(list)
    rows = TaggedNote.objects.filter(content_object__in=these(notes))
    for note, tag in rows.values_list("content_object_id", "tag_id"):
        tagged[tag].append(note)
    interested = _interests().filter(target__in=list(tagged), person__in=these(list(people)))
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for person, tag in interested.values_list("person_id", "target"):
        for note in tagged[tag]:
            found[note, person].append(str(tag))
    return found
