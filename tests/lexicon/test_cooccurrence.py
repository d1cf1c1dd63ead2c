"""Which tags go together: what meets by chance does not, and nobody makes a relation alone."""

from hypothesis import given
from hypothesis import strategies as st

from community.text.cooccurrence import MOST_RELATED, relations, strength


def test_what_is_never_seen_apart_is_close_and_what_meets_by_chance_is_not():
    assert strength(20, 20, 20, 1000) > 0.8
    assert strength(10, 100, 100, 1000) == 0
    assert strength(0, 5, 5, 10) == 0


def test_a_pair_seen_seldom_is_worth_less():
    assert strength(2, 2, 2, 1000) < strength(10, 10, 10, 1000)


def test_one_person_makes_no_relation_however_often():
    alone = relations([(1, 7, 900), (2, 7, 900)], [(1, 2, 7, 900)])
    both = relations(
        [(1, 7, 3), (2, 7, 3), (1, 8, 2), (2, 8, 2), (3, 9, 90)], [(1, 2, 7, 3), (1, 2, 8, 2)]
    )
    assert alone == []
    assert [(r.tag, r.other, r.together) for r in both] == [(1, 2, 5), (2, 1, 5)]


def test_nothing_gives_nothing():
    assert relations([], []) == []


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 5), st.integers(1, 9)))
)
def test_scores_are_shares_and_both_directions_agree(rows):
    pairs = {(min(a, b), max(a, b), person): n for a, b, person, n in rows if a != b}
    uses = {}
    for (a, b, person), n in pairs.items():
        for tag in (a, b):
            uses[tag, person] = uses.get((tag, person), 0) + n
    found = relations(
        [(tag, person, n) for (tag, person), n in uses.items()],
        [(*pair, n) for pair, n in pairs.items()],
    )
    scores = {(r.tag, r.other): r.score for r in found}
    assert all(0 < score <= 1 for score in scores.values())
    assert all(scores[b, a] == score for (a, b), score in scores.items())
    assert all(sum(r.tag == tag for r in found) <= MOST_RELATED for tag in range(1, 7))
