"""Pin up to a few of one's own notes to the top of one's profile."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotFound
from accounts.models import User
from community.models import Note
from community.services.access import own_note

from .models import Pin

MOST_PINS = 3


def pinned_ids(person: User, *, viewer: User | None) -> list[int]:
    """A person's pinned notes that this viewer may meet, in their order."""
    shown = Note.objects.filter(pk__in=Pin.objects.filter(person=person).values("note"))
    shown = shown.listed_for(viewer)
    return list(shown.order_by("pin__position", "pin__pk").values_list("pk", flat=True))


def pin_note(*, person: User, note_id: int) -> bool:
    """Put a published note behind the pinned ones; False when it is pinned already. Raises Invalid,
    NotFound, NotAllowed."""
    with transaction.atomic():
        kept = _kept(person)
        note = own_note(person, note_id)
        if note.pk in kept:
            return False
        _store(person, [*kept, note.pk])
    return True


def unpin_note(*, person: User, note_id: int) -> bool:
    """False when it was not pinned."""
    with transaction.atomic():
        kept = _kept(person)
        _store(person, [pk for pk in kept if pk != note_id])
    return note_id in kept


def set_pins(*, person: User, note_ids: Iterable[int]) -> None:
    """Exactly these, in this order. Raises Invalid, NotFound."""
    with transaction.atomic():
        _kept(person)
        _store(person, list(dict.fromkeys(note_ids)))


def _kept(person: User) -> list[int]:
    """The notes pinned now, without those that were deleted since; locks the person's row."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    pins = Pin.objects.filter(person=person, note__deleted_at=None)
    return list(pins.values_list("note", flat=True))


def _store(person: User, note_ids: list[int]) -> None:
    if len(note_ids) > MOST_PINS:
        raise Invalid(
            _("You can pin at most %(count)d notes. Unpin one first.") % {"count": MOST_PINS},
            field="notes",
            code="too_many",
        )
    own = Q(author=person, state=Note.State.PUBLISHED, deleted_at=None)
    if Note.objects.filter(own, pk__in=note_ids).count() != len(note_ids):
        raise NotFound
    Pin.objects.filter(Q(person=person) | Q(note__in=note_ids)).delete()
    Pin.objects.bulk_create(
        [Pin(person=person, note_id=pk, position=place) for place, pk in enumerate(note_ids)]
    )
