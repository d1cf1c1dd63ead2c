"""That a person asked for archives is known of them, too."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell

from .models import Archive, Brought, Intake

tell(
    "archives",
    _("Archives like this one that you asked for, as long as they are kept."),
    models=["archives.Archive"],
    source=lambda person: Archive.objects.of(person),
    columns={
        "state": Column("state", "waiting, building, ready or failed"),
        "bytes": Column("size", "of the file"),
        "at": Column("asked_at", WHEN),
        "expires_at": Column("expires_at", WHEN),
    },
)
tell(
    "intakes",
    _("Files that you brought from elsewhere, and what became of them."),
    models=["archives.Intake"],
    source=lambda person: Intake.objects.of(person),
    columns={
        "name": Column("name", "of the file"),
        "bytes": Column("size", "of the file"),
        "kind": Column("kind", "rockpool, pixelfed or instagram"),
        "state": Column("state", "waiting, running, done, stopped or refused"),
        "added": Column("added", "items taken in"),
        "troubles": Column("troubles", "items that were not, by number, with the reason"),
        "at": Column("asked_at", WHEN),
    },
)
tell(
    "brought",
    _("Items of those files that were taken in, by a digest of their name there."),
    models=["archives.Brought"],
    source=lambda person: Brought.objects.filter(person=person),
    columns={
        "key": Column("key", "the digest"),
        "note": Column("note_id", "number of the note in this community"),
    },
)
