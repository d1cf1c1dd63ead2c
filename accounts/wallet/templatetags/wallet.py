"""Money in pages."""

from __future__ import annotations

from django import template

from accounts.wallet import money as currency

register = template.Library()


@register.filter
def money(minor: int | None) -> str:
    """Minor units as money; a dash where there is no amount."""
    return "–" if minor is None else currency.show(minor)


@register.filter
def signed_money(minor: int) -> str:
    """The same with a plus where it is one, nothing for 0."""
    if minor == 0:
        return ""
    return f"+{currency.show(minor)}" if minor > 0 else currency.show(minor)
