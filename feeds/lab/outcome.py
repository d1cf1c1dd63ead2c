"""What a replay found, as it is kept: plain numbers, None where one could not be computed. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # they load scipy, and processes that serve pages do without
    from .comparing import Figures
    from .estimators import Replayed
    from .replaying import Outcome

# Names of the figures side by side.
SIDES = (
    "coverage", "new_places", "new_coverage", "gini_notes", "gini_authors", "quality", "followed",
)  # fmt: skip


def as_json(found: Outcome) -> dict[str, Any]:
    return {
        "lists": found.lists,
        "cards": found.cards,
        "broken": found.broken,
        "reproduced": round(found.reproduced, 4),
        "moved": round(found.moved, 4),
        "was": {"engagement": _plain(found.was_engagement), "opens": _plain(found.was_opens)},
        "would": {
            "engagement": _estimates(found.engagement),
            "opens": _estimates(found.opens),
        },
        "effective": round(found.engagement.effective, 1),
        "before": _figures(found.before),
        "after": _figures(found.after),
        "doubts": list(found.doubts),
    }


def _estimates(replayed: Replayed) -> dict[str, Any]:
    return {
        name: None if value is None else {k: _plain(v) for k, v in asdict(value).items()}
        for name, value in (("ips", replayed.ips), ("snips", replayed.snips), ("dr", replayed.dr))
    }


def _figures(figures: Figures | None) -> dict[str, Any] | None:
    if figures is None:
        return None
    plain = {name: _plain(getattr(figures, name)) for name in SIDES}
    channels = {str(pk): _plain(share) for pk, share in figures.channels.items()}
    return plain | {"channels": channels}


def _plain(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), 5)


def speaks_for_it(outcome: Mapping[str, Any]) -> bool | None:
    """Whether the doubly robust interval of engagement lies above (True) or below (False) what
    was; None where it includes it, or where there are doubts."""
    robust = outcome["would"]["engagement"]["dr"]
    was = outcome["was"]["engagement"]
    if outcome["doubts"] or robust is None or was is None:
        return None
    if robust["low"] > was:
        return True
    return False if robust["high"] < was else None
