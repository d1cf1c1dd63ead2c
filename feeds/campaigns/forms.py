"""A campaign as it is typed."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.forms import Line, PlannedTime, Text, Words

from . import rules
from .models import Campaign
from .services import Facts

# "3 × A tea set"; a name alone is won by one.
PRIZE = re.compile(r"^(?:(\d{1,3})\s*[×xX*]\s+)?(.+)$")


def _at_most(limit: int) -> dict[str, Any]:
    message = _("At most %(limit_value)d characters: this has %(show_value)d.")
    return {"max_length": limit, "error_messages": {"max_length": message}}


class CampaignForm(forms.Form):
    title = Line(label=_("Title"), **_at_most(rules.TITLE_LENGTH))
    about = Text(
        label=_("What it is about"),
        widget=forms.Textarea(attrs={"rows": 3}),
        **_at_most(rules.ABOUT_LENGTH),
    )
    tags = Words(
        label=_("Tags"),
        help_text=_(
            "One to three of your own, between commas: who writes with one of them takes part."
        ),
        **_at_most(200),
    )
    starts_at = PlannedTime(label=_("From"))
    ends_at = PlannedTime(label=_("To"))
    rules_text = Text(
        label=_("Rules"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        **_at_most(rules.RULES_LENGTH),
    )
    prizes = Text(
        label=_("Prizes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, the first first. “3 × A tea set” is won by three people."),
        **_at_most(600),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)

    @property
    def facts(self) -> Facts:
        typed = self.cleaned_data
        return Facts(
            title=typed["title"],
            about=typed["about"],
            rules_text=typed["rules_text"],
            tags=Words.split(typed["tags"]),
            starts_at=typed["starts_at"],
            ends_at=typed["ends_at"],
            prizes=prizes_typed(typed["prizes"]),
        )

    @classmethod
    def of(cls, campaign: Campaign) -> CampaignForm:
        prizes = [f"{prize.winners} × {prize.name}" for prize in campaign.prizes.all()]
        return cls(
            initial={
                "title": campaign.title,
                "about": campaign.about,
                "tags": ", ".join(tag.name for tag in campaign.tags.all()),
                "starts_at": timezone.localtime(campaign.starts_at),
                "ends_at": timezone.localtime(campaign.ends_at),
                "rules_text": campaign.rules_text,
                "prizes": "\n".join(prizes),
            }
        )


def prizes_typed(text: str) -> list[tuple[str, int]]:
    """(prize, how many win it) by line."""
    found = (PRIZE.match(line.strip()) for line in text.splitlines())
    return [(match[2], int(match[1] or 1)) for match in found if match]
