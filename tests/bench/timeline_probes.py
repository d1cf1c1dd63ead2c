"""Notes into their followers' timelines: what writing the rows costs, and the way of one note."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from .filling import fill
from .stopwatch import in_rounds, sum_up, tidy

COLUMNS = ("owner_id", "note_id", "author_id", "published_at")
# As long as the note needs to arrive; looked at so often.
PATIENCE_SECONDS, LOOK_SECONDS = 120, 0.01


def followed_author(followers: str) -> dict[str, int]:
    """A seeded community of this many people of whom one is followed by all the others; the policy
    lets notes be written to all of them, however many."""
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.models import Follow, Profile, User
    from feeds import policies

    count, now = int(followers), timezone.now()
    call_command("seed", people=count + 1, notes=0, verbosity=0)
    people = list(User.objects.order_by("pk").values_list("pk", flat=True))
    author, others = people[-1], people[:-1]
    Follow.objects.filter(followed=author).delete()
    fill(
        Follow, ("follower", "followed", "created_at"),
        ((pk, author, now - timedelta(days=1)) for pk in others),
    )  # fmt: skip
    Profile.objects.filter(person=author).update(followers_count=count)
    values = policies.current()[1].to_dict()
    values["follow"]["big_author"] = 2 * count
    policies.publish(values=values, by=None)
    return {"author": author, "followers": count}


def rows_written(author: str, rounds: str) -> dict[str, Any]:
    """Seconds to write one note to all followers of this author by our fan-out; and to write the
    same rows, which are at hand, into the same table: executemany on SQLite, COPY on PostgreSQL."""
    from django.db import connection

    from accounts.models import Follow
    from feeds import following
    from feeds.models import TimelineEntry

    note = _published(int(author))
    owners = Follow.objects.filter(followed=author).order_by("pk")
    at = connection.ops.adapt_datetimefield_value(note.published_at)
    rows = [(pk, note.pk, note.author_id, at) for pk in owners.values_list("follower", flat=True)]
    raw = _copied(rows) if connection.vendor == "postgresql" else _executed(rows)
    written: set[int] = set()

    def ours() -> None:
        following.fan_out([note.pk])

    def counted(work: Callable[[], Any]) -> Callable[[], None]:
        """Beside the measured rounds: that both write all rows."""

        def act() -> None:
            work()
            written.add(TimelineEntry.objects.filter(note=note.pk).count())

        return act

    TimelineEntry.objects.filter(note=note.pk).delete()
    in_rounds({"ours": counted(ours), "raw": counted(raw)}, rounds=1, then=tidy)
    assert written == {len(rows)}
    spent = in_rounds({"raw": raw, "ours": ours}, rounds=int(rounds), then=tidy)
    return sum_up(spent, "raw", "ours") | {"rows": len(rows)}


def _executed(rows: list[tuple[Any, ...]]) -> Callable[[], None]:
    from django.db import connection

    names, marks = ", ".join(COLUMNS), ", ".join("?" * len(COLUMNS))
    statement = f"INSERT INTO feeds_timelineentry ({names}) VALUES ({marks})"  # noqa: S608 (ours)

    def write() -> None:
        # Below Django's cursor, which would rewrite the marks and count the time of it.
        connection.connection.executemany(statement, rows)

    return write


def _copied(rows: list[tuple[Any, ...]]) -> Callable[[], None]:
    from django.db import connection

    # The text of it is made beforehand: what is measured is the database, not this process.
    told = io.StringIO()
    told.writelines("\t".join(map(str, row)) + "\n" for row in rows)
    text = told.getvalue()

    def write() -> None:
        statement = f"COPY feeds_timelineentry ({', '.join(COLUMNS)}) FROM STDIN"
        with connection.cursor() as cursor, cursor.cursor.copy(statement) as stream:
            stream.write(text)

    return write


def _published(author: int) -> Any:
    from accounts.models import User
    from community.services.writing import NoteContent, publish_note, save_draft

    content = NoteContent(title=f"Tide {time.time()}", body="The kiln burns slowly in spring. " * 9)
    person = User.objects.get(pk=author)
    draft = save_draft(author=person, content=content)
    return publish_note(author=person, note_id=draft.pk)


def note_to_all(author: str) -> dict[str, float]:
    """Seconds from the end of publishing until a worker, which runs beside, has written the note to
    every follower; how long the job took by itself is in its figures."""
    from accounts.models import Follow
    from feeds.models import TimelineEntry

    owners = list(Follow.objects.filter(followed=author).values_list("follower", flat=True))
    note = _published(int(author))
    begun = time.perf_counter()
    # One row is looked for: to count them all, again and again, would slow down who writes them.
    while not TimelineEntry.objects.filter(owner=owners[-1], note=note.pk).exists():
        assert time.perf_counter() - begun < PATIENCE_SECONDS, "the note did not arrive"
        time.sleep(LOOK_SECONDS)
    seconds = time.perf_counter() - begun
    # They are written by one statement: with one of them come all.
    assert TimelineEntry.objects.filter(note=note.pk).count() == len(owners)
    return {"seconds": seconds, "followers": len(owners)}


PROBES: dict[str, Callable[..., Any]] = {
    function.__name__: function for function in (followed_author, rows_written, note_to_all)
}
