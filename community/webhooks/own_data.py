"""Addresses that a person has told, and when. Signing secrets are left out; so are the messages
themselves, which tell of other people what the person may not see any more."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell

from .models import Delivery, Endpoint

tell(
    "webhooks",
    _("Addresses that are told of your notes. Their signing secrets are left out."),
    models=["webhooks.Endpoint"],
    source=lambda person: Endpoint.objects.filter(person=person),
    columns={
        "url": Column("url", "the address"),
        "kinds": Column("kinds", "events it wants"),
        "is_active": Column("is_active", "whether it is told"),
        "at": Column("created_at", WHEN),
    },
)
tell(
    "webhook_deliveries",
    _("What those addresses were told of, as far as it is kept."),
    models=["webhooks.Delivery"],
    source=lambda person: Delivery.objects.filter(endpoint__person=person),
    columns={
        "url": Column("endpoint__url", "the address"),
        "event": Column("event", "number of the event"),
        "kind": Column("kind", "what happened"),
        "state": Column("state", "waiting, delivered or failed"),
        "status": Column("status", "what the address answered"),
        "at": Column("created_at", WHEN),
    },
)
