"""What rankers know of a candidate, as numbers: one row a candidate, one column a feature. Pure.

Every feature depends on the viewer, the note and the moment alone, never on the place in a list or
on the other candidates, so that a row that was logged can be scored again later. With personal
recommendations off all columns about the viewer are zero.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .pipeline import Candidate, FeedRequest, Taste

# What is known of the viewer, and of the viewer and this note.
VIEWER = (
    "interest", "interest_best", "recent", "channel", "author", "followed", "near", "tags_known",
)  # fmt: skip
# Sources that have a column; all others share one.
SOURCES = (
    "tag", "channel", "followed", "pool", "hot", "popular", "fresh", "quality",
    "similar", "readers", "predicted",
)  # fmt: skip
# What is known of the note: smoothed rates a view, and the rest.
RATES = ("opens", "likes", "collects", "comments", "shares", "follows", "hides")
NOTE = (
    "impressions", *(f"rate_{name}" for name in RATES), "dwell", "popularity", "quality", "age",
    "boost", "small_author", "tags", "place",
)  # fmt: skip
FEATURES = (*VIEWER, "match", *(f"source_{name}" for name in SOURCES), "source_other", *NOTE)
COLUMN = {name: place for place, name in enumerate(FEATURES)}
# Names this set of features: models and logged rows of another set are not mixed with it.
SCHEMA = hashlib.sha256(",".join(FEATURES).encode()).hexdigest()[:12]

# Rates are smoothed towards what is usual, which weighs as much as so many views.
USUAL = {
    "opens": 0.15, "likes": 0.03, "collects": 0.015, "comments": 0.006, "shares": 0.006,
    "follows": 0.004, "hides": 0.004,
}  # fmt: skip
PRIOR_VIEWS = 50.0
USUAL_DWELL_SECONDS, PRIOR_OPENS = 10.0, 5.0
# Distance at which nearness is a half; on the way between next door and out of town.
HALF_NEAR_KM = 15.0
EARTH_RADIUS_KM = 6371.0088
# Place of each count in `Facts.counts`, which is ranking.totals.COUNTS.
IMPRESSIONS, OPENS, DWELL = 0, 1, 2
COUNT = {
    "opens": 1, "likes": 3, "collects": 4, "comments": 5, "shares": 6, "follows": 7, "hides": 8,
}  # fmt: skip

# Nothing sane is larger.
LARGEST = 1e6

Matrix = NDArray[np.float32]
Wide = NDArray[np.float64]


def features(request: FeedRequest, candidates: Sequence[Candidate]) -> Matrix:
    """Features of hydrated candidates, shape (candidates, FEATURES), finite throughout."""
    matrix = np.zeros((len(candidates), len(FEATURES)))
    # Rows may hold what no sane note has; it is replaced below and not worth a warning.
    with np.errstate(all="ignore"):
        if candidates:
            if request.personal:
                _about_viewer(matrix, request, candidates)
            _about_source(matrix, candidates)
            _about_note(matrix, request, candidates)
        matrix[~np.isfinite(matrix)] = 0.0
        return np.clip(matrix, -LARGEST, LARGEST).astype(np.float32)


def _put(matrix: Wide, name: str, values: Any) -> None:
    matrix[:, COLUMN[name]] = values


def _about_viewer(matrix: Wide, request: FeedRequest, candidates: Sequence[Candidate]) -> None:
    taste, followed = request.taste, request.followed
    matrix[:, : len(VIEWER)] = [_ties(taste, followed, c) for c in candidates]
    _put(matrix, "near", nearness(request.city, candidates))
    _put(matrix, "tags_known", math.log1p(len(taste.tags)))


def _ties(taste: Taste, followed: frozenset[int], candidate: Candidate) -> tuple[float, ...]:
    """The first columns of VIEWER; the last two are put for all candidates at once."""
    facts = candidate.facts
    known = [taste.tags[tag] for tag in facts.tags if tag in taste.tags]
    recent = sum(taste.recent_tags.get(tag, 0.0) for tag in facts.tags)
    channels = taste.channels
    return (
        min(1.0, sum(known)),
        max(known, default=0.0),
        min(1.0, recent),
        max(channels.get(facts.channel_id, 0.0), channels.get(facts.root_channel_id, 0.0)),
        taste.authors.get(facts.author_id, 0.0),
        _followed(followed, candidate),
        0.0,
        0.0,
    )


def _followed(followed: frozenset[int], candidate: Candidate) -> float:
    """1 for a note of somebody followed, a half for one that somebody followed likes."""
    if candidate.source == "followed" or candidate.facts.author_id in followed:
        return 1.0
    return 0.5 if candidate.source == "liked_by" else 0.0


def _about_source(matrix: Wide, candidates: Sequence[Candidate]) -> None:
    other = COLUMN["source_other"]
    columns = [COLUMN.get(f"source_{candidate.source}", other) for candidate in candidates]
    matrix[np.arange(len(candidates)), columns] = 1.0
    _put(matrix, "match", [candidate.match for candidate in candidates])


def _about_note(matrix: Wide, request: FeedRequest, candidates: Sequence[Candidate]) -> None:
    facts = [candidate.facts for candidate in candidates]
    counts = np.array([fact.counts for fact in facts], np.float64)
    opens = np.maximum(counts[:, OPENS], 0)
    # Notes are also opened from search and links, where nobody counts a view.
    views = np.maximum(counts[:, IMPRESSIONS], opens)
    _put(matrix, "impressions", np.log1p(views))
    for name in RATES:
        acts = np.maximum(counts[:, COUNT[name]], 0) + USUAL[name] * PRIOR_VIEWS
        _put(matrix, f"rate_{name}", acts / (views + PRIOR_VIEWS))
    seconds = np.maximum(counts[:, DWELL], 0) + USUAL_DWELL_SECONDS * PRIOR_OPENS
    _put(matrix, "dwell", np.log1p(seconds / (opens + PRIOR_OPENS)))
    _put(matrix, "popularity", [fact.popularity for fact in facts])
    _put(matrix, "quality", [fact.quality for fact in facts])
    now = request.now
    hours = [max(0.0, (now - fact.published_at).total_seconds()) / 3600 for fact in facts]
    _put(matrix, "age", np.log1p(hours))
    _put(matrix, "boost", [fact.boost for fact in facts])
    followers = np.array([fact.author_followers for fact in facts], np.float64)
    # 1 with no follower, a half with nine, a quarter with a thousand.
    _put(matrix, "small_author", 1 / (1 + np.log10(1 + np.maximum(followers, 0))))
    _put(matrix, "tags", [len(fact.tags) for fact in facts])
    _put(matrix, "place", [fact.place_id is not None for fact in facts])


def nearness(
    city: tuple[float, float] | None, candidates: Sequence[Candidate]
) -> NDArray[np.float64]:
    """From 1 in the viewer's city to 0 far away; 0 where one of the two has no place."""
    near = np.zeros(len(candidates))
    if city is None:
        return near
    placed = [
        (place, candidate.facts.latitude, candidate.facts.longitude)
        for place, candidate in enumerate(candidates)
        if candidate.facts.latitude is not None and candidate.facts.longitude is not None
    ]
    if not placed:
        return near
    rows = np.array(placed, np.float64)
    here, there = np.radians(np.array(city)), np.radians(rows[:, 1:])
    half = np.sin((there - here) / 2) ** 2
    chord = half[:, 0] + np.cos(here[0]) * np.cos(there[:, 0]) * half[:, 1]
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
    near[rows[:, 0].astype(np.intp)] = HALF_NEAR_KM / (HALF_NEAR_KM + km)
    return near
