"""What the directory of creators costs at size, asked of a database of its own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from random import Random
from statistics import median
from typing import Any
from urllib.parse import unquote

AT_ONCE = 5_000
# Where the page says that the next one begins.
AFTER = re.compile(r"&amp;after=([^\"&]+)\"")
CITIES = ("Hangzhou", "Suzhou", "Dali", "Lisbon", "Kyoto")
ASKED: dict[str, dict[str, str]] = {
    "everybody": {},
    "by engagement": {"sort": "engagement"},
    "by followers": {"sort": "followers"},
    "by price": {"sort": "price", "price": "300"},
    "of a tier": {"tier": "mid", "sort": "engagement"},
    "of a city": {"city": "Dali", "sort": "followers"},
    "of a field": {"field": "FIELD"},
    "of a field, tier, city and price": {
        "field": "FIELD", "tier": "micro", "city": "Kyoto", "price": "500", "sort": "price",
    },
    "nobody": {"field": "FIELD", "tier": "top", "city": "Nowhere"},
}  # fmt: skip


def directory_at_size(count: str) -> dict[str, Any]:
    """Milliseconds of the directory's page among so many creators, by what is asked of it: the
    first page, and the one behind the tenth."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings

    call_command("createcachetable", database="cache", verbosity=0)
    viewer, field = _listed(int(count))
    found: dict[str, Any] = {}
    with override_settings(ALLOWED_HOSTS=["*"]):
        client = Client()
        client.force_login(viewer)
        for name, said in ASKED.items():
            query = said | ({"field": field} if "field" in said else {})
            first, last, statements = [], [], 0
            for _ in range(5):
                page, times = "/creators/", []
                for _page in range(12):
                    with CaptureQueriesContext(connection) as asked:
                        begun = time.perf_counter()
                        answer = client.get(page, query)
                        times.append(1000 * (time.perf_counter() - begun))
                    assert answer.status_code == 200
                    statements = max(statements, len(asked))
                    following = AFTER.search(answer.content.decode())
                    if not following:
                        break
                    query = query | {"after": unquote(following[1])}
                query.pop("after", None)
                first.append(times[0])
                last.append(times[-1])
            found[name] = [median(first), median(last), statements]
    return found


def _listed(count: int) -> tuple[Any, str]:
    """A viewer with some blocks and followees, and so many people with an entry."""
    from django.db import connection, transaction
    from django.utils import timezone

    from accounts.models import Block, Follow, Profile, User
    from community.models import Channel
    from community.rows import insert_rows
    from feeds.collaborations.models import Creator, CreatorField
    from feeds.collaborations.rules import tier_of

    now, chance = timezone.now(), Random(1)
    viewer = User.objects.create_user("viewer", "viewer@example.org", "tide-and-rock-9")
    channels = list(Channel.objects.top_level())
    first = viewer.pk + 1
    for start in range(first, first + count, AT_ONCE):
        people = range(start, min(start + AT_ONCE, first + count))
        entries = []
        for person in people:
            followers = int(10 ** chance.uniform(1, 6))
            reach = int(followers * chance.uniform(0, 2))
            price = chance.randrange(5_000, 500_000) if chance.random() < 0.7 else None
            entries.append(
                (person, True, "Tea, clay and rain.", chance.choice(CITIES), price, followers,
                 reach, chance.random() / 5, tier_of(followers, reach))
            )  # fmt: skip
        with transaction.atomic():
            insert_rows(
                User,
                ("id", "username", "username_key", "email", "password", "date_joined", "is_active"),
                ((n, f"c{n}", f"c{n}", f"c{n}@example.org", "!", now, True) for n in people),
            )
            insert_rows(Profile, ("person", "display_name"), ((n, f"Creator {n}") for n in people))
            insert_rows(
                Creator,
                ("person", "listed", "about", "city", "price", "followers", "reach", "engagement",
                 "tier"),
                entries,
            )  # fmt: skip
            insert_rows(
                CreatorField,
                ("creator", "channel"),
                ((n, channel.pk) for n in people for channel in chance.sample(channels, 2)),
            )
    some = list(range(first, first + 400))
    Block.objects.bulk_create(
        Block(blocker=viewer, blocked_id=n, created_at=now) for n in some[:50]
    )
    Follow.objects.bulk_create(
        Follow(follower=viewer, followed_id=n, created_at=now) for n in some[50:]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return viewer, channels[0].slug


PROBES: dict[str, Callable[..., Any]] = {"directory_at_size": directory_at_size}
