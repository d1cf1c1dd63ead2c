"""That somebody is leaving is known of them, too."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell

from .models import Departure

tell(
    "departure",
    _("That you asked for your account to be deleted."),
    models=["departures.Departure"],
    source=lambda person: Departure.objects.filter(person=person),
    columns={"at": Column("asked_at", WHEN), "due_at": Column("due_at", WHEN)},
)
