"""Which settings a replay can judge: those that order what was logged anew. Pure.

Others change which candidates there are or what was known of them, and that was not logged.
"""

from __future__ import annotations

REPLAYED = frozenset(
    (
        *(
            f"discover.{name}"
            for name in (
                "interest_weight", "channel_weight", "followed_weight", "popularity_weight",
                "quality_weight", "freshness_weight", "freshness_half_life_hours",
                "author_decay", "author_floor", "channel_window", "diversity",
                "diversity_weight", "diverse_head", "diverse_pool", "explore_share",
                "explore_window",
            )
        ),
        *(
            f"ranking.{name}"
            for name in ("ranker", "behaviour", "near", "small_author", "long_read", "hide")
        ),
        *(f"engagement.{name}" for name in ("like", "collect", "comment", "share", "follow")),
    )
)  # fmt: skip


def faults_of(names: set[str]) -> list[str]:
    """Sentences about settings that a replay cannot judge."""
    if not names:
        return ["Name at least one setting to change."]
    return [
        f"{name}: a replay cannot judge it, for it does not order what was logged;"
        " try it on readers instead"
        for name in sorted(names - REPLAYED)
    ]
