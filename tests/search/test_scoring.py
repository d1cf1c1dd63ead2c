"""What a match is worth, as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.pipeline import Taste
from feeds.policy import Policy, PolicyError, Search
from feeds.searches.scoring import Match, ranked

RULES = Search()


def order(*matches, taste=None, rules=RULES):
    return [one.note_id for one in ranked(matches, rules, taste)]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"relevance": 4.0}, {"relevance": 2.0}),
        ({"age_days": 1.0}, {"age_days": 300.0}),
        ({"age_days": 1.0}, {"age_days": None}),
        ({"quality": 0.9}, {"quality": 0.2}),
        ({"response": 0.2}, {"response": 0.01}),
    ],
)
def test_each_part_moves_a_note_up(better, worse):
    one, other = ({"relevance": 2.0} | part for part in (better, worse))
    assert order(Match(1, **one), Match(2, **other)) == [1, 2]


def test_no_freshness_or_response_lifts_what_hardly_fits_above_what_does():
    fits = Match(1, 10.0, age_days=2_000)
    hardly = Match(2, 3.0, age_days=0, quality=1, response=1, tags=(7,))
    assert order(fits, hardly, taste=Taste(tags={7: 1.0})) == [1, 2]


def test_taste_lifts_and_is_named_and_without_taste_nothing_is():
    plain, liked = Match(2, 2.0, tags=(5,)), Match(1, 2.0, tags=(7, 8), channels=(3,))
    taste = Taste(tags={7: 0.4, 8: 1.0}, channels={3: 1.0})
    first, second = ranked([plain, liked], RULES, taste)
    assert (first.note_id, first.source, first.detail) == (1, "search_tag", 8)
    assert (second.source, second.detail) == ("search", 0)
    assert order(plain, liked) == [2, 1]
    assert {one.source for one in ranked([plain, liked], RULES)} == {"search"}


def test_a_liking_too_small_to_matter_is_no_reason():
    [one] = ranked([Match(1, 2.0, tags=(7,))], RULES, Taste(tags={7: 0.05}))
    assert one.source == "search"


def test_where_taste_weighs_nothing_it_is_no_reason():
    [one] = ranked([Match(1, 2.0, tags=(7,))], Search(personal=0), Taste(tags={7: 1.0}))
    assert one.source == "search"


@given(
    st.lists(
        st.builds(
            Match,
            st.integers(1, 10_000),
            st.floats(1e-6, 50),
            st.none() | st.floats(-5, 10_000),
            st.floats(0, 1),
            st.floats(0, 10),
        ),
        max_size=30,
    )
)
def test_nothing_is_lost_or_doubled_and_scores_are_numbers(matches):
    scored = ranked(matches, RULES)
    assert sorted(one.note_id for one in scored) == sorted(match.note_id for match in matches)
    assert all(one.score > 0 for one in scored)


@pytest.mark.parametrize("wrong", [{"candidates": 1}, {"personal": -1}, {"popular_people": 1}])
def test_senseless_settings_are_refused(wrong):
    with pytest.raises(PolicyError):
        Policy.from_dict({"search": wrong})
