"""A community whose readers' preferences are known: what a ranker should find out."""

from __future__ import annotations

import numpy as np

from feeds.features import COLUMN, FEATURES, RATES, USUAL
from feeds.ranking.table import OBJECTIVES, Table

START = 1.7e9


def community(*, impressions=24_000, people=300, notes=1_500, seed=3) -> Table:
    """Impressions of a month, oldest first.

    Readers open what this sitting is about and what many others open; their long-standing interests
    count little, fresh notes count in the first hours only, and what is popular for its engagement
    is not what they open. The formula believes otherwise.
    """
    rng = np.random.default_rng(seed)
    person = rng.integers(1, people + 1, impressions)
    note = rng.integers(1, notes + 1, impressions)
    matrix = np.zeros((impressions, len(FEATURES)), np.float32)

    def put(name, values):
        matrix[:, COLUMN[name]] = values
        return values

    interest = put("interest", rng.beta(1, 3, impressions))
    recent = put("recent", rng.beta(1, 4, impressions))
    put("channel", rng.random(impressions))
    put("match", rng.random(impressions))
    matrix[np.arange(impressions), COLUMN["source_tag"] + rng.integers(0, 6, impressions)] = 1
    appeal = rng.normal(size=notes + 1)[note]
    put("rate_opens", 0.15 * np.exp(0.6 * appeal + 0.1 * rng.normal(size=impressions)))
    for name in RATES[1:]:
        put(f"rate_{name}", USUAL[name] * rng.gamma(4, 0.25, impressions))
    put("popularity", rng.gamma(2, 0.05, impressions))
    put("quality", rng.beta(4, 3, notes + 1)[note])
    age = put("age", np.log1p(rng.exponential(60, impressions)))
    put("boost", 1)
    put("small_author", rng.random(notes + 1)[note])
    odds = -2.5 + 3.5 * recent + 1.2 * interest + 0.9 * appeal + 1.0 * (age < np.log1p(6))
    odds += 0.5 * rng.normal(size=people + 1)[person]
    labels = np.zeros((impressions, len(OBJECTIVES)), np.uint8)

    def happened(chance):
        return rng.random(impressions) < chance

    opened = happened(1 / (1 + np.exp(-odds)))
    labels[:, OBJECTIVES.index("open")] = opened
    labels[:, OBJECTIVES.index("long_read")] = opened & happened(0.3 + 0.3 * recent)
    labels[:, OBJECTIVES.index("like")] = opened & happened(0.1 + 0.4 * recent)
    labels[:, OBJECTIVES.index("hide")] = ~opened & happened(0.01)
    return Table(
        people=person,
        notes=note,
        at=START + np.sort(rng.random(impressions)) * 30 * 86_400,
        features=matrix,
        labels=labels,
        propensities=np.ones(impressions, np.float32),
    )
