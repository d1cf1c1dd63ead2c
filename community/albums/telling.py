"""Tell followers of an album that there is something new in it, at most once a day each."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import User
from community.notifications.models import Notification
from community.notifications.services import tell

from .models import Album, AlbumFollow, AlbumNote

QUIET_FOR = timedelta(days=1)


def tell_followers(*, album_id: int, now: datetime) -> int:
    """Tell everybody who follows the album, was not told within a day, and may see a note that
    somebody else put in since; how many."""
    ready = AlbumFollow.objects.filter(
        Q(told_at=None) | Q(told_at__lte=now - QUIET_FOR), album=album_id, person__is_active=True
    )
    return sum(_tell(follow, now) for follow in ready.select_related("person"))


def _tell(follow: AlbumFollow, now: datetime) -> bool:
    person: User = follow.person
    album = Album.objects.visible_to(person).filter(pk=follow.album_id).first()
    since = follow.told_at or follow.created_at
    fresh = AlbumNote.objects.shown_to(person).filter(album=follow.album_id, added_at__gt=since)
    newest = fresh.exclude(added_by=person).order_by("-added_at", "-pk").first()
    if album is None or newest is None:
        return False
    claimed = AlbumFollow.objects.filter(pk=follow.pk, told_at=follow.told_at).update(told_at=now)
    return bool(claimed) and tell(
        person_id=person.pk, kind=Notification.Kind.ALBUM, actor_id=newest.added_by_id,
        note_id=newest.note_id, album_id=album.pk, now=now,
    )  # fmt: skip
