"""What became of one note: its course, its readers, its tags, how it compares, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, Sum

from accounts.models import Profile, User
from accounts.zones import zone_of
from community.brands.click_report import clicks_of_note
from community.brands.models import NoteClicks
from community.models import Note, Tag, TaggedNote
from feeds.models import Interest, LiveNote, PoolEntry
from feeds.policies import current

from .models import Audience, FeedDay, FeedHour
from .reading import (
    MONTH,
    Course,
    People,
    Span,
    by_hour,
    course_of,
    groups_of,
    hours_of,
    names_of,
    people_of,
    summed,
    told_interests,
)
from .rules import (
    Compared,
    Group,
    Hint,
    TagVerdict,
    Totals,
    advise,
    best_hours,
    compare,
    tag_verdict,
)

# How long figures of the whole community are good.
GOOD_FOR = timedelta(hours=1).total_seconds()
# The figures in which a note is compared with others.
COMPARED = ("impressions", "open_rate", "read_rate", "engagement_rate")


@dataclass(frozen=True, slots=True)
class TagMatch:
    name: str
    key: str
    interested: int
    # None where fewer met the note than may be shown.
    group: Group | None
    verdict: TagVerdict


@dataclass(frozen=True, slots=True)
class NoteInsights:
    course: Course
    # Opens by weekday (Monday 0) and hour of the day, in the author's time zone.
    hours: dict[tuple[int, int], int]
    people: People
    tags: list[TagMatch]
    # Engagement per reader that is usual in the channel.
    usual: float
    compared: list[Compared]
    similar: int
    hints: list[Hint]
    # (product, its id, clicks to its shop that this note led to), most first.
    clicks: list[tuple[str, int, int]]


def note_insights(note: Note, span: Span, *, author: User, now: datetime) -> NoteInsights:
    """Everything the author's page says; `author` wrote the note."""
    rules, zone = current()[1].insights, zone_of(author.profile.time_zone)
    led = Exists(NoteClicks.objects.filter(note=OuterRef("note")))
    entry = PoolEntry.objects.filter(note=note).annotate(led=led).first()
    root = entry.root_channel_id if entry else note.channel.root_id
    usual = usual_engagement(root, now=now)
    course = course_of(FeedDay.objects.filter(note=note), span)
    audience = groups_of(Audience.objects.filter(note=note), span)
    hours = hours_of(FeedHour.objects.filter(note=note), zone, now)
    names, own = _named(note, audience)
    matches = [
        _match(tag, interested, audience, usual=usual, readers=readers_of_month(now))
        for tag, interested in _interested(own)
    ]
    compared, similar = _compared(note, entry, now)
    return NoteInsights(
        course=course,
        hours=hours,
        people=people_of(audience, names),
        tags=matches,
        usual=usual,
        compared=compared,
        similar=similar,
        hints=advise(
            totals=course.totals,
            compared={found.name: found for found in compared},
            tags={match.name: match.verdict for match in matches},
            best_hours=best_hours(by_hour(hours), least=rules.least_impressions),
            published_hour=(note.published_at or now).astimezone(zone).hour,
            promised_left=_promised_left(entry),
            rules=rules,
        ),
        # Most notes lead to no shop, and need not ask for it.
        clicks=clicks_of_note(note, span.since, span.until) if not entry or entry.led else [],
    )


def _promised_left(entry: PoolEntry | None) -> int:
    """Impressions that its pool still owes it."""
    if entry is None or entry.state != PoolEntry.State.RUNNING:
        return 0
    return max(0, entry.promised - entry.delivered)


def _named(note: Note, audience: Mapping[str, list[Group]]) -> tuple[dict[int, str], list[Tag]]:
    """(names of what readers are interested in, tags of the note), in one statement."""
    interests = names_of(told_interests(audience)[0])
    own = TaggedNote.objects.filter(content_object=note)
    tags = list(
        Tag.objects.filter(Q(pk__in=own.values("tag")) | Q(pk__in=interests.values("pk")))
        .shown()
        .annotate(own=Exists(own.filter(tag=OuterRef("pk"))))
        .order_by("name")
    )
    return {tag.pk: tag.name for tag in tags}, [tag for tag in tags if tag.own]


