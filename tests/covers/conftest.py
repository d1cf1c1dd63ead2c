"""Notes with two pictures, and readers whom the first pool reached."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.names import name_key
from community.covers import sees_second
from community.models import NoteImage
from community.services.covers import choose_second_cover
from community.services.writing import publish_note
from feeds.models import Event, PoolDelivery


def picture(note: Any, position: int, *, ready: bool = True) -> NoteImage:
    token = f"{note.pk:011d}{position:011d}"
    sides = [{"width": 480, "height": 360, "format": "jpeg", "filename": "480.jpg", "bytes": 9}]
    state = NoteImage.State.READY if ready else NoteImage.State.PROCESSING
    return NoteImage.objects.create(
        note=note, position=position, token=token, state=state, width=480, height=360,
        renditions=sides if ready else [], alt=f"view {position}", created_at=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def draft(alice: Any, make_note: Callable[..., Any]) -> Any:
    """A draft of Alice's with three pictures, of which none is chosen."""
    note = make_note(alice, publish=False)
    for position in range(3):
        picture(note, position)
    return note


@pytest.fixture
def under_test(alice: Any, draft: Any, work_off: Callable[..., int]) -> Any:
    """Published, in the first pool, its second picture tested against the first."""
    second = draft.images.get(position=1)
    choose_second_cover(author=alice, note_id=draft.pk, image_id=second.pk)
    publish_note(author=alice, note_id=draft.pk)
    work_off()
    draft.refresh_from_db()
    return draft


@pytest.fixture
def read_by(db: None) -> Callable[..., datetime]:
    """Readers whose view the first pool counted: so many of each cover, and so many who opened."""
    number = 0

    def readers(note: Any, *, second: bool, seen: int, opens: int, counts: bool = True) -> datetime:
        nonlocal number
        now = timezone.now() + timedelta(seconds=5)
        found: list[User] = []
        while len(found) < seen:
            number += 1
            name = f"reader{number}"
            person = User.objects.create(
                username=name, username_key=name_key(name), email=f"{name}@example.org"
            )
            if sees_second(note_id=note.pk, viewer_id=person.pk) == second:
                found.append(person)
        PoolDelivery.objects.bulk_create(
            PoolDelivery(
                note=note, tier=0, person=person, reserved_at=now, seen_at=now, counts=counts
            )
            for person in found
        )
        Event.objects.bulk_create(
            Event(person=person, note=note, kind=Event.Kind.OPEN, at=now, digested=True)
            for person in found[:opens]
        )
        return now

    return readers
