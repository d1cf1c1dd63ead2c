"""Features and the formula: what they say of a candidate, whatever is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.facts import Facts
from feeds.features import COLUMN, FEATURES, SCHEMA, features
from feeds.formula import PARTS, parts_of
from feeds.pipeline import Candidate, FeedRequest, Taste
from feeds.policy import Policy
from feeds.rankers import FormulaRanker

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TASTE = Taste(
    tags={7: 1.0, 8: 0.2}, channels={3: 0.5, 30: 0.9}, authors={1: 0.4}, recent_tags={8: 0.6}
)
REQUEST = FeedRequest(
    viewer_id=1, now=NOW, policy=Policy(), taste=TASTE, followed=frozenset({2}), city=(31.2, 121.5)
)
FACTS = Facts(
    author_id=1, channel_id=3, root_channel_id=30, published_at=NOW - timedelta(hours=2),
    quality=0.6, recommended=True, popularity=0.1, boost=1.5, latitude=31.2, longitude=121.5,
    place_id=9, author_followers=9, counts=(150, 30, 300.0, 12, 3, 0, 0, 0, 40), tags=(7, 8, 9),
)  # fmt: skip
NOTE = Candidate(5, "tag", 7, 0.9, FACTS)


def value(name, candidate=NOTE, request=REQUEST):
    return float(features(request, [candidate])[0, COLUMN[name]])


def of(**facts):
    return replace(NOTE, facts=FACTS._replace(**facts))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("interest", 1.0), ("interest_best", 1.0), ("recent", 0.6), ("channel", 0.9),
        ("author", 0.4), ("followed", 0.0), ("near", 1.0), ("match", 0.9), ("source_tag", 1.0),
        ("source_hot", 0.0), ("source_other", 0.0), ("rate_opens", (30 + 7.5) / 200),
        ("rate_hides", (40 + 0.2) / 200), ("age", np.log(3)), ("quality", 0.6), ("boost", 1.5),
        ("small_author", 0.5), ("tags", 3.0), ("place", 1.0), ("dwell", np.log1p(350 / 35)),
    ],
)  # fmt: skip
def test_what_each_feature_says(name, expected):
    assert value(name) == pytest.approx(expected, rel=1e-5)


def test_a_followed_author_counts_wherever_the_note_came_from():
    assert value("followed", of(author_id=2)) == 1
    assert value("followed", replace(NOTE, source="followed")) == 1


def test_sources_without_a_column_share_one():
    assert value("source_other", replace(NOTE, source="brand_new")) == 1


def test_nearness_falls_with_distance_and_is_nothing_without_a_place():
    near = [value("near", of(longitude=121.5 + step)) for step in (0, 0.1, 1, 90)]
    assert near == sorted(near, reverse=True)
    assert near[-1] < 0.01
    assert value("near", of(latitude=None)) == 0
    assert value("near", request=replace(REQUEST, city=None)) == 0


def test_with_personal_recommendations_off_nothing_of_the_viewer_is_in_it():
    off = replace(REQUEST, personal=False)
    stranger = FeedRequest(viewer_id=None, now=NOW, policy=Policy(), personal=False)
    assert np.array_equal(features(off, [NOTE]), features(stranger, [NOTE]))
    assert not features(off, [NOTE])[0, : COLUMN["match"]].any()


def test_a_note_that_nothing_happened_to_has_the_usual_rates():
    assert value("rate_opens", of(counts=(0.0,) * 9)) == pytest.approx(0.15)
    assert value("impressions", of(counts=(0.0,) * 9)) == 0


def test_a_row_depends_on_no_other_candidate():
    other = replace(NOTE, note_id=6, facts=FACTS._replace(popularity=9.0, tags=()))
    assert np.array_equal(features(REQUEST, [NOTE, other])[0], features(REQUEST, [NOTE])[0])


def test_no_candidates_no_rows():
    assert features(REQUEST, []).shape == (0, len(FEATURES))
    assert FormulaRanker().rank(REQUEST, []) == []


def test_another_set_of_features_has_another_name():
    assert len(SCHEMA) == 12
    assert len(set(FEATURES)) == len(FEATURES)


odd = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(st.tuples(odd, odd, odd, st.integers(-5, 10**9), odd), min_size=1, max_size=20))
def test_rows_are_finite_and_no_candidate_is_lost_whatever_the_facts(rows):
    candidates = [
        replace(
            of(quality=q, popularity=p, boost=b, counts=(n, n, s, n, n, n, n, n, n)), note_id=pk
        )
        for pk, (q, p, b, n, s) in enumerate(rows)
    ]
    assert np.isfinite(features(REQUEST, candidates)).all()
    order = FormulaRanker().rank(REQUEST, candidates)
    assert sorted(c.note_id for c in order) == sorted(c.note_id for c in candidates)


# ---------------------------------------------------------------- formula and receipt
def test_the_parts_sum_to_the_score():
    parts = parts_of(features(REQUEST, [NOTE]), REQUEST.policy)[0]
    rules, fresh = REQUEST.policy.discover, 0.5 ** (2 / 48)
    by_hand = (
        1.0 * rules.interest_weight
        + 0.9 * rules.channel_weight
        + 0.4 * rules.followed_weight
        + 0.1 / 0.22 * rules.popularity_weight
        + 0.6 * rules.quality_weight
        + 0.1 * 1.0
    )
    by_hand *= (1 + rules.freshness_weight * fresh) * 1.5 * (1 + 0.1 * 0.5)
    assert parts.sum() == pytest.approx(by_hand, rel=1e-5)
    [scored] = FormulaRanker().rank(REQUEST, [NOTE])
    assert scored.score == pytest.approx(by_hand, rel=1e-5)


def test_the_receipt_names_the_largest_parts_with_their_true_share():
    [scored] = FormulaRanker().rank(REQUEST, [NOTE])
    parts = dict(zip(PARTS, parts_of(features(REQUEST, [NOTE]), REQUEST.policy)[0], strict=True))
    shares = {code: share for code, _about, share in scored.signals}
    assert [code for code, _about, _share in scored.signals] == ["pool", "fresh", "tag", "channel"]
    assert shares["tag"] == pytest.approx(parts["tag"] / scored.score)
    assert ("tag", 7) in [signal[:2] for signal in scored.signals]
    assert ("channel", 30) in [signal[:2] for signal in scored.signals]


def test_a_tag_of_this_sitting_is_called_so():
    now = replace(REQUEST, taste=Taste(tags={8: 0.4}, recent_tags={8: 1.0}))
    [scored] = FormulaRanker().rank(now, [NOTE])
    assert ("recent", 8) in [signal[:2] for signal in scored.signals]


def test_a_stranger_s_receipt_names_no_taste():
    off = replace(REQUEST, personal=False)
    [scored] = FormulaRanker().rank(off, [NOTE])
    assert {s[0] for s in scored.signals} <= {"popular", "quality", "fresh", "pool", "small"}


def test_few_followers_help():
    small, big = of(author_followers=0), of(author_followers=10**6)
    order = FormulaRanker().rank(REQUEST, [replace(big, note_id=1), replace(small, note_id=2)])
    assert [c.note_id for c in order] == [2, 1]
