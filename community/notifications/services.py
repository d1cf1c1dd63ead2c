"""Tell somebody something, once, unless they asked not to hear from that person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import Block, Mute, User
from community.prepared import Ids, Prepared

from .models import Notification

LONGEST_WORDS = 500
# Told once for each note or comment. Reactions and follows are held to once by the database.
OF_WORDS = {Notification.Kind.COMMENT, Notification.Kind.REPLY, Notification.Kind.MENTION}

PRESENT = Prepared(
    lambda ids: User.objects.present().filter(pk__in=ids).values_list("pk", flat=True), Ids
)
BLOCKS = Prepared(
    lambda one, other: Block.objects.filter(
        Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one)
    ).values_list("pk", flat=True),
    int,
    int,
)
MUTES = Prepared(
    lambda person, other: Mute.objects.filter(muter=person, muted=other).values_list(
        "pk", flat=True
    ),
    int,
    int,
)


def tell(
    *,
    person_id: int,
    kind: str,
    now: datetime,
    actor_id: int | None = None,
    note_id: int | None = None,
    comment_id: int | None = None,
    words: str = "",
) -> bool:
    """Leave a notification; False where there is nobody to tell: oneself, or a block or mute
    between the two. Telling the same again (a like undone and redone) changes nothing."""
    if actor_id == person_id or not _are_here({person_id, actor_id} - {None}):
        return False
    if actor_id is not None and not _listens(person_id, actor_id):
        return False
    about: dict[str, Any] = {
        "person_id": person_id,
        "kind": kind,
        "actor_id": actor_id,
        "note_id": note_id,
        "comment_id": comment_id,
    }
    if kind in OF_WORDS and Notification.objects.filter(**about).exists():
        return True  # the job that tells of it ran before
    row = Notification(**about, words=words[:LONGEST_WORDS], created_at=now)
    Notification.objects.bulk_create([row], ignore_conflicts=True)
    return True


def _are_here(people: set[int | None]) -> bool:
    """Whether all of them still have an account: jobs come late."""
    return len(PRESENT(people)) == len(people)


def _listens(person_id: int, actor_id: int) -> bool:
    return not (BLOCKS(person_id, actor_id) or MUTES(person_id, actor_id))


def mark_read(
    *, person: User, ids: Iterable[int] | None = None, now: datetime | None = None
) -> int:
    """Mark all (or these) of a person's notifications as read; how many were unread."""
    unread = Notification.objects.filter(person=person, read_at=None)
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    return unread.update(read_at=now or timezone.now())


def unread_count(person: User) -> int:
    """Unread notifications the person may still see."""
    return Notification.objects.visible_to(person).filter(read_at=None).count()
