"""An order as a buyer types it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from accounts.forms import CITY_LENGTH, PlainLine
from accounts.several import Several
from community.models import Channel, Tag
from community.text.hashtags import tag_key
from feeds.policies import current

from .checking import refuse_too_far_ahead
from .models import Boost
from .rules import Audience
from .services import Wanted

PERIODS = (1, 3, 7, 14, 30)
LOCAL = "%Y-%m-%dT%H:%M"
# More digits than any order has: the bounds themselves are the service's.
MOST_DIGITS = 10**12


class OrderForm(forms.Form):
    impressions = forms.IntegerField(
        label=_("Impressions"), max_value=MOST_DIGITS, min_value=-MOST_DIGITS
    )
    starts_at = forms.DateTimeField(
        label=_("From"),
        required=False,
        input_formats=[LOCAL],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
        help_text=_("Left empty: as soon as it is approved."),
    )
    days = forms.TypedChoiceField(label=pgettext_lazy("how long", "For"), coerce=int)
    daily_cap = forms.IntegerField(
        label=_("Most per day"), required=False, max_value=MOST_DIGITS, min_value=-MOST_DIGITS
    )
    channels = Several(
        label=_("Who like these channels"),
        queryset=Channel.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    tags = PlainLine(
        label=_("or these tags"),
        required=False,
        max_length=300,
        help_text=_("Separated by commas."),
    )
    city = PlainLine(label=_("in the city"), required=False, max_length=CITY_LENGTH)
    followers = forms.ChoiceField(
        label=_("Your followers"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("all", _("followers and others")),
            ("not", _("only people who do not follow you")),
            ("only", _("only your followers")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "boost-%s")
        super().__init__(*args, **kwargs)
        rules = current()[1].boosts
        self.fields["days"].choices = [  # type: ignore[attr-defined]
            (days, ngettext_lazy("%(days)d day", "%(days)d days", days) % {"days": days})
            for days in PERIODS
            if days <= rules.most_days
        ]
        self.fields["channels"].queryset = Channel.objects.open().filter(parent=None)  # type: ignore[attr-defined]
        widget = self.fields["impressions"].widget
        widget.attrs |= {"min": rules.least_impressions, "max": rules.most_impressions, "step": 1}
        self.fields["daily_cap"].widget.attrs |= {"min": 1, "step": 1}

    def clean_tags(self) -> list[int]:
        """Numbers of the tags that were named; a name that no tag has is refused."""
        names = [
            name.strip(" #") for name in self.cleaned_data["tags"].replace("，", ",").split(",")
        ]
        keys = {tag_key(name): name for name in names if name}
        known = dict(Tag.objects.filter(key__in=keys).shown().values_list("key", "pk"))
        missing = [name for key, name in keys.items() if key not in known]
        if missing:
            raise forms.ValidationError(
                _("There is no tag “%(name)s”."), params={"name": missing[0][:40]}
            )
        return list(known.values())

    def wanted(self, now: datetime) -> Wanted:
        """The order in numbers; call it on a valid form. Raises Invalid."""
        said = self.cleaned_data
        starts_at = said["starts_at"] or now
        refuse_too_far_ahead(starts_at, now)  # behind the last year there is no end to reckon
        return Wanted(
            impressions=said["impressions"],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(days=said["days"]),
            audience=Audience(
                channels=frozenset(channel.pk for channel in said["channels"]),
                tags=frozenset(said["tags"]),
                city=said["city"],
                followers=said["followers"] or "all",
            ),
            daily_cap=said["daily_cap"],
        )


def first_order() -> dict[str, Any]:
    """What the form begins with."""
    least = current()[1].boosts.least_impressions
    return {"impressions": max(least, 1_000), "days": 7, "followers": "all"}


def as_typed(boost: Boost, now: datetime) -> str:
    """A saved order as the query of the form, to change it. A period that the form does not offer
    becomes the next longer one that it does; a start that is past, as soon as possible."""
    wants = boost.wants
    tags = Tag.objects.filter(pk__in=wants.tags).shown().values_list("name", flat=True)
    period = boost.ends_at - boost.starts_at
    longer = (days for days in PERIODS if timedelta(days=days) >= period)
    typed: dict[str, Any] = {
        "instead_of": boost.pk,
        "impressions": boost.impressions,
        "starts_at": f"{timezone.localtime(boost.starts_at):{LOCAL}}"
        if boost.starts_at > now
        else "",
        "days": next(longer, PERIODS[-1]),
        "daily_cap": boost.daily_cap or "",
        "channels": sorted(wants.channels),
        "tags": ", ".join(tags),
        "city": wants.city,
        "followers": wants.followers,
    }
    return urlencode(typed, doseq=True)
