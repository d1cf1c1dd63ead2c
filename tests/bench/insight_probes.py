"""What insights cost at size, asked of a database of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from random import Random
from statistics import median
from typing import Any

AT_ONCE = 50_000


def insights_at_size(count: str, people: str) -> dict[str, Any]:
    """Seconds to roll up so many events of a much-read note and a thousand others over thirty days,
    and of the page of that note."""
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings
    from django.urls import reverse
    from django.utils import timezone

    from accounts.models import User
    from accounts.prepared import these
    from community.rows import insert_rows
    from feeds import events
    from feeds.insights import audience, rolling
    from feeds.models import Event

    call_command("createcachetable", database="cache", verbosity=0)
    now, chance = timezone.now(), Random(1)
    author, note_ids = _written(now)
    readers = [10_000_000 + n for n in range(int(people))]
    kinds = [Event.Kind.IMPRESSION] * 14 + [Event.Kind.OPEN] * 3 + [Event.Kind.LIKE]
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
    for start in range(0, int(count), AT_ONCE):
        with transaction.atomic():
            insert_rows(
                Event,
                ("person", "note", "kind", "feed", "at"),
                (
                    (
                        chance.choice(readers),
                        note_ids[0] if chance.random() < 0.5 else chance.choice(note_ids),
                        chance.choice(kinds),
                        chance.choice(["discover", "hot", "follow", "search", ""]),
                        now - timedelta(seconds=chance.randrange(30 * 86_400)),
                    )
                    for _ in range(min(AT_ONCE, int(count) - start))
                ),
            )
    made = time.perf_counter() - begun

    begun = time.perf_counter()
    for start in range(1, int(count) + 1, events.AT_ONCE):
        with transaction.atomic():
            some = list(range(start, start + events.AT_ONCE))
            rolling.put_down(some, since=now - timedelta(days=30), until=now)
            Event.objects.filter(pk__in=these(some)).update(digested=True)
    rolling.roll_up()
    rolled = time.perf_counter() - begun
    begun = time.perf_counter()
    audience.count_audiences(now=now, budget=timedelta(hours=1))
    counted = time.perf_counter() - begun

    with override_settings(ALLOWED_HOSTS=["*"]):
        client, page = Client(), reverse("note-insights", args=[note_ids[0]])
        client.force_login(User.objects.get(pk=author))
        times = []
        for _ in range(12):
            with CaptureQueriesContext(connection) as asked:
                begun = time.perf_counter()
                answer = client.get(page, {"days": "28"})
                times.append(time.perf_counter() - begun)
            assert answer.status_code == 200
    return {
        "made": made, "rolled": rolled, "counted": counted, "page": median(times),
        "cold": times[0], "statements": len(asked),
    }  # fmt: skip


def _written(now: Any) -> tuple[int, list[int]]:
    """An author, and a thousand notes of theirs with tags in one channel."""
    from accounts.models import User
    from community.models import Channel, Note, Tag, TaggedNote
    from feeds.models import LiveNote, PoolEntry

    author = User.objects.create_user("author", "author@example.org", "tide-and-rock-9")
    channel = Channel.objects.filter(parent=None).first()
    assert channel is not None
    notes = Note.objects.bulk_create(
        Note(
            author=author, title=f"Note {n}", channel=channel, state=Note.State.PUBLISHED,
            created_at=now, published_at=now,
        )
        for n in range(1_000)
    )  # fmt: skip
    tags = [Tag.objects.create(name=f"tag {n}") for n in range(8)]
    TaggedNote.objects.bulk_create(
        TaggedNote(tag=tag, content_object=note) for note in notes[:50] for tag in tags
    )
    LiveNote.objects.bulk_create(
        LiveNote(
            note=note, author=author, channel_id=channel.pk, root_channel_id=channel.pk,
            published_at=now, recommended=True,
        )
        for note in notes
    )  # fmt: skip
    PoolEntry.objects.bulk_create(
        PoolEntry(
            note=note, author=author, root_channel_id=channel.pk, state="settled", promised=100,
            started_at=now, due_at=now,
        )
        for note in notes
    )  # fmt: skip
    return author.pk, [note.pk for note in notes]


PROBES: dict[str, Callable[..., Any]] = {"insights_at_size": insights_at_size}
