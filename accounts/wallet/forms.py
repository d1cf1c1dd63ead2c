"""What people type to put money in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainLine

from .money import MoneyField


class VoucherForm(forms.Form):
    code = PlainLine(
        label=_("Voucher code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class TransferForm(forms.Form):
    amount = MoneyField(label=_("Amount"))
    reference = PlainLine(
        label=_("Reference"),
        max_length=80,
        help_text=_("The words on your transfer, so that it is found on the bank's statement."),
    )


class PaymentForm(forms.Form):
    amount = MoneyField(label=_("Amount"))