def _interested(tags: list[Tag]) -> list[tuple[Tag, int]]:
    """(tag of the note, people interested in it)."""
    key = f"interested:{','.join(str(tag.pk) for tag in tags)}"
    counted = cache.get(key)
    if counted is None:
        about = Interest.objects.filter(
            kind=Interest.Kind.TAG, target__in=[tag.pk for tag in tags], weight__gt=0, removed=False
        )
        rows = about.values("target").annotate(people=Count("pk")).values_list("target", "people")
        counted = dict(rows)
        cache.set(key, counted, GOOD_FOR)
    return [(tag, counted.get(tag.pk, 0)) for tag in tags]


def _match(
    tag: Tag, interested: int, audience: Mapping[str, list[Group]], *, usual: float, readers: int
) -> TagMatch:
    rules = current()[1].insights
    found = {group.value: group for group in audience[Audience.Kind.MATCH]}
    group = found.get(str(tag.pk), Group(str(tag.pk), 0, 0, 0.0))
    verdict = tag_verdict(group, interested=interested, readers=readers, usual=usual, rules=rules)
    shown = group if group.seen >= rules.least_people else None
    return TagMatch(tag.name, tag.key, interested, shown, verdict)


def usual_engagement(root_channel_id: int, *, now: datetime) -> float:
    """Engagement score per reader that is usual in a channel: the median of its notes of the last
    four weeks with enough readers; 0 where there are none. Good for an hour."""
    key = f"usual-engagement:{root_channel_id}"
    known = cache.get(key)
    if known is not None:
        return float(known)
    rules = current()[1].insights
    notes = LiveNote.objects.filter(
        root_channel_id=root_channel_id, published_at__gt=now - MONTH
    ).order_by("-published_at")
    sums = (
        Audience.objects.filter(
            kind=Audience.Kind.ALL, note__in=notes.values("note")[: rules.similar_notes]
        )
        .values("note_id")
        .annotate(people=Sum("seen"), scored=Sum("score"))
        .filter(people__gte=rules.least_impressions)
    )
    rates = [scored / people for people, scored in sums.values_list("people", "scored")]
    usual = median(rates) if rates else 0.0
    cache.set(key, usual, GOOD_FOR)
    return usual


def readers_of_month(now: datetime) -> int:
    """People who came within four weeks; good for an hour."""
    return int(
        cache.get_or_set(
            "readers-of-month",
            lambda: Profile.objects.filter(active_on__gte=(now - MONTH).date()).count(),
            GOOD_FOR,
        )
        or 0
    )


def _compared(note: Note, entry: PoolEntry | None, now: datetime) -> tuple[list[Compared], int]:
    """The note since it was published beside notes of the same channel, pool and age."""
    if entry is None or note.published_at is None:
        return [], 0
    rules, age = current()[1].insights, now - note.published_at
    around = max(timedelta(days=1), age / 2)
    similar = LiveNote.objects.filter(
        root_channel_id=entry.root_channel_id,
        published_at__range=(note.published_at - around, note.published_at + around),
        pk__in=PoolEntry.objects.filter(tier=entry.tier, promised__gt=0).values("note"),
    ).exclude(author=note.author_id)
    ids = list(
        similar.order_by("-published_at").values_list("pk", flat=True)[: rules.similar_notes]
    )
    sums = {
        row[0]: Totals(*row[1:])
        for row in summed(FeedDay.objects.filter(note__in=[*ids, note.pk]), "note_id")
    }
    mine, others = sums.get(note.pk, Totals()), [sums.get(pk, Totals()) for pk in ids]
    found = [
        compare(name, getattr(mine, name), [getattr(o, name) for o in others]) for name in COMPARED
    ]
    return [each for each in found if each], len(others)
