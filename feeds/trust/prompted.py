"""Whether the community showed somebody what they engaged with, or they came to engage with it.

A feed chooses its readers. A link, a search for the title or a profile is chosen by whoever wants
to push the note, and fifty friends sent there are fifty likes of nobody in particular. So where
acts decide what strangers are shown, in popularity and hot, those count that follow a sight of the
card in a feed. The others count everywhere else: on the note, for its author, for what their
readers like.

In a small community everybody knows everybody, and all acts count (`Trust.least_people`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from feeds.attribution import IMPORTED
from feeds.models import Event, Impression

from .size import is_small

if TYPE_CHECKING:
    from feeds.events import Row

# Feeds whose cards the engine chose.
CHOSEN = ("discover", "follow", "hot", "nearby", "channel", "related")
COUNTS = {*CHOSEN, IMPORTED}
UNDOES = {Event.Kind.UNLIKE: Event.Kind.LIKE, Event.Kind.UNCOLLECT: Event.Kind.COLLECT}
# Looking is no vote: sights and opens are what rates are taken over.
LOOKS = {Event.Kind.IMPRESSION, Event.Kind.OPEN, Event.Kind.DWELL, Event.Kind.HIDE}


def only_prompted(rows: QuerySet, who: str, when: str) -> QuerySet:
    """Rows of acts (person in column `who`, time in `when`, on a note) by people to whom a feed
    had shown the note, and those that an import brought."""
    if is_small():
        return rows
    shown = Impression.objects.filter(
        person=OuterRef(who), note=OuterRef("note"), feed__in=CHOSEN, at__lte=OuterRef(when)
    )
    brought = Event.objects.filter(person=OuterRef(who), note=OuterRef("note"), feed=IMPORTED)
    return rows.filter(Q(Exists(shown)) | Q(Exists(brought)))


def prompted(rows: Sequence[Row]) -> list[Row]:
    """The same of events; what takes an act back goes the way of that act."""
    if is_small():
        return list(rows)
    undone = _feeds_of_undone(rows)
    return [row for row in rows if row[3] in LOOKS or undone.get(row[0], row[6]) in COUNTS]


def _feeds_of_undone(rows: Sequence[Row]) -> dict[int, str]:
    """By event that takes back: the feed of the latest act before it that it takes back."""
    undoing = [row for row in rows if row[3] in UNDOES and row[1] is not None]
    if not undoing:
        return {}
    # All acts of these people on these notes in one question: few, since a person seldom repeats.
    acts = Event.objects.filter(
        person__in={row[1] for row in undoing},
        note__in={row[2] for row in undoing},
        kind__in=UNDOES.values(),
        pk__lt=max(row[0] for row in undoing),
    )
    done: dict[tuple[int | None, int | None, int], list[tuple[int, str]]] = defaultdict(list)
    columns = acts.order_by("pk").values_list("person", "note", "kind", "pk", "feed")
    for actor, on, act, done_at, feed in columns:
        done[actor, on, act].append((done_at, feed))
    found = {}
    for pk, person, note, kind, *_ in undoing:
        before = [
            feed for done_at, feed in done[person, note, UNDOES[Event.Kind(kind)]] if done_at < pk
        ]
        found[pk] = before[-1] if before else ""
    return found
