"""What this room does about its own announcements: search follows notes, cards their authors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.signals import user_logged_in, user_signed_up
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.signals import files_forgotten, profile_changed

from . import came_by, forgotten_files, signals
from .models import Note
from .outbox.jobs import enqueue, enqueue_many
from .services.sharing import settle_arrivals
from .services.videos import resume_video

# Notes of one bulk import that one job indexes.
AT_ONCE = 500


@receiver(files_forgotten)
def remove_soon(removals: list[dict[str, Any]], **_: Any) -> None:
    forgotten_files.note(removals)


@receiver([signals.note_published, signals.note_edited])
def index_soon(note: Note, now: datetime, **_: Any) -> None:
    enqueue("search.index", key=note.pk, notes=[note.pk])


@receiver([signals.note_withdrawn, signals.note_returned])
def index_again(note_id: int, now: datetime, **_: Any) -> None:
    enqueue("search.index", key=note_id, notes=[note_id])


@receiver(signals.note_returned)
def go_on_with_its_video(note_id: int, now: datetime, **_: Any) -> None:
    resume_video(note_id)


@receiver(signals.notes_imported)
def index_imported(note_ids: list[int], now: datetime, **_: Any) -> None:
    chunks = [note_ids[start : start + AT_ONCE] for start in range(0, len(note_ids), AT_ONCE)]
    enqueue_many("search.index", [("", {"notes": chunk}) for chunk in chunks])


@receiver(profile_changed)
def redraw_cards(person: User, now: datetime, **_: Any) -> None:
    enqueue("cards.refresh", key=person.pk, author=person.pk)


@receiver([user_signed_up, user_logged_in])
def came_by_links(request: HttpRequest, user: User, signal: Any, **_: Any) -> None:
    """The links by which this device came are theirs from now on."""
    if tokens := came_by.links_of(request):
        is_new = signal is user_signed_up
        settle_arrivals(person=user, tokens=tokens, signed_up=is_new, now=timezone.now())
