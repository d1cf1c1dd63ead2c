"""What a match is worth: how well the words fit, then freshness, quality, response and taste. Pure.

The parts are shares of the fit and multiply it, so that a fresh, popular note that hardly fits
never stands above one that does: score = fit x (1 + freshness + quality + response + taste).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feeds.pipeline import Taste
from feeds.policy import Search

# A response this high, as engagement per impression, is half of the most it can add.
USUAL_RESPONSE = 0.04
# A channel says less than a tag about what somebody likes.
CHANNEL_SHARE = 0.6
# Below this a liking moves the order by nothing one could see, and is no reason to name.
WORTH_NAMING = 0.15


@dataclass(frozen=True, slots=True)
class Match:
    """A note that holds the words. Age and quality are None where strangers may not meet it."""

    note_id: int
    # Relevance as the index gives it, above 0; comparable within one query only.
    relevance: float
    age_days: float | None = None
    quality: float = 0.0
    response: float = 0.0
    channels: tuple[int, ...] = ()
    tags: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    note_id: int
    score: float
    # "search", "search_tag" or "search_chan", and the tag or channel that moved it up.
    source: str = "search"
    detail: int = 0


def ranked(matches: Sequence[Match], rules: Search, taste: Taste | None = None) -> list[Scored]:
    """Best first; the same order for everybody where there is no taste."""
    scored = [_scored(match, rules, taste) for match in matches]
    return sorted(scored, key=lambda one: (-one.score, -one.note_id))


def _scored(match: Match, rules: Search, taste: Taste | None) -> Scored:
    worth = 1.0 + rules.quality * match.quality
    worth += rules.popularity * match.response / (match.response + USUAL_RESPONSE)
    if match.age_days is not None:
        worth += rules.freshness * 0.5 ** (
            max(0.0, match.age_days) / rules.freshness_half_life_days
        )
    liking, source, detail = liking_of(match, taste)
    worth += rules.personal * liking
    if liking < WORTH_NAMING or not rules.personal:
        source, detail = "search", 0
    return Scored(match.note_id, match.relevance * worth, source, detail)


def liking_of(match: Match, taste: Taste | None) -> tuple[float, str, int]:
    """How much the person likes what the note is about, 0..1, and which tag or channel says so."""
    if taste is None:
        return 0.0, "search", 0
    likings = [(taste.tags.get(tag, 0.0), "search_tag", tag) for tag in match.tags]
    likings += [
        (CHANNEL_SHARE * taste.channels.get(channel, 0.0), "search_chan", channel)
        for channel in match.channels
    ]
    best = max(likings, default=(0.0, "search", 0))
    return best if best[0] > 0 else (0.0, "search", 0)
