"""Learn the weights from the community's own notes, and put them in force as a version."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NamedTuple

import numpy as np
from django.db.models import Sum

from community.artefacts import registry, store
from community.artefacts.models import Artefact
from community.text.quality import WEIGHTS
from feeds.models import NoteHour, QualityVerdict
from feeds.policies import current
from feeds.policy import EngagementWeights

from .weights import KIND, checked

NAMES = tuple(WEIGHTS)
# The newest so many notes are learnt from, of each author no more than these: nobody's own taste or
# friends set the standard of all.
MOST_NOTES, MOST_OF_ONE = 50_000, 20
# Impressions of a note at the mean rate, added so that few readers are no extreme.
PRIOR_IMPRESSIONS = 20
CHUNK = 500
ACTS = ("likes", "collects", "comments", "shares", "follows")


class Met(NamedTuple):
    """A note that enough readers met."""

    note_id: int
    impressions: int
    engagement: float


def learn(*, now: datetime) -> Artefact:
    """Train, hold against notes held back, publish. Where it comes to nothing the reason is kept
    and what is in force stays."""
    from .learning import NotLearnt
    from .learning import learn as learn_from  # SciPy: half a second that only training costs

    rules = current()[1].quality
    met = notes_met(least=rules.learn_impressions)
    scores, rates = rows_of(met)
    about = {"notes": len(rates), "least_impressions": rules.learn_impressions}
    default = np.array([WEIGHTS[name] for name in NAMES])
    try:
        learnt = learn_from(
            scores,
            rates,
            default,
            least_notes=rules.learn_notes,
            prior_notes=rules.prior_notes,
            as_used=_as_used,
        )
    except NotLearnt as reason:
        return registry.refuse(KIND, reason=str(reason), trained_on=about, now=now)
    version = store.save(
        KIND,
        arrays={"weights": learnt.weights},
        texts={"dimensions": " ".join(NAMES)},
        figures={
            "rank_correlation": round(learnt.correlation, 4),
            "rank_correlation_of_default": round(learnt.default_correlation, 4),
            "held_back": learnt.held_back,
            "weights": {n: round(float(w), 4) for n, w in zip(NAMES, learnt.weights, strict=True)},
        },
        trained_on=about,
        now=now,
    )
    return registry.publish(version, by=None, remark="Orders notes held back better.", now=now)


def _as_used(weights: np.ndarray) -> np.ndarray:
    """With what must not be learnt away."""
    in_use = checked(dict(zip(NAMES, weights.tolist(), strict=True)))
    return np.array([in_use[name] for name in NAMES])


def notes_met(*, least: int) -> list[Met]:
    """Notes with so many impressions, newest first."""
    hours = NoteHour.objects.order_by().values("note").annotate(seen=Sum("impressions"))
    sums = {act: Sum(act) for act in ACTS}
    rows = hours.annotate(**sums).filter(seen__gte=least).order_by("-note")
    weights = current()[1].engagement
    return [
        Met(note_id, seen, _engagement(counts, weights))
        for note_id, seen, *counts in rows.values_list("note", "seen", *ACTS)[:MOST_NOTES]
    ]


def _engagement(counts: list[int], weights: EngagementWeights) -> float:
    each = (weights.like, weights.collect, weights.comment, weights.share, weights.follow)
    return sum(weight * max(0, count) for weight, count in zip(each, counts, strict=True))


def rows_of(met: list[Met]) -> tuple[np.ndarray, np.ndarray]:
    """(notes, dimensions) scores and (notes,) smoothed engagement rates, oldest first."""
    by_id = {note.note_id: note for note in met}
    seen = sum(note.impressions for note in met)
    usual = sum(note.engagement for note in met) / max(1, seen)
    of_author: Counter[int] = Counter()
    rows = []
    for note_id, author_id, at, kept in _judged(list(by_id)):
        of_author[author_id] += 1
        if of_author[author_id] <= MOST_OF_ONE:
            note = by_id[note_id]
            smoothed = note.engagement + usual * PRIOR_IMPRESSIONS
            rate = smoothed / (note.impressions + PRIOR_IMPRESSIONS)
            score = {d["name"]: d["score"] for d in kept}
            rows.append((at, note_id, rate, [score.get(name, 1.0) for name in NAMES]))
    rows.sort(key=lambda row: row[:2])
    scores = np.array([row[3] for row in rows], float).reshape(-1, len(NAMES))
    return scores, np.array([row[2] for row in rows], float)


def _judged(note_ids: list[int]) -> list[tuple[int, int, datetime, list[dict]]]:
    """(note, author, published, dimensions) of those with a verdict, newest note first."""
    found: list[tuple[int, int, datetime, list[dict]]] = []
    columns = ("note_id", "note__author_id", "note__published_at", "dimensions")
    for start in range(0, len(note_ids), CHUNK):
        chunk = note_ids[start : start + CHUNK]
        rows = QualityVerdict.objects.filter(note__in=chunk, note__published_at__isnull=False)
        found += rows.order_by("-note").values_list(*columns)
    return found
