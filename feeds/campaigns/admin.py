"""The desk of campaigns: what waits for staff, and what was decided."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.decided import Decided, ReasonForm

from . import services
from .models import RUN, Campaign
from .rules import Act, acts_in

LABELS = {Act.APPROVE: _("Approve"), Act.REFUSE: _("Send back"), Act.CANCEL: _("Cancel it")}


class VerdictForm(ReasonForm):
    lift = forms.FloatField(
        label=_("Lift in hot"),
        initial=1.0,
        required=False,
        help_text=_("What the heat of its notes is multiplied by while it is on: 1, not at all."),
    )


@admin.register(Campaign)
class CampaignAdmin(Decided):
    template = "admin/campaigns/campaign.html"
    permission = RUN
    form_class = VerdictForm
    list_display = ("title", "brand", "state", "starts_at", "ends_at", "lift", "closed_at")
    list_filter = ("state",)
    list_select_related = ("brand",)
    search_fields = ("title", "brand__name", "brand__slug")
    ordering: ClassVar = ["-pk"]

    def acts(self, row: Campaign) -> list[tuple[str, Any]]:
        may = acts_in(row.state, phase=row.phase_at(timezone.now()), staff=True)
        return [(str(act), label) for act, label in LABELS.items() if act in may]

    def do(self, act: str, row: Campaign, **facts: Any) -> None:
        lift, words = facts.pop("lift"), facts.pop("reason")
        if act == Act.APPROVE:
            services.approve(pk=row.pk, lift=1.0 if lift is None else lift, **facts)
        else:
            decide = services.refuse if act == Act.REFUSE else services.cancel
            decide(pk=row.pk, words=words, **facts)

    def about(self, row: Campaign) -> dict[str, Any]:
        return {
            "tags": row.tags.all(),
            "prizes": row.prizes.all(),
            "steps": row.steps.select_related("by"),
        }
