"""Doorbells of this room: fetch, call, return a count.

Handlers are woken by the outbox, periodic tasks by beat; each may come late or twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Profile
from community.models import Note
from community.outbox.jobs import enqueue, enqueue_many, handler
from community.outbox.schedule import periodic

from . import (
    catalogue,
    demo_readers,
    discover,
    events,
    following,
    hot,
    interests,
    nearby,
    pool_keeper,
    retention,
    supply,
)
from .models import Event, FeedList, LiveNote
from .policies import current

# People whose discover list one job builds.
PEOPLE_AT_ONCE = 50
# Well within the lease of its job.
DIGEST_BUDGET = timedelta(seconds=4)


# ---------------------------------------------------------------- woken by writes
@handler("feeds.refresh", queue="feeds")
def refresh(*, notes: list[int]) -> None:
    catalogue.refresh(notes, now=timezone.now())


@handler("feeds.refresh_author", queue="feeds")
def refresh_author(*, author: int) -> None:
    notes = list(Note.objects.filter(author=author).published().values_list("pk", flat=True))
    catalogue.refresh(notes, now=timezone.now())


@handler("feeds.fan_out", queue="fanout")
def fan_out(*, notes: list[int]) -> None:
    following.fan_out(notes)


@handler("feeds.backfill", queue="fanout")
def backfill(*, owner: int, author: int) -> None:
    following.backfill(owner_id=owner, author_id=author)


@handler("feeds.backfill_pairs", queue="fanout")
def backfill_pairs(*, pairs: list[tuple[int, int]]) -> None:
    for owner, author in pairs:
        following.backfill(owner_id=owner, author_id=author)


@handler("feeds.remove_author", queue="fanout")
def remove_author(*, owner: int, author: int) -> None:
    following.remove_author(owner_id=owner, author_id=author)


@handler("feeds.credit_follow", queue="feeds")
def credit_follow(*, owner: int, author: int) -> None:
    """A follow after reading a note: credited to the author's newest note this person opened."""
    opened = Event.objects.filter(
        person=owner, kind__in=[Event.Kind.OPEN, Event.Kind.IMPRESSION], note__author=author
    )
    note_id = opened.order_by("-pk").values_list("note_id", flat=True).first()
    if note_id is not None and not _credited(owner, note_id):
        events.record(person_id=owner, note_id=note_id, kind=Event.Kind.FOLLOW, at=timezone.now())


def _credited(person: int, note_id: int) -> bool:
    return Event.objects.filter(person=person, note=note_id, kind=Event.Kind.FOLLOW).exists()


@handler("feeds.digest", queue="feeds", atomic=False)
def digest() -> None:
    """Digest within the lease; what is left then is another job."""
    if events.digest(now=timezone.now(), budget=DIGEST_BUDGET) and events.waiting():
        enqueue("feeds.digest", key="soon")


@handler("feeds.rebuild_discover", queue="feeds", atomic=False)
def rebuild_discover(*, person: int) -> None:
    discover.build_discover(person, now=timezone.now())


@handler("feeds.rebuild_discover_of", queue="feeds", atomic=False)
def rebuild_discover_of(*, people: list[int]) -> None:
    shared: dict[Any, Any] = {}
    for person in people:
        discover.build_discover(person, now=timezone.now(), shared=shared)


@handler("feeds.first_lists", queue="feeds", atomic=False)
def first_lists() -> None:
    """After a load: what the clock would do within minutes, at once."""
    now = timezone.now()
    pool_keeper.advance(now=now)
    hot.build_hot(now=now)
    discover.build_discover(None, now=now)


@handler("feeds.read_demo", queue="feeds", atomic=False)
def read_demo() -> None:
    demo_readers.read_a_little(now=timezone.now())


# ---------------------------------------------------------------- woken by the clock
@periodic("feeds.digest_events", slot=timedelta(seconds=10))
def digest_events() -> int:
    return events.digest(now=timezone.now(), budget=DIGEST_BUDGET)


