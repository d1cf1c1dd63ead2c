"""From a list of notes to a page: the gate last, the viewer's own state, reasons, a page token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User

from .gate import Shown, shown_to
from .reasons import Reason, reasons_for
from .tokens import ServedCard, page_token


@dataclass(frozen=True, slots=True)
class Placed:
    """A note on its way to a page: which source brought it and what its reason needs."""

    note_id: int
    source: str
    detail: Any = 0
    distance_km: float | None = None
    paid: bool = False


@dataclass(frozen=True, slots=True)
class FeedItem:
    note_id: int
    position: int
    source: str
    reason: Reason
    feed: str
    revision: int
    likes: int
    collects: int
    liked: bool
    collected: bool
    is_mine: bool
    paid: bool = False
    distance_km: float | None = None


@dataclass(frozen=True, slots=True)
class FeedPage:
    feed: str
    items: list[FeedItem]
    next_cursor: str | None
    token: str
    ended: bool = field(default=False)
    # The precomputed list behind the page, for receipts; 0 where there is none.
    list_id: int = 0
    # From here on comes what was seen before: said once, above these cards.
    seen_before: bool = False


def viewer_id_of(viewer: User | None) -> int | None:
    return viewer.pk if viewer is not None and viewer.is_authenticated else None


def make_page(
    feed: str,
    placed: Sequence[Placed],
    *,
    viewer: User | None,
    now: datetime,
    next_cursor: str | None,
    first_position: int = 0,
    shown: dict[int, Shown] | None = None,
    list_id: int = 0,
    seen_before: bool = False,
) -> FeedPage:
    """The page of these notes, less those the viewer may not be shown.

    `shown` may be passed when the gate was asked already in this request.
    """
    if shown is None:
        shown = shown_to(viewer, [place.note_id for place in placed])
    passed = [place for place in placed if place.note_id in shown]
    me = viewer_id_of(viewer)
    reasons = reasons_for([(place.source, place.detail) for place in passed], viewer_id=me)
    items = [
        _item(feed, first_position + index, place, reason, shown[place.note_id], me)
        for index, (place, reason) in enumerate(zip(passed, reasons, strict=True))
    ]
    cards = [
        ServedCard(i.note_id, i.position, p.source) for i, p in zip(items, passed, strict=True)
    ]
    token = page_token(viewer_id=me, feed=feed, now=now, cards=cards, list_id=list_id)
    return FeedPage(feed, items, next_cursor, token, next_cursor is None, list_id, seen_before)


def _item(
    feed: str, position: int, place: Placed, reason: Reason, shown: Shown, me: int | None
) -> FeedItem:
    return FeedItem(
        note_id=place.note_id,
        position=position,
        source=place.source,
        reason=reason,
        feed=feed,
        revision=shown.revision,
        likes=shown.likes,
        collects=shown.collects,
        liked=shown.liked,
        collected=shown.collected,
        is_mine=shown.author_id == me,
        paid=place.paid,
        distance_km=place.distance_km,
    )
