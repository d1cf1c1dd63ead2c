"""Doorbells of this room: fetch the row, call the service."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from . import demo_loading  # noqa: F401 (registers its job)
from .importing import cards  # noqa: F401 (registers its job)
from .models import Note, NoteImage
from .outbox.jobs import handler
from .outbox.schedule import periodic
from .search.index import index_notes, index_what_is_missing
from .services import picture_work
from .services.idempotency import forget_old_answers


@handler("pictures.process", queue="media", atomic=False)
def process_picture(*, image: int) -> None:
    """Make a picture's renditions, or draw its text card. Done already: nothing to do."""
    row = NoteImage.objects.select_related("note").filter(pk=image).first()
    if row is not None and row.state == NoteImage.State.PROCESSING:
        picture_work.make_ready(row, now=timezone.now())


@handler("search.index")
def index(*, notes: list[int]) -> None:
    """Make the index say what these notes say now."""
    index_notes(notes)


@handler("cards.refresh")
def refresh_cards(*, author: int) -> None:
    """The author's name or avatar is another: cached cards of their notes are out of date."""
    Note.objects.filter(author=author).update(revision=F("revision") + 1)


@periodic("community.expire", slot=timedelta(hours=1))
def expire() -> int:
    """Forget answers that nobody asks for again."""
    return forget_old_answers(now=timezone.now())


@periodic("community.repair_search", slot=timedelta(minutes=5))
def repair_search() -> int:
    return index_what_is_missing()
