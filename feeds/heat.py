"""What hot is made of, read from standing rows: who engages with which note, and when.

A like, collect or share is one row a person and note, and gone when undone; comments count their
author once a note; follows come from events, once a person and note. Authors do not count on their
own notes, nor does who met a note in a place that was paid for. So nothing that one account
repeats or money brings adds up.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum

from community.models import Collect, Comment, Like, NoteImage, Share, TaggedNote

from .boosts.delivery import met_for_money
from .models import Event, LiveNote, NoteHour
from .policy import EngagementWeights
from .trust.prompted import only_prompted
from .trust.weights import without_rings

LATELY = timedelta(days=1)
ACTS = ("like", "collect", "comment", "share", "follow")


@dataclass(slots=True)
class Engaged:
    """Distinct people by act: in the window of hot, and of those in the last day."""

    people: dict[str, int] = field(default_factory=dict)
    today: dict[str, int] = field(default_factory=dict)

    def score(self, weights: EngagementWeights) -> float:
        return _weighed(self.people, weights)

    def score_today(self, weights: EngagementWeights) -> float:
        return _weighed(self.today, weights)

    @property
    def most(self) -> int:
        """Most people of one act: at least so many different people engaged."""
        return max(self.people.values(), default=0)


def _weighed(people: dict[str, int], weights: EngagementWeights) -> float:
    return sum(count * float(getattr(weights, act)) for act, count in people.items())


def engagement_since(since: datetime, *, now: datetime) -> dict[int, Engaged]:
    """Distinct people by note and act whom a feed had shown the note, without rings and farms."""
    engaged: dict[int, Engaged] = defaultdict(Engaged)
    for act, rows, who, when in acts_since(since):
        counted = (
            only_prompted(without_rings(rows, who), who, when)
            .values("note_id")
            .annotate(
                people=Count(who, distinct=True),
                today=Count(who, distinct=True, filter=Q(**{f"{when}__gt": now - LATELY})),
            )
        )
        for note, people, today in counted.values_list("note_id", "people", "today"):
            engaged[note].people[act] = people
            if today:
                engaged[note].today[act] = today
    return engaged


def acts_since(since: datetime) -> list[tuple[str, QuerySet, str, str]]:
    """(act, its rows, their column of the person, of the time), without authors' own."""
    rows: list[tuple[str, QuerySet, str, str]] = [
        (act, model.objects.filter(created_at__gt=since), "person", "created_at")
        for act, model in (("like", Like), ("collect", Collect), ("share", Share))
    ]
    comments = Comment.objects.filter(created_at__gt=since, deleted_at=None, hidden_at=None)
    follows = Event.objects.filter(kind=Event.Kind.FOLLOW, at__gt=since)
    rows += [("comment", comments, "author", "created_at"), ("follow", follows, "person", "at")]
    return [
        (act, some.exclude(**{who: F("note__author")}).exclude(met_for_money(person=who)), who, at)
        for act, some, who, at in rows
    ]


def seen_since(since: datetime) -> dict[int, int]:
    """Viewers by note, from the hourly roll-ups (an impression is once a viewer and note)."""
    rows = NoteHour.objects.filter(hour__gte=since).values("note_id").annotate(n=Sum("impressions"))
    return dict(rows.values_list("note_id", "n"))


def text_cards_since(since: datetime) -> set[int]:
    """Recent notes that are shown as a drawn card instead of a picture."""
    notes = LiveNote.objects.filter(recommended=True, published_at__gt=since)
    cards = NoteImage.objects.filter(is_text_card=True, note__in=notes.values("note"))
    return set(cards.values_list("note_id", flat=True))


def tags_since(since: datetime) -> dict[int, set[int]]:
    """Tags by recent note."""
    notes = LiveNote.objects.filter(recommended=True, published_at__gt=since)
    tags: dict[int, set[int]] = defaultdict(set)
    rows = TaggedNote.objects.filter(content_object__in=notes.values("note"))
    for note, tag in rows.values_list("content_object_id", "tag_id"):
        tags[note].add(tag)
    return tags
