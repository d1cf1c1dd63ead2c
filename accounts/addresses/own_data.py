"""Changes of address, for as long as they can be undone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell

from .models import AddressChange

tell(
    "address_changes",
    _("Changes of your address for mail, for a week."),
    models=["addresses.AddressChange"],
    source=lambda person: AddressChange.objects.filter(person=person),
    columns={
        "old": Column("old", "the address before"),
        "new": Column("new", "the address asked for"),
        "state": Column("state", "asked, made, dropped or undone"),
        "at": Column("asked_at", WHEN),
        "made_at": Column("made_at", WHEN),
        "ended_at": Column("ended_at", WHEN),
    },
)
