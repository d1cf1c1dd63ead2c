"""Figures as the studio shows them."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from feeds.insights import rules
from feeds.insights.rules import Group

register = template.Library()


@register.filter
def share(value: float | None) -> str:
    """A share as a percentage; a dash where there is none."""
    return "–" if value is None else f"{number_format(round(100 * value, 1), 1)}%"


@register.filter
def signed_share(value: float) -> str:
    """By how much a figure grew or shrank."""
    return f"{'+' if value >= 0 else '−'}{number_format(round(abs(100 * value)), 0)}%"


@register.filter
def opened_share(group: Group) -> str:
    return share(rules.share(group.opened, group.seen))


@register.filter
def score_each(group: Group) -> str:
    """Points of engagement for each person."""
    return number_format(round(group.score / group.seen, 2), 2) if group.seen else "–"


@register.filter
def hours(values: Sequence[int]) -> str:
    return ", ".join(f"{hour}:00" for hour in values)


@register.simple_tag
def bar(value: float, most: float) -> SafeString:
    """A bar under a row's name, as long as the value; its number stands in the row."""
    width = f"{100 * min(1.0, max(0.0, value / most)):.1f}" if most else "0"
    return format_html(
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="4" rx="1"/></svg>',
        width,
    )
