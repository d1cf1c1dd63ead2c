"""Ask for an archive, fetch it, throw it away."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotFound
from accounts.file_store import Kept, draft_of, private_root
from accounts.limits import TooOften, take
from accounts.models import User
from accounts.rates import Rate
from community.outbox.jobs import enqueue

from .models import Archive


class OneAtATime(Conflict):
    code = "one_at_a_time"

    def __init__(self) -> None:
        super().__init__(_("Your archive is being put together already."))


def ask_for_archive(*, person: User, now: datetime) -> Archive:
    """Have everything about this person put together. Raises OneAtATime, TooOften."""
    if Archive.objects.of(person).on_their_way().exists():
        raise OneAtATime
    rate = Rate.parse(settings.ARCHIVE_RATE)
    allowance = take(scope="archive", who=f"person {person.pk}", rate=rate)
    if not allowance.allowed:
        raise TooOften(allowance.retry_in)
    try:
        with transaction.atomic():
            archive = Archive.objects.create(
                person=person, token=get_random_string(32), asked_at=now
            )
            enqueue("archives.build", key=archive.pk, archive=archive.pk)
    except IntegrityError:  # another click was faster
        raise OneAtATime from None
    return archive


def own_archive(person: User, archive_id: int) -> Archive:
    """One of one's own; somebody else's is as if it were not there. Raises NotFound."""
    archive = Archive.objects.of(person).filter(pk=archive_id).first()
    if archive is None:
        raise NotFound
    return archive


def archive_to_fetch(person: User, archive_id: int, *, now: datetime) -> tuple[Archive, Kept]:
    """The archive and its file, if it is theirs, ready, and not expired. Raises NotFound."""
    archive = own_archive(person, archive_id)
    path = file_of(archive)
    if not archive.is_ready or archive.expires_at is None or archive.expires_at <= now:
        raise NotFound(_("This archive is no longer there. Ask for another."))
    if not path.exists():
        raise NotFound(_("This archive is no longer there. Ask for another."))
    return archive, path


def throw_away(*, person: User, archive_id: int) -> None:
    """Remove an archive, or stop one that is on its way. Raises NotFound."""
    forget(own_archive(person, archive_id))


def forget(archive: Archive) -> None:
    """The row now, the file once that is committed."""
    paths = (file_of(archive), part_of(archive))

    def delete_files() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    with transaction.atomic():
        archive.delete()
        transaction.on_commit(delete_files)


def folder() -> Kept:
    return private_root() / "archives"


def file_of(archive: Archive) -> Kept:
    return folder() / archive.token[:2] / archive.token


def part_of(archive: Archive) -> Path:
    """What is written while it is not finished."""
    return draft_of(file_of(archive))
