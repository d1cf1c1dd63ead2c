"""Albums of others lose what somebody who leaves put in, and stay in order."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.owndata.leaving import Stage, takes_away

from .models import Album, AlbumNote
from .services import close_gaps


@takes_away("notes in albums", stage=Stage.WORDS)
def entries(person: User, now: datetime) -> int:
    """One album at a time: what they put in, and their notes."""
    theirs = AlbumNote.objects.filter(Q(added_by=person) | Q(note__author=person))
    album_id = theirs.exclude(album__owner=person).values_list("album_id", flat=True).first()
    if album_id is None:
        return 0
    with transaction.atomic():
        album = Album.objects.select_for_update(no_key=True).get(pk=album_id)
        gone = theirs.filter(album=album)
        covers = Album.objects.filter(pk=album.pk, cover__in=gone.values("note_id"))
        covers.update(cover=None)
        count = gone.delete()[0]
        close_gaps(album)
    return count
