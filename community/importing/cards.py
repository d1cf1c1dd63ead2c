"""Text cards for imported notes, a few at a time.

Thirty thousand cards at once would keep everybody's own pictures waiting for hours. So an import
leaves its notes without a card (pages set the text in its place), and one job that returns asks
for a handful, newest notes first, whenever the media queue has room.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from community.models import ImportedRow, Note, NoteImage
from community.models.note import NoteQuerySet
from community.outbox.jobs import enqueue, handler
from community.outbox.models import Job
from community.services.pictures import keep_text_card_current

AT_ONCE = 20
LOOK_AGAIN = timedelta(seconds=5)


def draw_cards_later(source: str) -> None:
    enqueue("importing.draw_cards", key=source, source=source)


@handler("importing.draw_cards", queue="media")
def draw_some(*, source: str) -> None:
    """Ask for the next cards if the queue is nearly empty; come again while notes lack one."""
    if Job.objects.filter(kind="pictures.process", state=Job.State.READY).count() >= AT_ONCE:
        enqueue("importing.draw_cards", key=source, after=LOOK_AGAIN, source=source)
        return
    if ask_for_cards(source, limit=AT_ONCE) == AT_ONCE:
        enqueue("importing.draw_cards", key=source, after=LOOK_AGAIN, source=source)


def ask_for_cards(source: str, *, limit: int | None = None) -> int:
    """Note the jobs for cards of imported notes that have no picture; return how many."""
    notes = list(notes_without_picture(source)[:limit])
    for note in notes:
        keep_text_card_current(note, now=timezone.now())
    return len(notes)


def notes_without_picture(source: str) -> NoteQuerySet:
    imported = ImportedRow.objects.filter(source=source, kind=ImportedRow.Kind.NOTE)
    return (
        Note.objects.published()
        .filter(~Exists(NoteImage.objects.filter(note=OuterRef("pk"))))
        .filter(pk__in=imported.values("object_id"))
        .newest()
    )
