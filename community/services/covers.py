"""The second cover of a note: chosen by its author, shown beside the first, settled.

Who tests the two and what decides is not known here (feeds/covers/); here stands which pictures
compete, and what ends that: another text, another order, a picture that went.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.errors import Conflict, Invalid
from accounts.models import User
from community import signals
from community.models import Note, NoteImage

from .access import own_note

SecondCover = NoteImage.SecondCover


def choose_second_cover(*, author: User, note_id: int, image_id: int | None) -> None:
    """Choose a draft's second cover, or none. Raises Invalid, Conflict, NotFound."""
    with transaction.atomic():
        note = own_note(author, note_id)
        if note.is_published:
            raise Conflict(
                _("The note is published. Until its first views you can choose on its pool page."),
                field="second_cover",
            )
        set_second_cover(note, image_id)


def set_second_cover(note: Note, image_id: int | None) -> None:
    """Make this picture the one second cover. Raises Invalid."""
    image = None if image_id is None else _fit(note, image_id)
    note.images.exclude(second_cover="").update(second_cover=SecondCover.NO)
    if image is not None:
        note.images.filter(pk=image.pk).update(second_cover=SecondCover.CHOSEN)


def _fit(note: Note, image_id: int) -> NoteImage:
    own = own_pictures(note)
    image = next((image for image in own if image.pk == image_id), None)
    if image is None:
        raise Invalid(
            _("The second cover must be a picture of this note that was not refused."),
            field="second_cover",
            code="not_its_picture",
        )
    if image == own[0]:
        raise Invalid(
            _("This is the first cover already. Choose another picture."),
            field="second_cover",
            code="same_cover",
        )
    return image


def own_pictures(note: Note) -> list[NoteImage]:
    """Pictures of the author's own that were not refused, in order."""
    own = note.images.filter(is_text_card=False).exclude(state=NoteImage.State.REFUSED)
    return list(own.order_by("position", "pk"))


def show_both(note: Note) -> tuple[int, int] | None:
    """Show the chosen cover to its half of the readers from now on; the ids of the first and the
    second, or None while one of them is not ready."""
    own = own_pictures(note)
    second = next((image for image in own if image.second_cover == SecondCover.CHOSEN), None)
    if second is None or second == own[0]:
        return None
    if any(image.state != NoteImage.State.READY for image in (own[0], second)):
        return None
    note.images.filter(pk=second.pk).update(second_cover=SecondCover.SHOWN)
    _new_card(note.pk)
    return own[0].pk, second.pk


def settle(*, note_id: int, keep_second: bool, now: datetime) -> None:
    """Show one cover to everybody. It is the same note: no edit, no former text, no new review."""
    images = list(NoteImage.objects.filter(note=note_id).order_by("position", "pk"))
    NoteImage.objects.filter(note=note_id).exclude(second_cover="").update(
        second_cover=SecondCover.NO
    )
    if keep_second:
        images.sort(key=lambda image: image.second_cover != SecondCover.SHOWN)
        for position, image in enumerate(images):
            NoteImage.objects.filter(pk=image.pk).update(position=position)
    _new_card(note_id)
    signals.note_cover_settled.send(sender=Note, note_id=note_id, now=now)


def take_back_shown(note: Note, *, why: str, now: datetime) -> None:
    """What readers of both covers saw is no longer one thing: the first is shown to everybody."""
    shown = note.images.filter(second_cover=SecondCover.SHOWN)
    if shown.update(second_cover=SecondCover.NO):
        signals.second_cover_taken_back.send(sender=Note, note_id=note.pk, why=why, now=now)


def forget_unfit(note: Note) -> None:
    """A chosen cover that was refused, or became the first, is none."""
    first: Sequence[int] = [image.pk for image in own_pictures(note)[:1]]
    chosen = note.images.filter(second_cover=SecondCover.CHOSEN)
    chosen.filter(pk__in=first).update(second_cover=SecondCover.NO)
    chosen.filter(state=NoteImage.State.REFUSED).update(second_cover=SecondCover.NO)


def _new_card(note_id: int) -> None:
    Note.objects.filter(pk=note_id).update(revision=F("revision") + 1)