@periodic("feeds.advance_pools", slot=timedelta(seconds=30))
def advance_pools() -> int:
    return pool_keeper.advance(now=timezone.now())


@periodic("feeds.admit_strays", slot=timedelta(minutes=30))
def admit_strays() -> int:
    return pool_keeper.admit_strays(now=timezone.now())


@periodic("feeds.learn_supply", slot=timedelta(hours=1))
def learn_supply() -> int:
    return supply.learn_supply(now=timezone.now())


@periodic("feeds.precompute_hot", slot=timedelta(seconds=60))
def precompute_hot() -> int:
    return len(hot.build_hot(now=timezone.now()))


@periodic("feeds.precompute_discover", slot=timedelta(seconds=30))
def precompute_discover() -> int:
    """Ask for new lists for visitors and for active people whose list is missing, stale or old."""
    now = timezone.now()
    discover.build_discover(None, now=now)
    waiting = people_waiting(now)
    chunks = [
        waiting[start : start + PEOPLE_AT_ONCE] for start in range(0, len(waiting), PEOPLE_AT_ONCE)
    ]
    enqueue_many(
        "feeds.rebuild_discover_of", [(f"{chunk[0]}", {"people": chunk}) for chunk in chunks]
    )
    return len(waiting)


def people_waiting(now: datetime) -> list[int]:
    """Active people whose list is missing or stale, and people of today whose list is old."""
    rules = current()[1].discover
    lists = FeedList.objects.filter(kind="discover", stale=False)
    known = _people_of(lists)
    fresh = _people_of(lists.filter(built_at__gt=now - timedelta(minutes=rules.stale_minutes)))
    lately, today = (now - timedelta(days=days) for days in (rules.active_days, 1))
    people = Profile.objects.filter(active_on__gte=lately.date()).order_by("person")
    return [
        person
        for person, day in people.values_list("person_id", "active_on").iterator()
        if person not in (fresh if day is not None and day >= today.date() else known)
    ]


def _people_of(lists: QuerySet[FeedList]) -> set[int]:
    return {int(key) for key in lists.values_list("key", flat=True)}


@periodic("feeds.precompute_nearby", slot=timedelta(seconds=60))
def precompute_nearby() -> int:
    now = timezone.now()
    cells = nearby.cells_in_use()
    for cell in cells:
        nearby.build_cell(cell, now=now)
    return len(cells)


@periodic("feeds.learn_from_behaviour", slot=timedelta(minutes=30))
def learn_from_behaviour() -> str:
    """Train what is due; says what came of it."""
    from .learning import training  # what only training needs is heavy

    now = timezone.now()
    kinds = training.due(now=now)
    outcomes = training.train(kinds, now=now) if kinds else []
    return "; ".join(outcome.refused or str(outcome.artefact) for outcome in outcomes)


@periodic("feeds.expire", slot=timedelta(hours=1))
def expire() -> int:
    """Forget what is past its time, and interests that faded."""
    now = timezone.now()
    return retention.forget(now=now) + interests.forget_weak(now=now)


@periodic("feeds.tidy_timelines", slot=timedelta(minutes=5))
def tidy_timelines() -> int:
    return following.tidy() + repair(timezone.now())


def repair(now: datetime) -> int:
    """Bring the catalogue in order, whatever was lost on the way or announced by nobody.

    NOT EXISTS and not NOT IN, as everywhere where many rows are compared with many: PostgreSQL
    walks through the latter a row.

    1. notes it does not know   2. notes it keeps though nobody may see them (a suspended author)
    """
    public = Note.objects.visible_to(None)
    unknown = (
        public.filter(published_at__lt=now - timedelta(minutes=5))
        .filter(~Exists(LiveNote.objects.filter(note=OuterRef("pk"))))
        .values_list("pk", flat=True)[:500]
    )
    hidden = LiveNote.objects.filter(~Exists(public.filter(pk=OuterRef("note"))))
    gone = hidden.values_list("note_id", flat=True)[:500]
    following.fan_out(list(unknown))
    return catalogue.refresh([*unknown, *gone], now=now)
