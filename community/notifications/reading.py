"""What a person has read of what they were told."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from accounts.errors import NotFound
from accounts.models import User

from .grouping import JOINED, Group, groups_of
from .models import Notification

# Beyond it the bell says "99+".
MANY = 100


def unread_count(person: User) -> int:
    """Unread notifications the person may still see."""
    return Notification.objects.shown_to(person).filter(read_at=None).count()


def unread_badge(person: User) -> int:
    """The same for the figure beside the bell, which every page asks for: counted up to MANY."""
    return Notification.objects.shown_to(person).filter(read_at=None)[:MANY].count()


def newest(person: User) -> int:
    """The id of the last notice that arrived, 0 before the first: what comes later is not read."""
    return Notification.objects.filter(person=person).aggregate(last=Max("pk"))["last"] or 0


def mark_read(*, person: User, up_to: int | None = None, now: datetime | None = None) -> int:
    """Mark all of a person's notifications as read, or those that arrived until then; how many."""
    unread = Notification.objects.filter(person=person, read_at=None)
    if up_to is not None:
        unread = unread.filter(pk__lte=up_to)
    return unread.update(read_at=now or timezone.now())


def mark_leading_to_read(*, person: User, path: str, now: datetime) -> int:
    """Mark what leads to this page as read: its person is there."""
    unread = Notification.objects.filter(person=person, path=path, read_at=None)
    return unread.update(read_at=now)


def mark_group_read(
    *, person: User, notice_id: int, up_to: int | None = None, now: datetime
) -> int:
    """Mark a notice and all of its group, or those that arrived until then. Raises NotFound."""
    group = _own(person, notice_id).group
    unread = Notification.objects.filter(person=person, read_at=None)
    unread = unread.filter(group=group) if group else unread.filter(pk=notice_id)
    if up_to is not None:
        unread = unread.filter(pk__lte=up_to)
    return unread.update(read_at=now)


def group_with(person: User, notice_id: int) -> Group:
    """The group in which a notice stands, of what the person may see now. Raises NotFound."""
    notice = _own(person, notice_id)
    mine = Notification.objects.visible_to(person)
    mine = mine.filter(group=notice.group) if notice.group else mine.filter(pk=notice.pk)
    found = groups_of(mine.heads().select_related(*JOINED)[:1], mine)
    if not found:
        raise NotFound
    return found[0]


def _own(person: User, notice_id: int) -> Notification:
    notice = Notification.objects.filter(person=person, pk=notice_id).first()
    if notice is None:
        raise NotFound
    return notice
