"""Blending: parts of any size count alike, and what helps gets weight."""

import numpy as np
import pytest

from feeds.learning.methods.blend import blended, candidates_of, choose_weights, scaled, stacked


def test_scaling_forgets_size_and_what_was_seen():
    scores = np.array([[5, 2, 1], [0, 0, 0], [400, 800, 200]], dtype=np.float32)
    result = scaled(scores, (np.array([0]), np.array([0])))
    assert result.tolist() == [[0, 1, 0.5], [0, 0, 0], [0.5, 1, 0.25]]


def test_a_candidate_named_twice_stands_once():
    parts = [
        np.array([[3, 2, 1, 0]], dtype=np.float32),
        np.array([[0, 2, 3, 1]], dtype=np.float32),
    ]
    candidates = candidates_of(parts, depth=2)
    alone = ~np.isneginf(candidates.parts[0, 0])
    assert candidates.items[0, alone].tolist() == [0, 1, 2]
    assert candidates.parts[:, 0, alone].tolist() == [[3, 2, 1], [0, 2, 3]]
    assert stacked([candidates, candidates]).parts.shape == (2, 2, 4)
    assert candidates_of(parts, depth=99).items.shape == (1, 8)


def test_the_part_that_helps_is_weighed_and_noise_is_not():
    random = np.random.default_rng(0)
    target = random.integers(0, 50, 400)
    good = random.random((400, 50)).astype(np.float32)
    good[np.arange(400), target] += 0.7
    parts = np.stack([random.random((400, 50)).astype(np.float32), good])

    def worth(total):
        return float((total.argmax(axis=1) == target).mean())

    weights = choose_weights(parts, ["noise", "good"], worth, {"noise": 1.0})
    assert weights["good"] > 5 * weights["noise"]
    assert worth(blended(parts, weights.values())) > 0.5


def test_weights_stay_where_nothing_is_better():
    parts = np.ones((2, 3, 4), dtype=np.float32)
    start = {"one": 0.3, "other": 0.7}
    assert choose_weights(parts, ["one", "other"], lambda total: 1.0, start) == pytest.approx(start)
