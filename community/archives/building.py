"""Put an archive together, tell its person, and remove what expired."""

from __future__ import annotations

import errno
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.file_store import Kept, files_below, finish
from accounts.models import User
from accounts.owndata.sections import SECTIONS
from community.notifications.models import Notification
from community.notifications.services import tell
from community.outbox.jobs import LetGo, hold_on

from . import services
from .models import Archive
from .writing import Written, write_archive

logger = logging.getLogger(__name__)

# How often the row says how far it is.
TOLD_EVERY = timedelta(seconds=1)
# Files of no row are left alone this long: theirs may not be committed yet.
STRAYS_WAIT = timedelta(days=1)
PAGE = "/settings/data/"


class GivenUp(Exception):
    """It was thrown away, or its person may not come here any more."""


def build(archive_id: int) -> None:
    """Write the file, then say that it is ready. After a death it begins anew."""
    waiting = Archive.objects.filter(pk=archive_id).on_their_way()
    archive = waiting.select_related("person__profile").first()
    if archive is None:
        return
    begun = {"state": Archive.State.BUILDING, "done": 0, "sections": len(SECTIONS)}
    waiting.update(**begun)
    part = services.part_of(archive)
    try:
        written = _write(archive, part)
        _finish(archive, part, written)
    except LetGo:
        raise
    except GivenUp:
        part.unlink(missing_ok=True)
        Archive.objects.filter(pk=archive_id).update(state=Archive.State.FAILED)
    except Exception as error:
        logger.exception("Archive %d could not be made", archive_id)
        part.unlink(missing_ok=True)
        _give_up(archive, error)


def _write(archive: Archive, part: Path) -> Written:
    """In the language of the person; the row is asked every second whether it is still wanted."""
    person = archive.person
    told = timezone.now()

    def progress(written: Written) -> None:
        nonlocal told
        now = timezone.now()
        hold_on(now=now)
        if now - told >= TOLD_EVERY:
            told = now
            _say(archive, written)

    _say(archive, Written())
    with translation.override(person.profile.language or settings.LANGUAGE_CODE):
        return write_archive(part, person, now=told, progress=progress)


def _say(archive: Archive, written: Written) -> None:
    wanted = Archive.objects.filter(pk=archive.pk, state=Archive.State.BUILDING)
    said: dict[str, Any] = {
        "done": written.sections, "rows": written.rows, "files": written.files,
    }  # fmt: skip
    present = User.objects.present().filter(pk=archive.person_id)
    if not wanted.update(**said) or not present.exists():
        raise GivenUp


def _finish(archive: Archive, part: Path, written: Written) -> None:
    """The file gets its name first: a row that says "ready" has one."""
    _say(archive, written)
    now, size = timezone.now(), part.stat().st_size
    finish(part, services.file_of(archive))
    changed = Archive.objects.filter(pk=archive.pk, state=Archive.State.BUILDING).update(
        state=Archive.State.READY,
        size=size,
        ready_at=now,
        expires_at=now + timedelta(days=settings.ARCHIVE_DAYS),
    )
    if not changed:
        services.file_of(archive).unlink(missing_ok=True)
        return
    earlier = Archive.objects.filter(person=archive.person_id, pk__lt=archive.pk)
    for former in earlier.exclude(state__in=Archive.ON_THEIR_WAY):
        services.forget(former)
    words = _("Your archive is ready. You can fetch it for a few days.")
    _tell(archive, words, now)


def _give_up(archive: Archive, error: Exception) -> None:
    no_room = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    trouble = Archive.Trouble.ROOM if no_room else Archive.Trouble.BROKEN
    now = timezone.now()
    failed = {
        "state": Archive.State.FAILED, "trouble": trouble,
        "expires_at": now + timedelta(days=settings.ARCHIVE_DAYS),
    }  # fmt: skip
    if Archive.objects.filter(pk=archive.pk).on_their_way().update(**failed):
        _tell(archive, _("Your archive could not be made. Try again later."), now)


def _tell(archive: Archive, words: Any, now: datetime) -> None:
    kind = Notification.Kind.ARCHIVE
    tell(person_id=archive.person_id, kind=kind, words=words, path=PAGE, now=now)


def expire(*, now: datetime) -> int:
    """Remove archives whose time is over, and files that no archive has; how many archives."""
    over = Archive.objects.filter(expires_at__lte=now)
    for archive in over:
        services.forget(archive)
    for path in _strays(now - STRAYS_WAIT):
        path.unlink(missing_ok=True)
    return len(over)


def _strays(before: datetime) -> list[Kept]:
    files = [path for path, at in files_below(services.folder()) if at < before.timestamp()]
    known = Archive.objects.filter(token__in=[path.stem for path in files])
    tokens = set(known.values_list("token", flat=True))
    return [path for path in files if path.stem not in tokens]
