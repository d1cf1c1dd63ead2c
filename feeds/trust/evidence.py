"""What a moderator sees of a circle: its signs in words, its members, and what it cost whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.models import Note
from feeds.models import Impression, PoolDelivery, PoolEngagement

from .models import Circle, Member

SIGNS: dict[str, Promise] = {
    "mutual": _("Pairs that engage with each other"),
    "blanket": _("Others who engage with a note that members push"),
    "closed": _("Of what members engaged with, written by members"),
    "together": _("Alike in what they engage with and in which hour"),
    "often": _("Notes on which two of them met within an hour"),
    "shared": _("On a network or device of theirs"),
    "young": _("Younger than a week, above the usual share"),
}
# Members listed on the page.
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Sign:
    """A figure in words; `strength` in percent."""

    name: str | Promise
    found: str
    silent: str
    strength: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What was discounted: in open pools and at the gates that were decided since."""

    acts: int
    score: float
    views: int
    notes: int


def signs_of(circle: Circle) -> list[Sign]:
    rows = sorted(circle.figures.items(), key=lambda row: -row[1]["sign"])
    return [
        Sign(
            SIGNS.get(name, name),
            _shown(name, row["found"]),
            _shown(name, row["usual"]),
            round(row["sign"] * 100),
        )
        for name, row in rows
    ]


def _shown(name: str, value: float) -> str:
    return f"{value:.0f}" if name == "often" else f"{value * 100:.0f}%"


def members_of(circle: Circle) -> QuerySet[Member]:
    """Those who did most first."""
    members = circle.members.select_related("person__profile")
    return members.order_by("-inside", "-acts", "pk")[:MOST_LISTED]


def cost_of(circle: Circle) -> Cost:
    people = circle.members.values("person")
    notes: QuerySet[Note, Any] | QuerySet[Impression, Any]
    if circle.kind == Circle.Kind.RING:
        notes = Note.objects.filter(author__in=people).values("pk")
    else:
        notes = Impression.objects.filter(person__in=people).values("note")
    theirs = {"note__in": notes, "person__in": people}
    acts = PoolEngagement.objects.filter(**theirs, reason=circle.kind).aggregate(
        acts=Count("pk"), score=Sum(F("full") - F("score")), notes=Count("note", distinct=True)
    )
    views = PoolDelivery.objects.filter(**theirs, counts=False, seen_at__isnull=False).count()
    return Cost(acts["acts"], acts["score"] or 0.0, views, acts["notes"])
