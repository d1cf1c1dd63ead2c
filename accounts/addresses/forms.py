"""The new address, as it is typed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.utils.translation import gettext_lazy as _


class NewAddressForm(forms.Form):
    email = forms.EmailField(label=_("New address"), max_length=254)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    def clean_email(self) -> str:
        """The rules of joining hold for it, too."""
        address: str = get_adapter().clean_email(self.cleaned_data["email"])
        return address
