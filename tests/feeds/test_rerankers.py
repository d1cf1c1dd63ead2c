"""Whatever the list: nobody lost or added, wishes obeyed, dials that move it, honest chance."""

import math
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.facts import Facts
from feeds.models import LessOf
from feeds.pipeline import Candidate, FeedRequest, Mix
from feeds.policy import Policy
from feeds.rerankers import (
    GiveQualityPlaces,
    LessOfReturns,
    MakeVaried,
    PlaceByChannel,
    SpreadAuthors,
    TurnDials,
)
from feeds.rerankers.spreading import likeness_vectors, varied_weight
from feeds.rerankers.wishes import distance_position

NOW = datetime(2026, 11, 1, tzinfo=UTC)
POLICY = Policy()
KIND = LessOf.Kind


def request(**given):
    return FeedRequest(1, NOW, given.pop("policy", POLICY), **given)


def discover(**changes):
    return replace(POLICY, discover=replace(POLICY.discover, **changes))


def candidate(note_id, score=1.0, *, author=1, channel=1, source="fresh", tags=(), **facts):
    facts = {"published_at": NOW - timedelta(hours=1), "popularity": 0.1, **facts}
    known = Facts(
        author_id=author, channel_id=channel, root_channel_id=channel, quality=0.5,
        recommended=True, boost=1.0, tags=tags, **facts,
    )  # fmt: skip
    return Candidate(note_id, source, facts=known, score=score)


places = st.one_of(st.none(), st.floats(-90, 90, allow_nan=False))
rows = st.tuples(
    st.integers(1, 5),
    st.integers(1, 6),
    st.floats(0, 10),
    st.sampled_from(["fresh", "quality", "tag", "followed"]),
    st.lists(st.integers(1, 9), max_size=4),
    places,
)
lists = st.lists(rows, max_size=80).map(
    lambda found: [
        candidate(
            n + 1, score, author=author, channel=channel, source=source, tags=tuple(tags),
            latitude=place, longitude=place,
        )
        for n, (author, channel, score, source, tags, place) in enumerate(
            sorted(found, key=lambda row: -row[2])
        )
    ]
)  # fmt: skip
mixes = st.builds(Mix, *[st.integers(-2, 2)] * 4)
RULES = (
    LessOfReturns(), TurnDials(), SpreadAuthors(), MakeVaried(), GiveQualityPlaces(),
    PlaceByChannel(),
)  # fmt: skip


@settings(max_examples=60)
@given(lists, mixes, st.integers(0, 2**40), st.sampled_from(["mmr", "dpp", "ssd", "off"]))
def test_no_rule_loses_or_doubles_a_note_whatever_the_list_and_the_dials(
    candidates, mix, seed, strategy
):
    asked = request(
        mix=mix, seed=seed, city=(30.0, 120.0), followed=frozenset({1, 2}),
        less={(KIND.TAG, 3): 20.0, (KIND.AUTHOR, 2): 100.0},
        policy=discover(diversity=strategy),
    )  # fmt: skip
    ordered = candidates
    for rule in RULES:
        ordered = rule.rerank(asked, ordered)
        assert Counter(c.note_id for c in ordered) == Counter(c.note_id for c in candidates)
    assert all(math.isfinite(c.score) and 0 < c.propensity <= 1 for c in ordered)


@pytest.mark.parametrize(("days", "share"), [(14, 0.2), (84, 0.6), (154, 1.0), (1_000, 1.0)])
def test_what_was_asked_less_of_comes_back_slowly(days, share):
    asked = request(less={(KIND.TAG, 7): float(days)})
    [back] = LessOfReturns().rerank(asked, [candidate(1, 1.0, tags=(7,))])
    assert back.score == pytest.approx(share)


