"""Questions asked inside the community's own settings: `python -m tests.bench.probes NAME ARGS`.

Each prints one line of JSON. Run by house.House.probe, in a process of its own, so that the tests'
settings and the measured ones never mix.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

from . import (
    directory_probes,
    engine_probes,
    insight_probes,
    intake_probes,
    nearby_probes,
    pool_probes,
    task_probes,
    timeline_probes,
)

PROBES: dict[str, Callable[..., Any]] = (
    engine_probes.PROBES
    | pool_probes.PROBES
    | insight_probes.PROBES
    | directory_probes.PROBES
    | timeline_probes.PROBES
    | nearby_probes.PROBES
    | intake_probes.PROBES
    | task_probes.PROBES
)


def probe(function: Callable[..., Any]) -> Callable[..., Any]:
    PROBES[function.__name__] = function
    return function


@probe
def settle() -> dict[str, int]:
    """Do everything that waits, but for pictures, as a worker would."""
    from django.utils import timezone

    from community.outbox import jobs

    done = 0
    while waiting := [q for q in jobs.queues_with_work(timezone.now()) if q != "media"]:
        done += sum(jobs.work_off(queue, batch=20, budget=timedelta(hours=1)) for queue in waiting)
    return {"jobs": done}


@probe
def cookie(followees: str) -> dict[str, Any]:
    """The session of a reader with this many followees, their discover list made ready."""
    from django.utils import timezone

    from feeds.discover import build_discover

    person = _reader_with(int(followees))
    build_discover(person.pk, now=timezone.now())
    return {"cookie": session_of(person), "person": person.pk}


def session_of(person: Any) -> str:
    """The key of a new session in which this person is logged in."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "accounts.backends.PersonBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


@probe
def queries(followees: str) -> dict[str, Any]:
    """Statements of one warm discover page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from feeds.discover import build_discover

    person = _reader_with(int(followees))
    build_discover(person.pk, now=timezone.now())
    client = Client(HTTP_HOST="localhost")
    client.force_login(person, backend="accounts.backends.PersonBackend")
    for _ in range(3):
        client.get("/")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        page = client.get("/")
    asked = [query["sql"] for query in captured.captured_queries]
    return {
        "status": page.status_code,
        "count": len(asked),
        "bytes": len(page.content),
        "sql": asked,
    }


def _reader_with(followees: int) -> Any:
    """A reader, imported or seeded, who follows exactly this many."""
    from django.utils import timezone

    from accounts.models import Follow, User

    people = User.objects.filter(username__regex="^(reader|seed)")
    person = people.order_by("pk")[followees]
    Follow.objects.filter(follower=person).delete()
    others = (
        User.objects.exclude(pk=person.pk).order_by("-pk").values_list("pk", flat=True)[:followees]
    )
    Follow.objects.bulk_create(
        Follow(follower=person, followed_id=pk, created_at=timezone.now()) for pk in others
    )
    return User.objects.select_related("profile").get(pk=person.pk)


@probe
def author_with_followers(count: str) -> dict[str, int]:
    """Somebody whom this many follow."""
    from django.utils import timezone

    from accounts.models import Follow, Profile, User

    author = User.objects.order_by("-pk").first()
    people = (
        User.objects.exclude(pk=author.pk).order_by("pk").values_list("pk", flat=True)[: int(count)]
    )
    Follow.objects.bulk_create(
        (Follow(follower_id=pk, followed=author, created_at=timezone.now()) for pk in people),
        ignore_conflicts=True,
    )
    followers = Follow.objects.filter(followed=author).count()
    Profile.objects.filter(person=author).update(followers_count=followers)
    return {"author": author.pk, "followers": followers}


@probe
def publish(author: str) -> dict[str, float]:
    """Seconds from the publishing request's end to the note in every follower's feed."""
    from accounts.models import Follow, User
    from community.services.writing import NoteContent, publish_note, save_draft
    from feeds.models import TimelineEntry
    from feeds.serving import serve_following

    person = User.objects.get(pk=author)
    body = "春天的窑火要慢慢烧，釉色才会像海水一样。" * 3
    note = save_draft(author=person, content=NoteContent(title=f"Tide {time.time()}", body=body))
    followers = list(Follow.objects.filter(followed=person).values_list("follower", flat=True))
    publish_note(author=person, note_id=note.pk)
    started = time.monotonic()
    while TimelineEntry.objects.filter(note=note.pk, owner__in=followers).count() < len(followers):
        assert time.monotonic() - started < 60, "the note did not arrive within a minute"
        time.sleep(0.01)
    arrived = time.monotonic() - started
    for pk in (followers[0], followers[len(followers) // 2], followers[-1]):
        page = serve_following(viewer=User.objects.get(pk=pk))
        assert note.pk in [item.note_id for item in page.items], f"{pk} does not see it"
    return {"seconds": arrived, "followers": len(followers)}


@probe
def tick(due: str) -> dict[str, Any]:
    """Seconds of two ticks in a row, what they changed; with "all" every note is due at once."""
    from django.utils import timezone

    from feeds.models import PoolEntry
    from feeds.pool_keeper import advance

    now = timezone.now()
    advance(now=now)
    if due == "all":
        PoolEntry.objects.update(
            state=PoolEntry.State.RUNNING, tier=0, started_at=now - timedelta(days=9), due_at=now
        )
    seconds, changed, digests = [], [], []
    for _ in range(2):
        started = time.perf_counter()
        changed.append(advance(now=now))
        seconds.append(time.perf_counter() - started)
        digests.append(_pool_digest())
    return {
        "seconds": seconds,
        "changed": changed,
        "entries": PoolEntry.objects.count(),
        "same": digests[0] == digests[1],
    }


def _pool_digest() -> str:
    from hashlib import blake2b

    from feeds.models import PoolEntry, PoolTransition

    digest = blake2b()
    for model in (PoolEntry, PoolTransition):
        for row in model.objects.order_by("pk").values_list().iterator():
            digest.update(repr(row).encode())
    return digest.hexdigest()


if __name__ == "__main__":
    django.setup()
    print(json.dumps(PROBES[sys.argv[1]](*sys.argv[2:])))
