"""What is held against a person's acts. Who else is in a circle is not told."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell

from .models import Mark, Member, Reader

tell(
    "weight",
    _("Whether your acts count for less with everybody, and the signs that say so."),
    models=["trust.Reader"],
    source=lambda person: Reader.objects.filter(person=person),
    columns={
        "weight": Column("weight", "0 to 1"),
        "signs": Column("signs", "codes of the signs"),
        "at": Column("since", WHEN),
    },
)
tell(
    "circles",
    _("Circles of accounts in which yours was found."),
    models=["trust.Member"],
    source=lambda person: Member.objects.filter(person=person),
    columns={
        "kind": Column("circle__kind", "ring or farm"),
        "state": Column("circle__state", "found, lifted or past"),
        "weight": Column("circle__weight", "what the acts of its members count"),
        "inside": Column("inside", "acts of yours with notes of the circle"),
        "acts": Column("acts", "acts of yours in all"),
        "at": Column("circle__found_at", WHEN),
    },
)
tell(
    "marks",
    _("Weeks in which a network or device of yours was marked, by a hash that is left out."),
    models=["trust.Mark"],
    source=lambda person: Mark.objects.filter(person=person),
    columns={
        "kind": Column("kind", "network or device", lambda value: Mark.Kind(value).name.lower()),
        "week": Column("week", "its first day"),
    },
)
