"""Figures, moments and people as pages show them."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import Profile
from community import wording

register = template.Library()

# Tints of an avatar without a picture; the stylesheet has one class for each.
TINTS = 6


@register.filter
def short_count(number: int | None) -> str:
    return wording.short_count(number or 0)


@register.simple_tag
def ago(moment: datetime | None) -> SafeString | str:
    """`<time>` that says how long ago, and exactly when on hover."""
    if moment is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        wording.exact_time(moment),
        wording.time_ago(moment),
    )


@register.filter
def exact_time(moment: datetime) -> str:
    return wording.exact_time(moment)


@register.inclusion_tag("accounts/_avatar.html")
def avatar(profile: Profile, side: int = 20) -> dict[str, object]:
    """A person's picture, or their initial on a tint. `side`: 20, 32, 40, 56 or 88 px."""
    pixels = 96 if side <= 48 else 320
    return {
        "address": avatar_address(profile, f"{pixels}.webp") if profile.avatar else "",
        "initial": initial(profile.name),
        "tint": profile.pk % TINTS,
        "side": side,
    }


def avatar_address(profile: Profile, file: str) -> str:
    return reverse("avatar-file", args=[profile.avatar.rpartition("/")[2], file])


def initial(name: str) -> str:
    """The first letter of a name, large; of a Chinese name its last character, as is usual."""
    name = name.strip()
    if name and "\u3400" <= name[-1] <= "\u9fff" and len(name) <= 4:
        return name[-1]
    return name[:1].upper()
