"""Boosts as rules: states, price, pacing, audience, places on a page. No Django, no rows.

Pacing spreads an order evenly over its period: what was delivered and is on its way may never be
ahead of the elapsed share of the period by more than the slack. This is budget smoothing in its
simplest form (Agarwal et al., "Budget Pacing for Targeted Online Advertisements at LinkedIn", KDD
2014, with a uniform plan in place of a forecast): no controller that can swing, and the last part
of the period, as long as the slack, is left for catching up.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"
    REFUSED = "refused"
    EXPIRED = "expired"


# From each state to which others. What is not here never happens.
MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.WAITING, State.STOPPED, State.EXPIRED}),
    State.WAITING: frozenset({State.RUNNING, State.REFUSED, State.STOPPED, State.EXPIRED}),
    State.RUNNING: frozenset({State.PAUSED, State.STOPPED, State.FINISHED}),
    State.PAUSED: frozenset({State.RUNNING, State.STOPPED, State.FINISHED}),
    State.STOPPED: frozenset(),
    State.FINISHED: frozenset(),
    State.REFUSED: frozenset(),
    State.EXPIRED: frozenset(),
}
# Money is held in these.
OPEN = (State.WAITING, State.RUNNING, State.PAUSED)


def sources_of(to: State) -> list[State]:
    """The states from which an order may come to `to`."""
    return [state for state, targets in MOVES.items() if to in targets]


class Reason(StrEnum):
    """Why an order moved."""

    SAVED = "saved"
    PAID = "paid"
    APPROVED = "approved"
    REFUSED = "refused"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    STOPPED_BY_STAFF = "by_staff"
    DELIVERED = "delivered"
    OVER = "over"
    NOT_REVIEWED = "not_reviewed"
    NOT_PAID = "not_paid"
    NOTE_GONE = "note_gone"
    NOTE_HIDDEN = "note_hidden"
    NOTE_NOT_PUBLIC = "not_public"
    NOTE_LIMITED = "note_limited"
    AUTHOR_AWAY = "author_away"


# ---------------------------------------------------------------- price
def price_of(impressions: int, per_thousand: int) -> int:
    """Minor units for so many impressions, exactly; a unit that was begun is charged.

    One rule for orders and for what was delivered of them, so the last impression brings the
    charge to the very total.
    """
    return -(-impressions * per_thousand // 1_000)


# ---------------------------------------------------------------- pacing
def allowed_by(
    *, ordered: int, begins: datetime, ends: datetime, now: datetime, slack: float
) -> int:
    """The most that may be delivered or on its way at `now`."""
    if not begins <= now < ends:
        return 0
    share = (now - begins) / (ends - begins)
    # Rounded first, so that a binary fraction is no impression more.
    return min(ordered, math.ceil(round(ordered * (share + slack), 6)))


def room_for(
    *, allowed: int, delivered: int, in_flight: int, cap: int | None, delivered_today: int
) -> int:
    """How many more cards may be sent out now; daily caps count what is on its way as well."""
    left = allowed - delivered
    if cap is not None:
        left = min(left, cap - delivered_today)
    return max(0, left - in_flight)


def worth(*, room: int, ordered: int, match: float) -> float:
    """Which of two orders gets a place: how far behind its plan it is, times how well it fits.

    Behind as a share of the order, so that a small one is not starved by a large one.
    """
    return room / ordered * (0.5 + match)


# ---------------------------------------------------------------- audience
FOLLOWERS = ("all", "only", "not")


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom an order is for: any of the channels and tags, and the city, and the follower rule."""

    channels: frozenset[int] = frozenset()
    tags: frozenset[int] = frozenset()
    city: str = ""
    followers: str = "all"

    @property
    def is_everybody(self) -> bool:
        return not (self.channels or self.tags or self.city) and self.followers == "all"

    def to_json(self) -> dict[str, Any]:
        return {
            "channels": sorted(self.channels),
            "tags": sorted(self.tags),
            "city": self.city,
            "followers": self.followers,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Audience:
        return cls(
            frozenset(kept.get("channels", ())),
            frozenset(kept.get("tags", ())),
            kept.get("city", ""),
            kept.get("followers", "all"),
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """What of a viewer an audience may ask; nothing where personal recommendations are off."""

    personal: bool = False
    tags: Collection[int] = ()
    channels: Collection[int] = ()
    city: str = ""
    follows: bool = False


def matched(audience: Audience, reader: Reader) -> str | None:
    """The rule by which the reader is in the audience, e.g. "tag:7"; None if they are not."""
    if audience.is_everybody:
        return "all"
    if not reader.personal:
        return None
    if audience.city and same_city(audience.city) != same_city(reader.city):
        return None
    if audience.followers != "all" and (audience.followers == "only") != reader.follows:
        return None
    if audience.tags or audience.channels:
        return _shared("tag", audience.tags, reader.tags) or _shared(
            "channel", audience.channels, reader.channels
        )
    if audience.city:
        return "city"
    return "followers" if audience.followers == "only" else "not_followers"


def _shared(kind: str, wanted: Iterable[int], liked: Collection[int]) -> str | None:
    found = next((pk for pk in sorted(wanted) if pk in liked), None)
    return None if found is None else f"{kind}:{found}"


def same_city(name: str) -> str:
    return name.strip().casefold()


# ---------------------------------------------------------------- places
def places(*, first: int, size: int, every: int) -> list[int]:
    """Indexes on a page, whose first card is number `first` of its reading, that may be paid for.

    Counted through the reading, one in `every` at the most, never the first card of a page.
    """
    return [i for i in range(1, size) if (first + i) % every == every // 2 + 1]
