"""The probabilities of a replay are those with which lists are really put together."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from feeds.lab.places import Placing, chances, likeliest
from feeds.pipeline import Candidate, FeedRequest
from feeds.policy import Policy
from feeds.rerankers import PlaceByChannel

CHANNELS = st.lists(st.integers(1, 8), min_size=2, max_size=40)


def served(channels, placing, seed):
    discover = replace(
        Policy().discover,
        channel_window=placing.rest,
        explore_share=placing.share,
        explore_window=placing.window,
    )
    request = FeedRequest(1, timezone.now(), replace(Policy(), discover=discover), seed=seed)
    candidates = [
        Candidate(note, "fresh", facts=SimpleNamespace(channel_id=channel))
        for note, channel in enumerate(channels)
    ]
    return PlaceByChannel().rerank(request, candidates)


@given(CHANNELS, st.integers(1, 6), st.sampled_from([0.0, 0.1, 0.5]), st.integers(0, 10_000))
def test_as_the_reranker_logs_them(channels, rest, share, seed):
    placing = Placing(rest, share, 4)
    listed = served(channels, placing, seed)
    found = chances(range(len(channels)), channels, [c.note_id for c in listed], placing)
    assert [c.shown for c in found] == pytest.approx([c.propensity for c in listed])


@given(CHANNELS, st.integers(1, 6))
def test_the_likeliest_list_is_the_one_without_chance(channels, rest):
    placing = Placing(rest, 0.0, 4)
    listed = [c.note_id for c in served(channels, placing, 0)]
    assert likeliest(range(len(channels)), channels, placing, most=99) == listed


@given(CHANNELS, st.randoms(use_true_random=False), st.floats(0, 0.5))
def test_what_could_stand_at_a_place_sums_to_one_whatever_stood_above(channels, draw, share):
    shown = list(range(len(channels)))
    draw.shuffle(shown)
    for chance in chances(range(len(channels)), channels, shown, Placing(3, share, 5)):
        assert chance.first + chance.each * (len(chance.heads) - 1) == pytest.approx(1)
        assert 0 <= chance.shown <= 1


def test_over_many_draws_each_note_comes_as_often_as_said():
    channels, placing = [1, 2, 3, 4], Placing(1, 0.4, 3)
    firsts = [served(channels, placing, seed)[0].note_id for seed in range(4_000)]
    [chance] = chances(range(4), channels, [0], placing)
    share = np.bincount(firsts, minlength=4) / len(firsts)
    assert share[0] == pytest.approx(chance.first, abs=0.03)
    assert share[1] == pytest.approx(chance.each, abs=0.03)
    assert share[3] == 0
