"""What ranking costs: CPU of one thread, medians of many rounds, 300 candidates."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import numpy as np
import pytest

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

ROUNDS = 200


def cpu_ms(work: Callable[[], Any]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return median(times) * 1_000


@pytest.fixture(scope="module")
def models() -> Any:
    """All eight objectives, each with as many trees as it may have."""
    from feeds.policy import Policy
    from feeds.ranking import learning
    from feeds.ranking.learnt import as_parts, from_parts
    from feeds.ranking.table import OBJECTIVES
    from tests.ranking.synthetic import community

    table = community(impressions=80_000, people=1_000)
    chance, labels = np.random.default_rng(5), table.labels.copy()
    for name in ("collect", "comment", "share", "follow", "hide"):
        rate = 0.02 + 0.1 * table.features[:, 2]
        labels[:, OBJECTIVES.index(name)] = chance.random(len(table)) < rate
    lesson = learning.learn(replace(table, labels=labels), Policy())
    assert set(lesson.forests) == set(OBJECTIVES)
    return table.features[:300], from_parts(*as_parts(lesson.forests, lesson.calibrations))


def test_eight_models_over_300_candidates(models, figures):
    from feeds.policy import Policy

    rows, learnt = models
    spent = cpu_ms(lambda: learnt.score(rows, Policy()))
    figures.note(
        "eight learnt models over 300 candidates, one thread",
        must="≤ 1.5 ms",
        measured=f"{spent:.2f} ms",
        holds=spent <= 1.5,
    )


def test_a_whole_ranking_with_receipts(models, figures, monkeypatch):
    from feeds import rankers
    from feeds.facts import Facts
    from feeds.pipeline import Candidate, FeedRequest, Taste
    from feeds.policy import Policy
    from feeds.ranking.standing import Standing

    now, chance = datetime(2026, 11, 1, tzinfo=UTC), np.random.default_rng(1)
    taste = Taste({tag: float(chance.random()) for tag in range(100)}, {3: 0.5}, {}, {1: 0.4})
    request = FeedRequest(1, now, Policy(), taste, city=(31.2, 121.5))
    candidates = [
        Candidate(
            pk, "tag", 1, 0.4,
            Facts(
                pk % 60, 3, 30, now - timedelta(hours=pk), 0.5, True, 0.1, 1.0, 31.0, 121.0,
                counts=(100.0, 20.0, 300.0, 3.0, 2.0, 1.0, 1.0, 0.0, 0.0),
                tags=tuple(chance.integers(0, 500, 5).tolist()),
            ),
        )
        for pk in range(1, 301)
    ]  # fmt: skip
    standing = Standing("ranker 1", models[1], 1)
    monkeypatch.setattr(rankers, "standing_of", lambda policy, *, now: standing)
    learnt, formula = (
        cpu_ms(lambda one=ranker: one.rank(request, candidates))
        for ranker in (rankers.LearntRanker(), rankers.FormulaRanker())
    )
    figures.note(
        "300 candidates ranked: features, scores, receipts, order (learnt, formula)",
        must="≤ 8 ms",
        measured=f"{learnt:.2f} ms, {formula:.2f} ms",
        holds=learnt <= 8,
    )
