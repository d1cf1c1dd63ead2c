"""Find bursts in tags and searches, and propose them as topics.

Looked at are the last day and the last three hours, each against the same hours of the days before:
what many do every evening is no burst, and what begins this afternoon need not wait for the night.
Only accounts older than a week count, each once a window and word; a tag needs several authors.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max, QuerySet

from community.models import Collect, Like, Note, Tag, TaggedNote
from feeds.searches.models import SearchLog

from .bursts import Burst, burst
from .models import Topic, TopicStep
from .naming import free_slug

DAY, DAYS = timedelta(days=1), 14
WINDOWS = (timedelta(hours=3), DAY)
OLD_ENOUGH = timedelta(days=7)
LEAST_PEOPLE, LEAST_AUTHORS, LEAST_SURPRISE = 5, 3, 3.0
PROPOSED_AT_ONCE = 20


def find_topics(*, now: datetime) -> int:
    """Propose what bursts and is not known yet; refresh the heat of what is. Returns new topics."""
    found: dict[str, Burst] = {}
    for window in WINDOWS:
        bursts = {f"tag:{key}": row for key, row in tag_bursts(now, window).items()}
        bursts |= {f"search:{key}": row for key, row in search_bursts(now, window).items()}
        for source, row in bursts.items():
            if source not in found or row.surprise > found[source].surprise:
                found[source] = row
    known = {topic.source: topic for topic in Topic.objects.all()}
    for source, topic in known.items():
        topic.heat = found[source].surprise if source in found else 0.0
    Topic.objects.bulk_update(known.values(), ["heat"], batch_size=200)
    new = sorted(found.keys() - known.keys(), key=lambda s: (-found[s].surprise, s))
    for source in new[:PROPOSED_AT_ONCE]:
        _propose(source, found[source], now)
    return len(new[:PROPOSED_AT_ONCE])


@transaction.atomic
def _propose(source: str, figures: Burst, now: datetime) -> None:
    kind, key = source.split(":", 1)
    topic, made = Topic.objects.get_or_create(
        source=source,
        defaults={
            "slug": free_slug(key, Topic.objects.all(), otherwise="topic"),
            "name_zh": key[:60],
            "name_en": key[:60],
            "queries": [key] if kind == "search" else [],
            "figures": {
                "people": figures.people,
                "usual": round(figures.usual, 2),
                "surprise": round(figures.surprise, 1),
            },
            "heat": figures.surprise,
            "proposed_at": now,
        },
    )
    if made:
        topic.tags.set(Tag.objects.filter(key=key))
        TopicStep.objects.create(topic=topic, state=topic.state, reason="burst", at=now)


def tag_bursts(now: datetime, window: timedelta) -> dict[str, Burst]:
    """By tag key: people who wrote with it, or liked or saved notes with it. Public notes only."""
    lately, authors = people_by_tag(now - window, now)
    before: Counter[int] = Counter()
    for start, end in _same_hours_before(now, window):
        before.update(people_by_tag(start, end)[0])
    found = {
        tag: row
        for tag, people in lately.items()
        if authors[tag] >= LEAST_AUTHORS and (row := _burst(people, before[tag]))
    }
    keys = Tag.objects.filter(pk__in=list(found)[:900]).values_list("pk", "key")
    return {key: found[pk] for pk, key in keys}


def _same_hours_before(now: datetime, window: timedelta) -> list[tuple[datetime, datetime]]:
    return [(now - day * DAY - window, now - day * DAY) for day in range(1, DAYS + 1)]


def _burst(people: int, before: int) -> Burst | None:
    return burst(people, before, DAYS, least_people=LEAST_PEOPLE, least_surprise=LEAST_SURPRISE)


def people_by_tag(start: datetime, end: datetime) -> tuple[Counter[int], Counter[int]]:
    """(distinct people, distinct authors) by tag between the two times."""
    public = Note.objects.listed_for(None).values("pk")
    old = end - OLD_ENOUGH
    tagged = TaggedNote.objects.filter(content_object__in=public)
    wrote = tagged.filter(
        content_object__published_at__gt=start,
        content_object__published_at__lte=end,
        content_object__author__date_joined__lte=old,
    ).values_list("tag_id", "content_object__author_id")
    authors = {(tag, person) for tag, person in wrote}
    pairs = set(authors)
    for model in (Like, Collect):
        acts: QuerySet = model.objects.filter(
            note__in=public, created_at__gt=start, created_at__lte=end, person__date_joined__lte=old
        )
        pairs |= set(acts.exclude(note__tagged=None).values_list("note__tagged__tag", "person"))
    return Counter(tag for tag, _p in pairs), Counter(tag for tag, _p in authors)


def search_bursts(now: datetime, window: timedelta) -> dict[str, Burst]:
    """By folded text: people who searched for it, against the days before."""
    lately = searched(now - window, now)
    before: Counter[str] = Counter()
    for start, end in _same_hours_before(now, window):
        before.update({key: people for key, (_text, people) in searched(start, end).items()})
    return {
        key: row for key, (_text, people) in lately.items() if (row := _burst(people, before[key]))
    }


def searched(start: datetime, end: datetime) -> dict[str, tuple[str, int]]:
    """{folded text: (text, distinct people whose account is old enough)}."""
    rows = (
        SearchLog.objects.filter(at__gt=start, at__lte=end, results__gt=0)
        .filter(person__date_joined__lte=end - OLD_ENOUGH)
        .values("key")
        .annotate(text=Max("text"), people=Count("person", distinct=True))
        .values_list("key", "text", "people")
    )
    return {key: (text, people) for key, text, people in rows}
