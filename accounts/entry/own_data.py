"""How a person came to join, where staff let people in, and whom they invited."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell

from .models import Invitation, Newcomer

tell(
    "joining",
    _("What you wrote when you asked to join, and what became of it."),
    models=["entry.Newcomer"],
    source=lambda person: Newcomer.objects.filter(person=person),
    columns={
        "state": Column("state", "whether staff let you in"),
        "words": Column("words", "what you wrote"),
        "invitation": Column("invitation__code", "with which you came"),
        "at": Column("asked_at", WHEN),
        "decided_at": Column("decided_at", WHEN),
    },
)
tell(
    "invitations",
    _("Invitations that you made."),
    models=["entry.Invitation"],
    source=lambda person: Invitation.objects.filter(made_by=person),
    columns={
        "code": Column("code", "what lets somebody in"),
        "about": Column("about", "for whom, as you noted"),
        "uses": Column("uses", "how many people it lets in"),
        "used": Column("used", "how many came"),
        "at": Column("created_at", WHEN),
        "until": Column("expires_at", WHEN),
    },
)
