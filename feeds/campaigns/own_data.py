"""What a person did for campaigns, and what their notes won."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell
from community.own_data import NOTE_ID

from .models import Award, CampaignStep, Place

tell(
    "campaign_acts",
    _("What you did for campaigns."),
    models=["campaigns.CampaignStep"],
    source=lambda person: CampaignStep.objects.filter(by=person),
    columns={
        "campaign": Column("campaign__slug", "its name in addresses"),
        "act": Column("act", "what you did"),
        "words": Column("words", "what you wrote"),
        "at": Column("at", WHEN),
    },
)
tell(
    "campaign_places",
    _("Places of your notes in campaigns."),
    models=["campaigns.Place"],
    source=lambda person: Place.objects.filter(note__author=person),
    columns={
        "campaign": Column("campaign__slug", "its name in addresses"),
        "note": Column("note_id", NOTE_ID),
        "position": Column("position", "in the ranking"),
        "score": Column("score", "what the order goes by"),
    },
)
tell(
    "awards",
    _("Prizes that your notes won."),
    models=["campaigns.Award"],
    source=lambda person: Award.objects.filter(note__author=person),
    columns={
        "campaign": Column("campaign__slug", "its name in addresses"),
        "note": Column("note_id", NOTE_ID),
        "prize": Column("prize__name", "what it is"),
        "at": Column("at", WHEN),
    },
)
