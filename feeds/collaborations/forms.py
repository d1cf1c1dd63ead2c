"""Terms, listings and searches as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainLine
from accounts.several import Several
from accounts.wallet.money import MoneyField
from community.brands.models import Brand
from community.models import Channel

from . import rules
from .directory import Wanted
from .services import Terms

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIERS = {
    "nano": _("nano"),
    "micro": _("from 1,000"),
    "mid": _("from 10,000"),
    "top": _("from 100,000"),
}
SORTS = {
    "reach": _("Reach"),
    "engagement": _("Engagement"),
    "followers": _("Followers"),
    "price": _("Price"),
}


class SearchForm(forms.Form):
    field = forms.ModelChoiceField(
        label=_("Field"), queryset=Channel.objects.none(), required=False, to_field_name="slug",
        empty_label=_("All"),
    )  # fmt: skip
    tier = forms.ChoiceField(
        label=_("Followers really met"), required=False, choices=[("", _("All")), *TIERS.items()]
    )
    city = PlainLine(label=_("City"), required=False, max_length=80)
    price = MoneyField(label=_("At most"), required=False)
    sort = forms.ChoiceField(label=_("First by"), required=False, choices=list(SORTS.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].queryset = Channel.objects.open()  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What makes no sense is left out: a search has an answer."""
        said = self.cleaned_data if self.is_bound and self.is_valid() else {}
        said = said or getattr(self, "cleaned_data", {})
        channel = said.get("field")
        return Wanted(
            field=channel.slug if channel else "",
            tier=said.get("tier", ""),
            city=said.get("city", ""),
            price=said.get("price"),
            sort=said.get("sort") or "reach",
        )


class ListingForm(forms.Form):
    listed = forms.BooleanField(label=_("Brands may find me in the directory"), required=False)
    about = forms.CharField(
        label=_("What brands should know"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    price = MoneyField(
        label=_("Price of a note"), required=False, help_text=_("Left empty: to be agreed.")
    )
    fields_of = Several(
        label=_("Channels I write in"), queryset=Channel.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple, to_field_name="slug",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        main = Channel.objects.open().top_level()
        self.fields["fields_of"].queryset = main  # type: ignore[attr-defined]


class CounterForm(forms.Form):
    price = MoneyField(label=_("Price"))
    draft_by = forms.DateField(label=_("Draft until"), widget=DAY)
    words = forms.CharField(
        label=_("Why"), required=False, max_length=rules.LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class OfferForm(forms.Form):
    brand = forms.ModelChoiceField(
        label=_("For"), queryset=Brand.objects.none(), to_field_name="slug", empty_label=None
    )
    title = PlainLine(label=_("Title"), max_length=100)
    brief = forms.CharField(
        label=_("What is wanted"), max_length=rules.LONGEST_BRIEF,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    price = MoneyField(label=_("Price"))
    draft_by = forms.DateField(label=_("Draft until"), widget=DAY)

    def __init__(self, *args: Any, brands: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brand"].queryset = brands  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        said = self.cleaned_data
        return Terms(
            title=said["title"], brief=said["brief"], price=said["price"], draft_by=said["draft_by"]
        )
