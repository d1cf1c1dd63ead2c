"""What rules found in what a person wrote."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell
from community.own_data import NOTE_ID

from .models import Hit, Said

COMMENT_ID = "number of the comment in this community"

tell(
    "rule_hits",
    _("Where a rule of the community fitted what you wrote."),
    models=["rules.Hit"],
    source=lambda person: Hit.objects.filter(author=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "comment": Column("comment_id", COMMENT_ID),
        "place": Column("place", "note, comment, profile and so on"),
        "done": Column("done", "what was done, if anything"),
        "at": Column("at", WHEN),
        "undone_at": Column("undone_at", WHEN),
    },
)
tell(
    "said_before",
    _("Marks by which the same text again is recognised for a while."),
    models=["rules.Said"],
    source=lambda person: Said.objects.filter(author=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "comment": Column("comment_id", COMMENT_ID),
        "at": Column("at", WHEN),
    },
)
