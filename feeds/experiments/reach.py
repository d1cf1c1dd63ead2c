"""Which settings can be tried on which unit, and why others cannot. Pure.

A setting is open to a unit only if all it decides is decided for one reader, author or note at a
time: others would be overridden without effect, and measured as if they had one.
"""

from __future__ import annotations

READER, AUTHOR, NOTE = "reader", "author", "note"

# What one reader's list depends on.
LISTS = (
    "discover.", "ranking.ranker", "ranking.small_author", "ranking.near", "ranking.behaviour",
    "ranking.long_read", "ranking.hide", "interests.recent_share", "interests.chosen",
    "interests.pinned",
)  # fmt: skip
# What the way of one note through the pools depends on, whether it is chosen by note or by author.
POOLS = (
    "pools.ladder", "pools.wilson_z", "pools.gate_factor", "pools.prior_rate", "pools.prior_notes",
    "pools.upper_share", "pools.least_impressions", "pools.make_good_hours",
    "pools.promoted_factor",
)  # fmt: skip
OPEN_TO: dict[str, tuple[str, ...]] = {READER: LISTS, AUTHOR: POOLS, NOTE: POOLS}

# Settings that begin like open ones and are not.
CLOSED: dict[str, str] = {
    "discover.page_size": "pages are cut alike for everybody",
    "discover.stale_minutes": "lists are rebuilt for everybody at once",
    "discover.active_days": "it decides whose lists are built at all",
}
# Why nothing of a section can be tried, by the beginning of its settings; the longest one speaks.
REASONS: dict[str, str] = {
    "interests.": "what a profile has learnt would outlast the experiment",
    "pools.": "slots and the bar are shared by all notes and readers",
    "guardrails.": "it guards the experiments themselves",
    "insights.": "figures are told to all authors alike",
    "boosts.": "what was ordered and paid holds for all readers",
}


def fault_of(name: str, unit: str) -> str | None:
    """Why this setting cannot be tried on this unit; None when it can."""
    if name in CLOSED:
        return f"{name}: cannot be tried on {unit}s: {CLOSED[name]}"
    if name.startswith(OPEN_TO.get(unit, ())):
        return None
    for other, names in OPEN_TO.items():
        if name.startswith(names):
            return f"{name}: cannot be tried on {unit}s, but on {other}s"
    reasons = [why for begin, why in REASONS.items() if name.startswith(begin)]
    return f"{name}: cannot be tried on {unit}s" + (f": {reasons[0]}" if reasons else "")


def is_open(name: str, unit: str) -> bool:
    return fault_of(name, unit) is None
