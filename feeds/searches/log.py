"""Note a search, and read the notes: a person's own history, and what many people look for."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max

from accounts.models import User
from community.outbox.jobs import enqueue
from community.text.fold import fold
from feeds.taste import wants_personal

from .models import LONGEST, SearchLog

HISTORY = 20
# The same words again within this are the same search.
SAME_SEARCH = timedelta(hours=1)
# More distinct searches than this in ten minutes are not a person's, and are not kept.
MOST_AT_ONCE, AT_ONCE = 30, timedelta(minutes=10)


def search_key(text: str) -> str:
    """The same string for spellings of one search."""
    return " ".join(fold(text.replace("\0", " ")).split())[:LONGEST]


@transaction.atomic
def log_search(*, person: User | None, text: str, kind: str, results: int, now: datetime) -> bool:
    """Note what a person searched for; whether it was noted.

    Not noted: those of visitors and people without personalisation, and more than a person types.
    """
    key = search_key(text)
    if person is None or not key or not wants_personal(person.pk):
        return False
    mine = SearchLog.objects.filter(person=person)
    same = mine.filter(key=key, at__gt=now - SAME_SEARCH, at__lte=now).order_by("-at")[:1]
    if known := list(same.values_list("pk", flat=True)):
        SearchLog.objects.filter(pk=known[0]).update(
            text=text[:LONGEST], kind=kind, results=results, at=now
        )
        return True
    if mine.filter(at__gt=now - AT_ONCE).count() >= MOST_AT_ONCE:
        return False
    SearchLog.objects.create(
        person=person, text=text[:LONGEST], key=key, kind=kind, results=results, at=now
    )
    enqueue("searches.digest", key="soon")
    return True


# ---------------------------------------------------------------- a person's own
def history_of(person: User | None, *, most: int = HISTORY, begins: str = "") -> list[str]:
    """The person's last distinct searches, newest first; empty for visitors and while
    personalisation is off. `begins`: only those that start like this."""
    if person is None or not wants_personal(person.pk):
        return []
    rows = SearchLog.objects.filter(person=person)
    if begins:
        rows = rows.filter(key__startswith=search_key(begins))
    newest = rows.values("key").annotate(last=Max("at"), text=Max("text")).order_by("-last", "key")
    return [row["text"] for row in newest[:most]]


def forget_search(*, person: User, text: str) -> int:
    """Remove one search from a person's history; rows removed."""
    return SearchLog.objects.filter(person=person, key=search_key(text)).delete()[0]


def forget_searches(*, person: User) -> int:
    """Remove a person's whole history; rows removed."""
    return SearchLog.objects.filter(person=person).delete()[0]


# ---------------------------------------------------------------- everybody's
def counts_since(since: datetime) -> dict[str, tuple[str, int]]:
    """What was searched for since then: {key: (text, distinct people)}.

    However often one person asks, they count once a key; what they can add is bounded by
    `MOST_AT_ONCE`. Read it for trends: show a text only where several people stand behind it.
    """
    rows = (
        SearchLog.objects.filter(at__gte=since)
        .values("key")
        .annotate(text=Max("text"), people=Count("person", distinct=True))
        .values_list("key", "text", "people")
    )
    return {key: (text, people) for key, text, people in rows}
