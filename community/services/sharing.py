"""Share links that remember who made them, without telling who followed them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.models import User
from community import signals
from community.models import Note, NoteStats, Share

from .access import published_note_for


def share_note(*, person: User, note_id: int, now: datetime | None = None) -> Share:
    """The person's share link to a note, made on first use. Raises NotFound."""
    now = now or timezone.now()
    with transaction.atomic():
        note = published_note_for(person, note_id)
        share, created = Share.objects.get_or_create(
            person=person,
            note=note,
            defaults={"token": get_random_string(12), "created_at": now},
        )
        if created:
            NoteStats.objects.filter(note=note).update(shares=F("shares") + 1)
            signals.note_shared.send(sender=Note, person_id=person.pk, note_id=note.pk, now=now)
    return share


def unshare_note(*, person: User, note_id: int) -> bool:
    """Withdraw one's share link; old copies of it still lead to the note, but count for nobody."""
    with transaction.atomic():
        gone, _ = Share.objects.filter(person=person, note=note_id).delete()
        if gone:
            NoteStats.objects.filter(note=note_id).update(shares=F("shares") - 1)
    return bool(gone)


def count_visit(*, token: str, note_id: int) -> None:
    """One more visit through a share link; unknown tokens are ignored."""
    Share.objects.filter(token=token[:16], note=note_id).update(visits=F("visits") + 1)
