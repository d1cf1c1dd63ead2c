"""Less of this: a tag, channel, author or single note, and taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotFound
from accounts.models import User
from community.models import Channel, Note, Tag

from .discover import list_name
from .events import record
from .models import Event, FeedList, LessOf

KINDS = {
    "tag": LessOf.Kind.TAG,
    "channel": LessOf.Kind.CHANNEL,
    "author": LessOf.Kind.AUTHOR,
    "note": LessOf.Kind.NOTE,
}


def less_of(*, person: User, kind: str, target: int, now: datetime | None = None) -> bool:
    """Show this person less of it from the next page on; False when asked already.

    Raises Invalid, and NotFound for what they may not meet anyway.
    """
    now = now or timezone.now()
    known = _kind(kind)
    if not _met_by(person, kind).filter(pk=target).exists():
        raise NotFound
    with transaction.atomic():
        _row, created = LessOf.objects.update_or_create(
            person=person, kind=known, target=target, defaults={"created_at": now}
        )
        if created and kind == "note":
            record(person_id=person.pk, note_id=target, kind=Event.Kind.HIDE, at=now)
        _forget_list(person)
    return created


def undo_less_of(*, person: User, kind: str, target: int) -> bool:
    with transaction.atomic():
        gone, _rows = LessOf.objects.filter(person=person, kind=_kind(kind), target=target).delete()
        _forget_list(person)
    return bool(gone)


def _met_by(person: User, kind: str) -> QuerySet[Any]:
    """What of this kind the person may meet, and so may want less of."""
    if kind == "note":
        return Note.objects.visible_to(person)
    if kind == "author":
        return User.objects.visible_to(person)
    return Tag.objects.all() if kind == "tag" else Channel.objects.all()


def _kind(kind: str) -> int:
    if kind not in KINDS:
        raise Invalid(_("Choose a tag, a channel, an author or a note."), field="kind")
    return KINDS[kind]


def _forget_list(person: User) -> None:
    """The next page is built anew, so that the wish shows at once."""
    kind, key = list_name(person.pk)
    FeedList.objects.filter(kind=kind, key=key).delete()