@pytest.mark.parametrize(
    "thing",
    [(KIND.NOTE, 1), (KIND.AUTHOR, 4), (KIND.CHANNEL, 5), (KIND.TAG, 7), (KIND.PLACE, 9)],
)
def test_less_of_anything_that_a_note_is_lowers_it(thing):
    note = candidate(1, 1.0, author=4, channel=5, tags=(7,), place_id=9)
    other = candidate(2, 0.9, author=3, channel=6, tags=(8,), place_id=8)
    ordered = LessOfReturns().rerank(request(less={thing: 15.0}), [note, other])
    assert [c.note_id for c in ordered] == [2, 1]


def share_at_the_top(mix, is_it):
    """Of the first 20, the share that `is_it`, after the dials turned an even list."""
    notes = [
        candidate(
            n, 1.0 - n / 2_000, author=n, channel=n % 9,
            published_at=NOW - timedelta(hours=1 if n % 2 else 500),
            popularity=0.02 if n % 2 else 0.3,
            latitude=30.0 if n % 3 else 50.0, longitude=120.0,
        )
        for n in range(1, 101)
    ]  # fmt: skip
    asked = request(mix=mix, city=(30.0, 120.0), followed=frozenset(range(1, 101, 4)))
    top = TurnDials().rerank(asked, notes)[:20]
    return sum(map(is_it, top)) / 20


@pytest.mark.parametrize(
    ("dial", "is_it"),
    [
        ("new", lambda c: c.facts.published_at > NOW - timedelta(days=1)),
        ("unknown", lambda c: c.facts.author_id % 4 != 1),
        ("far", lambda c: c.facts.latitude == 50.0),
    ],
)
def test_a_dial_moves_the_mix_its_way_and_back(dial, is_it):
    low, middle, high = (share_at_the_top(Mix(**{dial: step}), is_it) for step in (-2, 0, 2))
    assert low < middle < high
    assert high - low >= 0.5


def test_the_variety_dial_makes_the_head_more_and_less_alike():
    notes = [candidate(n, 1 - n / 100, author=n, channel=n % 7, tags=(n // 10,)) for n in range(60)]

    def likeness(step):
        head = MakeVaried().rerank(request(mix=Mix(varied=step)), notes)[:15]
        vectors = likeness_vectors(head)
        vectors /= (vectors**2).sum(axis=1, keepdims=True) ** 0.5
        return float((vectors @ vectors.T).sum())

    assert likeness(2) < likeness(0) < likeness(-2)
    assert varied_weight(0.3, -2) == 0


@pytest.mark.parametrize(
    ("place", "sign"), [((30.0, 120.01), -1), ((48.0, 2.0), 1), ((None, None), 0)]
)
def test_a_place_is_near_far_or_neither(place, sign):
    position = distance_position((30.0, 120.0), *place)
    assert (position > 0) - (position < 0) == sign
    assert -1 <= position <= 1


def test_one_place_in_fifty_is_for_a_good_note_from_outside():
    every = POLICY.discover.quality_every
    notes = [candidate(n, 1.0, source="tag") for n in range(300)]
    good = [candidate(1_000 + n, 0.0, source="quality") for n in range(20)]
    ordered = GiveQualityPlaces().rerank(request(seed=3), notes + good)
    at = [place for place, c in enumerate(ordered[:300]) if c.source == "quality"]
    assert [place // every for place in at] == list(range(len(at)))
    assert len(at) == 6


def test_the_written_probability_is_how_often_it_happens():
    notes = [candidate(n, 1 - n / 100, channel=n) for n in range(12)]
    policy = discover(explore_share=0.3, explore_window=5)
    first = Counter()
    told = {}
    runs = 4_000
    for seed in range(runs):
        head = PlaceByChannel().rerank(request(seed=seed, policy=policy), notes)[0]
        first[head.note_id] += 1
        told[head.note_id] = head.propensity
    assert set(told) == set(range(5))
    assert sum(told.values()) == pytest.approx(1)
    for note_id, probability in told.items():
        spread = 4 * (probability * (1 - probability) / runs) ** 0.5
        assert first[note_id] / runs == pytest.approx(probability, abs=spread)
