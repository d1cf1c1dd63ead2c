"""The one part of the demo that knows the database: its pictures as jobs, and its log-ins."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import edit_profile
from community.models import ImportedRow, NoteImage
from community.outbox import jobs
from community.outbox.jobs import handler
from community.services.picture_work import take_drawn

from .demo.content import pictures_by_file

SOURCE = "demo"
PASSWORD = "tidepool"  # noqa: S105 (public on purpose: a throw-away community on one's own machine)
KEEPER = "keeper"
READERS = ("p-lin", "p-ines", "p-wei")
PAINTERS = 2


@handler("demo.draw", queue="media", atomic=False)
def draw_picture(*, image: int, file: str) -> None:
    """Draw one picture straight into its renditions. Done already: nothing to do."""
    row = NoteImage.objects.filter(pk=image, state=NoteImage.State.PROCESSING).first()
    if row is not None:
        from .demo.pictures import draw  # with numpy and 47 motifs: not for every process

        picture = pictures_by_file()[file]
        drawn = draw(picture.motif, picture.palette, picture.seed, picture.ratio)
        take_drawn(row, drawn, now=timezone.now())


def newest_notes_first(lines: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same lines with notes by age, so that what pages show first is drawn first."""
    waiting: list[dict[str, Any]] = []
    for line in lines:
        if line["type"] == "note":
            waiting.append(line)
            continue
        yield from sorted(waiting, key=_minutes)
        waiting = []
        yield line
    yield from sorted(waiting, key=_minutes)


def _minutes(line: dict[str, Any]) -> int:
    return int(line["at"].strip("-m"))


def open_accounts(*, now: datetime) -> list[str]:
    """Give three people the demo's password and open the staff account; their usernames.

    Once: a password that was changed since stays, and somebody else's `keeper` is left alone.
    """
    rows = ImportedRow.objects.filter(
        source=SOURCE, kind=ImportedRow.Kind.PERSON, external_id__in=READERS
    )
    with transaction.atomic():
        people = list(User.objects.filter(pk__in=rows.values("object_id")).order_by("pk"))
        for person in people:
            if not person.has_usable_password():
                person.set_password(PASSWORD)
                person.save(update_fields=["password"])
        return [person.username for person in people] + _keeper(now)


def _keeper(now: datetime) -> list[str]:
    if User.objects.filter(username=KEEPER).exists():
        return [KEEPER] if User.objects.filter(username=KEEPER, is_superuser=True).exists() else []
    keeper = User.objects.create_superuser(KEEPER, password=PASSWORD, date_joined=now)
    edit_profile(person=keeper, display_name="Tide keeper", now=now)
    return [KEEPER]


def paint(*, budget: timedelta) -> None:
    """Draw with PAINTERS processes for as long as the budget allows; the worker does the rest.

    Jobs are leased: a worker that runs already takes its share, and nothing is drawn twice.
    """
    connections.close_all()  # a connection must not be shared with a child
    context = multiprocessing.get_context("fork")
    painters = [context.Process(target=_paint, args=(budget,)) for _ in range(PAINTERS)]
    for painter in painters:
        painter.start()
    for painter in painters:
        painter.join()


def _paint(budget: timedelta) -> None:
    jobs.work_off("media", budget=budget)
    connections.close_all()


def settle(*, budget: timedelta) -> None:
    """Do what the import asked of the other queues, so that the first page finds everything."""
    if connection.vendor == "postgresql":
        # Its planner takes tables that filled in a moment for empty ones, until it counts them.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    until = timezone.now() + budget
    while (now := timezone.now()) < until:
        waiting = [queue for queue in jobs.queues_with_work(now) if queue != "media"]
        if not any(jobs.work_off(queue, batch=20, budget=until - now) for queue in waiting):
            return
