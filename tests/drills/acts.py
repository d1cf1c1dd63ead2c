"""What drills have done to a community: `python -m tests.drills.acts NAME ARGUMENTS` prints JSON.

In a process of its own, on the folder in ROCKPOOL_DATA, with the settings of that folder.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

WORDS = (
    "I mixed ash and feldspar, dipped twice and waited a whole night for the kiln to cool. The rim"
    " turned sea green where the glaze ran thin, and I would do it all again. "
)


def writers(number: str, drafts: str = "0") -> dict[str, Any]:
    """A published note, and people with a token and so many drafts each."""
    from django.utils import timezone
    from knox.models import AuthToken

    from accounts.models import User
    from community.services.writing import NoteContent, save_draft

    note = publish("author")
    long_ago = timezone.now() - timedelta(days=30)
    people = []
    for n in range(int(number)):
        person = User.objects.create_user(f"writer{n}", date_joined=long_ago)
        token = AuthToken.objects.create(user=person)[1]
        content = [NoteContent(title=f"Draft {k}", body=WORDS) for k in range(int(drafts))]
        notes = [save_draft(author=person, content=one).pk for one in content]
        people.append({"token": token, "drafts": notes})
    return {"note": note, "people": people}


def publish(name: str) -> int:
    """A note of this person, who is opened if need be; its job waits for a worker."""
    from accounts.models import User
    from community.models import Channel
    from community.services.writing import NoteContent, publish_note, save_draft

    author = User.objects.filter(username=name).first() or User.objects.create_user(name)
    channel = Channel.objects.get(slug="pottery")
    number = author.notes.count()
    content = NoteContent(title=f"Glaze {number}", body=f"{WORDS} {number}", channel=channel)
    note = save_draft(author=author, content=content)
    return int(publish_note(author=author, note_id=note.pk).pk)


def followed_by_all(name: str) -> int:
    """Everybody follows this person; how many do."""
    from django.db import connection
    from django.utils import timezone

    from accounts.models import Profile, User

    author = User.objects.create_user(name)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_follow (follower_id, followed_id, created_at)"
            " SELECT id, %s, %s FROM accounts_user WHERE id <> %s",
            [author.pk, timezone.now(), author.pk],
        )
        cursor.execute("UPDATE accounts_profile SET following_count = following_count + 1"
                       " WHERE person_id <> %s", [author.pk])  # fmt: skip
    number = User.objects.count() - 1
    Profile.objects.filter(person=author).update(followers_count=number)
    return number


def all_follow_all() -> int:
    """Everybody follows everybody else; how many others each has."""
    from django.db import connection
    from django.utils import timezone

    from accounts.models import Profile, User

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_follow (follower_id, followed_id, created_at)"
            " SELECT one.id, other.id, %s FROM accounts_user one, accounts_user other"
            " WHERE one.id <> other.id",
            [timezone.now()],
        )
    others = User.objects.count() - 1
    Profile.objects.update(following_count=others, followers_count=others)
    return others


def signed_in(name: str) -> str:
    """The key of a session of this person, as a browser keeps it."""
    from django.conf import settings
    from django.contrib.auth import login
    from django.http import HttpRequest
    from django.utils.module_loading import import_string

    from accounts.models import User

    request = HttpRequest()
    request.session = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
    person = User.objects.get(username=name)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.save()
    return str(request.session.session_key)


def work_periodically() -> list[tuple[str, float, float]]:
    """Every periodic task once, and the jobs that it leaves: (name, began, ended), by the clock."""
    from celery import current_app

    from community.outbox import jobs
    from community.task_queues import QUEUES

    current_app.loader.import_default_modules()
    tasks = {name: task for name, task in current_app.tasks.items() if hasattr(task, "once")}
    done = []
    for name, task in sorted(tasks.items()):
        began = time.time()
        task.once()
        done.append((name, began, time.time()))
        for queue in QUEUES:
            began = time.time()
            while jobs.work_off(queue):
                pass
            done.append((f"{queue} after {name}", began, time.time()))
    return done


def hold_the_lock(seconds: str) -> list[tuple[str, float, float]]:
    """The control of the drill of periodic work: a task that writes for too long."""
    from django.db import connection, transaction

    began = time.time()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET last_name = last_name WHERE id = 1")
        time.sleep(float(seconds))
    return [("holds", began, time.time())]


if __name__ == "__main__":
    django.setup()
    acts: dict[str, Callable[..., Any]] = {
        act.__name__: act
        for act in (
            writers,
            publish,
            followed_by_all,
            all_follow_all,
            signed_in,
            work_periodically,
            hold_the_lock,
        )
    }  # fmt: skip
    print(json.dumps(acts[sys.argv[1]](*sys.argv[2:])))
