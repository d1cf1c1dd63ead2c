"""Campaigns as readers meet them: only what the viewer may see stands on their pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.errors import NotFound
from accounts.models import User
from community.brands.models import Brand
from community.models import Note, Tag
from community.pictures_shown import CoverPicture, picture_of
from feeds.listing import newest_page
from feeds.pages import FeedPage, Placed, make_page

from .models import PHASES, Award, Campaign
from .ranking import entries_of
from .rules import Phase

# On one page, and running ones offered at once.
LISTED, OFFERED = 30, 8


@dataclass(frozen=True, slots=True)
class Shown:
    """A campaign with what its card and page need."""

    campaign: Campaign
    tags: list[Tag]
    banner: CoverPicture | None
    phase: Phase

    @property
    def phase_name(self) -> object:
        return PHASES[self.phase]


def _rows() -> QuerySet[Campaign]:
    return Campaign.objects.shown().prefetch_related("tags", "prizes")


def shown_campaign(slug: str, *, now: datetime) -> Shown:
    """Raises NotFound for what nobody may meet."""
    found = _rows().filter(slug=slug[:80]).first()
    if found is None:
        raise NotFound
    return shown(found, now=now)


def shown(campaign: Campaign, *, now: datetime) -> Shown:
    banner = getattr(campaign, "banner", None)
    ready = banner is not None and banner.state == banner.State.READY
    return Shown(
        campaign,
        list(campaign.tags.all()),
        picture_of(banner) if banner is not None and ready else None,
        campaign.phase_at(now),
    )


def campaigns_listed(*, now: datetime) -> dict[Phase, list[Shown]]:
    """What is on (what ends first, first), what comes, and what is over lately."""
    rows = _rows()
    parts = {
        Phase.RUNNING: rows.filter(starts_at__lte=now, ends_at__gt=now).order_by("ends_at"),
        Phase.COMING: rows.filter(starts_at__gt=now).order_by("starts_at"),
        Phase.OVER: rows.filter(ends_at__lte=now).order_by("-ends_at"),
    }
    return {phase: [shown(row, now=now) for row in some[:LISTED]] for phase, some in parts.items()}


def running(*, now: datetime, most: int = OFFERED) -> list[Shown]:
    on = _rows().filter(starts_at__lte=now, ends_at__gt=now).order_by("ends_at", "pk")
    return [shown(row, now=now) for row in on[:most]]


def of_brand(brand: Brand, *, now: datetime) -> list[Shown]:
    """The brand's campaigns on its page, the latest first."""
    rows = _rows().filter(brand=brand)
    return [shown(row, now=now) for row in rows.order_by("-ends_at")[:OFFERED]]


def campaign_page(
    campaign: Campaign, *, viewer: User | None, order: str, cursor: str | None, now: datetime
) -> FeedPage:
    """Its notes: the ranked ones in their order, or all of them newest first, page by page."""
    if order == "newest":
        return newest_page("tag", "tagged", entries_of(campaign), viewer, cursor)
    ranked = list(campaign.places.values_list("note_id", flat=True))
    seen = set(Note.objects.filter(pk__in=ranked).listed_for(viewer).values_list("pk", flat=True))
    placed = [Placed(pk, "tagged") for pk in ranked if pk in seen]
    return make_page("tag", placed, viewer=viewer, now=now, next_cursor=None)


def winners_of(campaign: Campaign, *, viewer: User | None) -> list[Award]:
    """Prizes that were given to notes which the viewer may see, in the order of the prizes."""
    awards = campaign.awards.filter(note__in=Note.objects.listed_for(viewer))
    rows = awards.select_related("prize", "note__author__profile")
    return list(rows.order_by("prize__position", "pk"))
