"""Doorbells of this room: fetch the row, call the service."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.utils import timezone
from oauth2_provider.models import clear_expired

from accounts.addresses.services import forget_changes

from . import (
    demo_brands,  # noqa: F401 (registers its job)
    demo_loading,  # noqa: F401 (registers its job)
)
from .importing import cards  # noqa: F401 (registers its job)
from .models import Note, NoteImage, NoteVideo
from .outbox.jobs import handler
from .outbox.schedule import periodic
from .search.index import index_notes, index_what_is_missing
from .services import picture_work, video_work, videos
from .services.idempotency import forget_old_answers


@handler("pictures.process", queue="media", atomic=False)
def process_picture(*, image: int) -> None:
    """Make a picture's renditions, or draw its text card. Done already: nothing to do."""
    row = NoteImage.objects.select_related("note").filter(pk=image).first()
    if row is not None and row.state == NoteImage.State.PROCESSING:
        picture_work.make_ready(row, now=timezone.now())


def give_video_up(*, video: int) -> None:
    row = NoteVideo.objects.select_related("poster").filter(pk=video).first()
    if row is not None:
        video_work.give_up(row)


@handler("videos.process", queue="video", atomic=False, given_up=give_video_up)
def process_video(*, video: int) -> None:
    """Make a video's sizes and its poster: minutes. Done, refused or cancelled: nothing to do."""
    videos.begin_again(video)  # if it was given up, and an operator put the job back
    row = NoteVideo.objects.select_related("poster").filter(pk=video).first()
    if row is not None and row.state == NoteVideo.State.PROCESSING:
        video_work.prepare(row)


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


@periodic("programs.forget", slot=timedelta(hours=1))
def forget_programs_tokens() -> None:
    """Codes and tokens of programs that open nothing any more."""
    clear_expired()


@periodic("addresses.forget", slot=timedelta(hours=1))
def forget_address_changes() -> int:
    """Addresses that somebody had before, once nothing can be undone any more."""
    return forget_changes(now=timezone.now())


@periodic("community.repair_search", slot=timedelta(minutes=5))
def repair_search() -> int:
    return index_what_is_missing()
