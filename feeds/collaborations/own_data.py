"""What a person says to brands, and what they agreed on with them."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell
from community.own_data import NOTE_ID

from .models import Collaboration, CollaborationStep, Creator, CreatorField

tell(
    "creator",
    _("How brands find you, and what was measured for that."),
    models=["collaborations.Creator"],
    source=lambda person: Creator.objects.filter(person=person),
    columns={
        "listed": Column("listed", "whether you let brands find you"),
        "about": Column("about", "what you say to them"),
        "city": Column("city", "where"),
        "price": Column("price", "in minor units"),
        "followers": Column("followers", "how many"),
        "reach": Column("reach", "people a note of yours reaches"),
        "notes": Column("notes", "how many were measured"),
        "engagement": Column("engagement", "per impression"),
        "tier": Column("tier", "by reach"),
        "at": Column("measured_at", WHEN),
    },
)
tell(
    "creator_fields",
    _("Channels in which brands find you."),
    models=["collaborations.CreatorField"],
    source=lambda person: CreatorField.objects.filter(creator__person=person),
    columns={"channel": Column("channel__slug", "the channel's name in addresses")},
)
tell(
    "collaborations",
    _("Collaborations of yours, as creator or as who paid."),
    models=["collaborations.Collaboration"],
    source=lambda person: Collaboration.objects.filter(Q(creator=person) | Q(payer=person)),
    columns={
        "collaboration": Column("pk", "its number"),
        "brand": Column("brand__slug", "the brand's name in addresses"),
        "title": Column("title", "of the offer"),
        "brief": Column("brief", "what was asked for"),
        "price": Column("price", "in minor units"),
        "state": Column("state", "offered, accepted and so on"),
        "draft_by": Column("draft_by", "day"),
        "note": Column("note_id", NOTE_ID),
        "at": Column("created_at", WHEN),
        "published_at": Column("published_at", WHEN),
    },
)
tell(
    "collaboration_steps",
    _("What you did in collaborations."),
    models=["collaborations.CollaborationStep"],
    source=lambda person: CollaborationStep.objects.filter(by=person),
    columns={
        "collaboration": Column("collaboration_id", "its number"),
        "act": Column("act", "what you did"),
        "state": Column("state", "where it came to"),
        "words": Column("words", "what you wrote"),
        "price": Column("price", "in minor units"),
        "at": Column("at", WHEN),
    },
)
