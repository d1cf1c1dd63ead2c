"""Boosts that a person bought, and boosted cards that reached them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell
from community.own_data import NOTE_ID

from .models import Boost, BoostDelivery, BoostStep

MINOR = "in minor units"

tell(
    "boosts",
    _("Boosts that you ordered."),
    models=["boosts.Boost"],
    source=lambda person: Boost.objects.filter(buyer=person),
    columns={
        "boost": Column("pk", "number of the order"),
        "note": Column("note_id", NOTE_ID),
        "title": Column("title", "of the note when you ordered"),
        "state": Column("state", "draft, waiting, running and so on"),
        "impressions": Column("impressions", "how many you ordered"),
        "audience": Column("audience", "for whom"),
        "starts_at": Column("starts_at", WHEN),
        "ends_at": Column("ends_at", WHEN),
        "daily_cap": Column("daily_cap", "most impressions a day"),
        "total": Column("total", f"what was set aside, {MINOR}"),
        "charged": Column("charged", MINOR),
        "refunded": Column("refunded", MINOR),
        "delivered": Column("delivered", "impressions by different people"),
        "at": Column("created_at", WHEN),
        "closed_at": Column("closed_at", WHEN),
    },
)
tell(
    "boost_steps",
    _("Every step of your orders."),
    models=["boosts.BoostStep"],
    source=lambda person: BoostStep.objects.filter(boost__buyer=person),
    columns={
        "boost": Column("boost_id", "number of the order"),
        "state": Column("state", "where it came to"),
        "reason": Column("reason", "code of the reason"),
        "remark": Column("remark", "what the reviewer wrote"),
        "figures": Column("figures", "delivered, charged, refunded"),
        "at": Column("at", WHEN),
    },
)
tell(
    "boosts_that_reached_you",
    _("Cards that somebody paid to show you, and the rule of their audience that you met."),
    models=["boosts.BoostDelivery"],
    source=lambda person: BoostDelivery.objects.filter(person=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "matched": Column("matched", "the rule"),
        "served_at": Column("reserved_at", WHEN),
        "seen_at": Column("seen_at", WHEN),
    },
)
