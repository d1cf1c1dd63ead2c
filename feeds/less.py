"""Less of this: a tag, channel, author, place or single note; taking it back; and what it did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotFound
from accounts.models import User
from community.models import Channel, Note, TaggedNote
from community.views.known import places_known_to, tags_known_to

from .discover import list_name
from .events import record
from .models import Event, FeedList, Impression, LessOf

KINDS = {
    "tag": LessOf.Kind.TAG,
    "channel": LessOf.Kind.CHANNEL,
    "author": LessOf.Kind.AUTHOR,
    "note": LessOf.Kind.NOTE,
    "place": LessOf.Kind.PLACE,
}
# Cards before a wish that its effect is compared with, and latest cards that are looked at.
BEFORE, LOOKED_AT = 100, 2_000


@dataclass(frozen=True, slots=True)
class Effect:
    """Of how many cards before the wish it was the subject, and of how many since."""

    wish: LessOf
    before: int
    of_before: int
    since: int
    of_since: int


def less_of(*, person: User, kind: str, target: int, now: datetime | None = None) -> bool:
    """Show this person less of it from the next page on; False when asked already.

    Raises Invalid, and NotFound for what they may not meet anyway.
    """
    now = now or timezone.now()
    known = _kind(kind)
    if not met_by(person, kind).filter(pk=target).exists():
        raise NotFound
    with transaction.atomic():
        _row, created = LessOf.objects.update_or_create(
            person=person, kind=known, target=target, defaults={"created_at": now}
        )
        if created and kind == "note":
            record(person_id=person.pk, note_id=target, kind=Event.Kind.HIDE, at=now)
        forget_list(person)
    return created


def undo_less_of(*, person: User, kind: str, target: int) -> bool:
    with transaction.atomic():
        gone, _rows = LessOf.objects.filter(person=person, kind=_kind(kind), target=target).delete()
        forget_list(person)
    return bool(gone)


def met_by(person: User, kind: str) -> QuerySet[Any]:
    """What of this kind the person may meet, and so may want less of."""
    if kind == "note":
        return Note.objects.visible_to(person)
    if kind == "author":
        return User.objects.visible_to(person)
    if kind == "place":
        return places_known_to(person)
    return tags_known_to(person) if kind == "tag" else Channel.objects.all()


def _kind(kind: str) -> int:
    if kind not in KINDS:
        raise Invalid(_("Choose a tag, a channel, an author, a place or a note."), field="kind")
    return KINDS[kind]


def forget_list(person: User) -> None:
    """The next page is built anew, so that a wish shows at once."""
    kind, key = list_name(person.pk)
    FeedList.objects.filter(kind=kind, key=key).delete()


def effects(person: User, *, most: int = 50) -> list[Effect]:
    """What each of the person's wishes did, latest first. Four queries, whatever their number."""
    sights = list(
        Impression.objects.filter(person=person.pk)
        .order_by("-pk")
        .values_list("note_id", "at")[:LOOKED_AT]
    )
    things = _things_of({note_id for note_id, _at in sights})
    wishes = LessOf.objects.filter(person=person).order_by("-created_at", "-pk")[:most]
    return [_effect(wish, sights, things) for wish in wishes]


def _effect(
    wish: LessOf, sights: list[tuple[int, datetime]], things: dict[int, set[tuple[int, int | None]]]
) -> Effect:
    about = (wish.kind, wish.target)
    before = [note for note, at in sights if at < wish.created_at][:BEFORE]
    since = [note for note, at in sights if at >= wish.created_at]
    return Effect(
        wish,
        sum(about in things.get(note, ()) for note in before),
        len(before),
        sum(about in things.get(note, ()) for note in since),
        len(since),
    )


def _things_of(note_ids: set[int]) -> dict[int, set[tuple[int, int | None]]]:
    """(kind, target) of all that each of these notes is."""
    things: dict[int, set[tuple[int, int | None]]] = {}
    ids = list(note_ids)
    for start in range(0, len(ids), 900):
        chunk = ids[start : start + 900]
        rows = Note.objects.filter(pk__in=chunk).values_list(
            "pk", "author_id", "channel_id", "channel__parent_id", "place_id"
        )
        for pk, author, channel, parent, place in rows:
            things[pk] = {
                (LessOf.Kind.NOTE, pk),
                (LessOf.Kind.AUTHOR, author),
                (LessOf.Kind.CHANNEL, channel),
                (LessOf.Kind.CHANNEL, parent),
                (LessOf.Kind.PLACE, place),
            }
        for pk, tag in TaggedNote.objects.filter(content_object__in=chunk).values_list(
            "content_object_id", "tag_id"
        ):
            things.setdefault(pk, set()).add((LessOf.Kind.TAG, tag))
    return things
