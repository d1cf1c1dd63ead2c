"""Rules of teen mode without storage: what is closed, what a teen may change, open hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

# From the most open to the most closed. What is not listed is a switch: on is more open.
ORDERS: Mapping[str, tuple[str, ...]] = {
    "seen_by": ("everybody", "members", "followers"),
    "may_mention": ("everybody", "followers", "followed", "nobody"),
    "may_comment": ("everybody", "followers", "followed", "nobody"),
}
# How a profile is set when teen mode begins; what is more closed already stays.
CLOSED: Mapping[str, object] = {
    "seen_by": "followers",
    "may_mention": "followed",
    "may_comment": "followers",
    "discoverable": False,
    "indexed": False,
    "likes_shown": False,
}
OPENS, CLOSES = time(7), time(22)


def is_more_open(field: str, wanted: object, present: object) -> bool:
    """Whether a wish opens what is closed now: that is for the guardian to say."""
    order = ORDERS.get(field)
    if order is None:
        return bool(wanted) and not present
    return order.index(str(wanted)) < order.index(str(present))


def closed(present: Mapping[str, object]) -> dict[str, object]:
    """What has to be set for teen mode, less what is at least as closed."""
    return {
        field: rule for field, rule in CLOSED.items() if is_more_open(field, present[field], rule)
    }


def is_open_hour(now: time, *, opens: time, closes: time) -> bool:
    """Whether the community is open to the teen at this time of their day. `opens` belongs to the
    hours, `closes` does not; hours over midnight are hours; equal ones mean the whole day."""
    if opens == closes:
        return True
    if opens < closes:
        return opens <= now < closes
    return now >= opens or now < closes
