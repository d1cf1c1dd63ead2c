"""Reports that a person made, and decisions about what is theirs.

Who reported them, and which member of staff decided, is not told.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell, with_people
from community.own_data import NOTE_ID

from .models import Appeal, Decision, Report, Strike

COMMENT_ID = "number of the comment in this community"

tell(
    "reports",
    _("Reports that you made."),
    models=["moderation.Report"],
    source=lambda person: Report.objects.filter(reporter=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "comment": Column("comment_id", COMMENT_ID),
        "person": Column("person_id", "username"),
        "reason": Column("reason", "spam, abuse and so on"),
        "words": Column("words", "what you wrote"),
        "at": Column("created_at", WHEN),
        "settled_at": Column("settled_at", "when it was decided"),
    },
    also=[with_people("person", kept_away=True)],
)
tell(
    "decisions",
    _("What staff decided about you and what you wrote, and why."),
    models=["moderation.Decision"],
    source=lambda person: Decision.objects.filter(
        Q(author=person) | Q(note__author=person) | Q(comment__author=person)
    ),
    columns={
        "note": Column("note_id", NOTE_ID),
        "comment": Column("comment_id", COMMENT_ID),
        "act": Column("act", "hide, restore, keep, label, limit, warn, suspend and so on"),
        "rule": Column("guideline__code", "of the community's rules"),
        "reason": Column("reason", "as it was told to you"),
        "by_rule": Column("by_rule", "whether a rule decided and not a person"),
        "at": Column("decided_at", WHEN),
        "until": Column("ends_at", WHEN),
        "ended_at": Column("ended_at", WHEN),
    },
)
tell(
    "strikes",
    _("What stands against you for a time."),
    models=["moderation.Strike"],
    source=lambda person: Strike.objects.filter(person=person),
    columns={
        "points": Column("points", "how heavy it is"),
        "at": Column("given_at", WHEN),
        "until": Column("expires_at", WHEN),
        "void_at": Column("void_at", "when it was taken back"),
    },
)
tell(
    "appeals",
    _("Where you said that a decision was wrong."),
    models=["moderation.Appeal"],
    source=lambda person: Appeal.objects.filter(decision__author=person),
    columns={
        "words": Column("words", "what you wrote"),
        "at": Column("appealed_at", WHEN),
        "state": Column("state", "open, upheld or overturned"),
        "answer": Column("answer", "what you were answered"),
        "answered_at": Column("reviewed_at", WHEN),
    },
)
