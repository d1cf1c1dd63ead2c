"""One currency a community, its amounts whole minor units: written and read in this place only."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import formats, numberformat
from django.utils.translation import gettext as _

from accounts.errors import Invalid

from .models import MOST

# Minor digits of ISO 4217 where they are not two.
NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
THREE = "BHD IQD JOD KWD LYD OMR TND"
DIGITS = dict.fromkeys(NONE.split(), 0) | dict.fromkeys(THREE.split(), 3)
MINUS = "\N{MINUS SIGN}"
SIGNS = {"CNY": "¥", "JPY": "¥", "EUR": "€", "USD": "$", "GBP": "£", "KRW": "₩", "INR": "₹"}


def currency() -> str:
    """The community's ISO 4217 code. Raises ImproperlyConfigured."""
    code = str(settings.CURRENCY)
    if not re.fullmatch("[A-Z]{3}", code):
        raise ImproperlyConfigured(f"ROCKPOOL_CURRENCY is a code like CNY, not {code!r}.")
    return code


def digits(code: str = "") -> int:
    """Digits of the minor unit: 2 where a hundred of them are one. `code`: of another currency
    than the community's own."""
    return DIGITS.get(code or currency(), 2)


def show(minor: int, code: str = "") -> str:
    """Money as people read it: 123450 is ¥1,234.50."""
    code = code or currency()
    whole, part = divmod(abs(minor), 10 ** digits(code))
    point, comma = formats.get_format("DECIMAL_SEPARATOR"), formats.get_format("THOUSAND_SEPARATOR")
    # In threes in every language: Django would leave Chinese money without.
    text = numberformat.format(
        whole, point, grouping=3, thousand_sep=comma or ",", force_grouping=True
    )
    if digits(code):
        text += f"{point}{part:0{digits(code)}d}"
    sign = SIGNS.get(code, f"{code} ")
    return f"{MINUS if minor < 0 else ''}{sign}{text}"


def plain(minor: int, code: str = "") -> str:
    """Money as programs read it: 123450 is 1234.50."""
    whole, part = divmod(abs(minor), 10 ** digits(code))
    minus = "-" if minor < 0 else ""
    return f"{minus}{whole}.{part:0{digits(code)}d}" if digits(code) else f"{minus}{whole}"


def read(typed: str, code: str = "") -> int:
    """Minor units of what was typed: 12.5 is 1250. Raises Invalid, also for nothing and less."""
    found = re.fullmatch(r"([0-9]{1,16})(?:\.([0-9]+))?", typed.strip())
    if found is None:
        raise Invalid(_("Write an amount like %(example)s.") % {"example": plain(1250, code)})
    whole, part = found[1], found[2] or ""
    if len(part) > digits(code):
        raise Invalid(
            _("%(currency)s has %(count)d digits behind the point.")
            % {"currency": code or currency(), "count": digits(code)}
        )
    minor = int(whole + part.ljust(digits(code), "0"))
    if not 0 < minor <= MOST:
        raise Invalid(_("The amount must be above 0 and not larger than money gets."))
    return minor


class MoneyField(forms.CharField):
    """An amount typed by a person, cleaned to minor units."""

    def __init__(self, **how: Any) -> None:
        how.setdefault("max_length", 20)
        super().__init__(**how)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return read(typed)
        except Invalid as refusal:
            raise forms.ValidationError(str(refusal)) from None
