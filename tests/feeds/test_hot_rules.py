"""Heat and order of the hot list: tables, and what holds whatever the numbers."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.hot_rules import (
    STYLE_SHARE,
    Heated,
    burst_factor,
    decayed,
    held_back,
    lift_of,
    movement,
    spread_out,
)

counts = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("people", "seen", "least", "most"),
    [(0, 0, 0, 0), (1, 0, 0.3, 0.5), (1, 1_000, 0, 0.6), (100, 1_000, 80, 100), (3, 3, 1.5, 3)],
)
def test_small_numbers_are_held_back(people, seen, least, most):
    assert least <= held_back(float(people), people, seen, z=1.28) <= most


@given(counts, counts, st.floats(0, 500), st.floats(0, 500))
def test_more_engagement_is_hotter_and_older_is_colder(one, two, early, late):
    less, more = sorted((one, two))
    younger, older = sorted((early, late))
    assert decayed(less, younger, gravity=1.8) <= decayed(more, younger, gravity=1.8)
    assert decayed(more, older, gravity=1.8) <= decayed(more, younger, gravity=1.8)


@given(counts, counts, counts)
def test_one_more_person_never_cools(one, two, seen):
    less, more = sorted((one, two))
    seen += more
    cold, warm = (held_back(float(n), n, seen, z=1.28) for n in (less, more))
    assert cold <= warm + 1e-9


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_burst_only_ever_raises(lately, usual):
    assert burst_factor(lately, usual, weight=0.5) >= 1
    assert burst_factor(lately, usual, weight=0) == 1
    if lately <= usual:
        assert burst_factor(lately, usual, weight=0.5) == 1


def test_no_number_is_no_heat():
    assert decayed(float("nan"), 1, gravity=1.8) == decayed(0, 1, gravity=1.8)


notes = st.lists(
    st.builds(
        Heated,
        note=st.integers(1, 10_000),
        author=st.integers(1, 6),
        heat=st.floats(0.001, 100),
        topics=st.frozensets(st.integers(1, 4), max_size=2),
        style=st.booleans(),
    ),
    unique_by=lambda row: row.note,
    max_size=60,
)


@given(notes)
def test_no_author_and_no_topic_takes_more_than_its_share(rows):
    kept = spread_out(rows, per_author=2, most=20, topic_share=3, repeat=0.7)
    assert len({row.note for row in kept}) == len(kept) <= 20
    assert max(Counter(row.author for row in kept).values(), default=0) <= 2
    left = sorted(rows, key=lambda row: (-row.heat, -row.note))[:60]
    for place, row in enumerate(kept):
        before = kept[max(0, place - 9) : place]
        crowded = {t for t, n in Counter(t for b in before for t in b.topics).items() if n >= 3}
        styles = Counter(b.style for b in before)
        if row.topics & crowded:
            authors = Counter(b.author for b in kept[:place])
            free = [r for r in left if r not in kept[:place] and authors[r.author] < 2]
            waits = [r.topics & crowded or styles[r.style] >= STYLE_SHARE for r in free]
            assert all(waits), "others remained"


def plainly(rows, most, topic_share, repeat, per_author=2):
    """The same order, looking at every note for every place."""
    left, kept = sorted(rows, key=lambda row: (-row.heat, -row.note))[: 3 * most], []
    while left and len(kept) < most:
        recent = kept[-9:]
        topics = Counter(topic for row in recent for topic in row.topics)
        styles = Counter(row.style for row in recent)

        def worth(row, topics=topics, styles=styles):
            repeats = max((topics[topic] for topic in row.topics), default=0)
            free = repeats < topic_share and styles[row.style] < STYLE_SHARE
            return free, row.heat * repeat**repeats, row.note

        kept.append(max(left, key=worth))
        full = {author for author, n in Counter(r.author for r in kept).items() if n >= per_author}
        left = [row for row in left if row not in kept and row.author not in full]
    return kept


@given(notes, st.sampled_from([0.3, 0.7, 1.0]))
def test_looking_no_further_than_needed_changes_nothing(rows, repeat):
    kept = spread_out(rows, per_author=2, most=20, topic_share=3, repeat=repeat)
    assert kept == plainly(rows, 20, 3, repeat)


def test_no_style_floods_the_list_while_others_remain():
    drawn = [Heated(n, n, 100.0 - n, style=True) for n in range(1, 31)]
    pictures = [Heated(n, n, 1.0, style=False) for n in range(31, 41)]
    kept = spread_out([*drawn, *pictures], per_author=2, most=20, topic_share=3, repeat=0.7)
    for start in range(len(kept) - 9):
        assert sum(row.style for row in kept[start : start + 10]) <= STYLE_SHARE
    alone = spread_out(drawn, per_author=2, most=20, topic_share=3, repeat=0.7)
    assert [row.note for row in alone] == list(range(1, 21)), "nothing waits for nothing"


def test_the_hottest_comes_first():
    rows = [Heated(1, 1, 1.0), Heated(2, 2, 3.0), Heated(3, 3, 2.0)]
    kept = spread_out(rows, per_author=2, most=10, topic_share=3, repeat=0.7)
    assert [row.note for row in kept] == [2, 3, 1]


def test_movement_counts_places_risen_and_names_the_new():
    assert movement([3, 1, 9], [1, 2, 3]) == {3: 2, 1: -1, 9: None}


def test_the_strongest_fitting_event_lifts():
    lifts = [(1, 1.5, frozenset([("tag", 1)])), (2, 2.0, frozenset([("channel", 4)]))]
    assert lift_of(frozenset([("tag", 1)]), lifts) == (1.5, 1)
    assert lift_of(frozenset([("tag", 1), ("channel", 4)]), lifts) == (2.0, 2)
    assert lift_of(frozenset([("tag", 9)]), lifts) == (1.0, 0)
