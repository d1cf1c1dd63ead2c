"""Lists that were ranked for a person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell

from .models import RankedList

tell(
    "ranked_lists",
    _("Lists that were ranked for you: when, and by which rules. Kept a while to learn from."),
    models=["ranking.RankedList"],
    source=lambda person: RankedList.objects.filter(person=person),
    columns={
        "list": Column("list_id", "number of the list"),
        "ranker": Column("ranker", "formula, or the number of what was learnt"),
        "policy": Column("policy_version", "version of the engine's settings"),
        "arms": Column("arms", "arms of experiments: experiment:arm"),
        "length": Column("length", "how many notes"),
        "at": Column("at", WHEN),
    },
)
