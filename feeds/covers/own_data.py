"""Tests of a person's covers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell
from community.own_data import NOTE_ID

from .models import CoverTest

tell(
    "cover_tests",
    _("Two covers of a note of yours against each other."),
    models=["covers.CoverTest"],
    source=lambda person: CoverTest.objects.filter(note__author=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "state": Column("state", "running or how it ended"),
        "kept": Column("kept", "which cover stayed"),
        "why": Column("why", "what ended it undecided"),
        "figures": Column("figures", "the arithmetic"),
        "started_at": Column("started_at", WHEN),
        "ended_at": Column("ended_at", WHEN),
    },
)
