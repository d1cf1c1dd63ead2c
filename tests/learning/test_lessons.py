"""What is learnt from two groups that read different notes, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from feeds.learning import lessons
from feeds.learning.folding import Factors, Neighbours, NotOurs, TagsToFactors, best, rows_of
from feeds.learning.methods.matrices import Unlearnable
from feeds.policy import Learning

from .conftest import two_groups

WEIGHTS = np.ones(2, np.float32)


def even_share(notes, rows):
    """Share of these rows whose note belongs to the even group."""
    return float(np.mean([(notes[row] - 100) % 2 == 0 for row in rows]))


# ---------------------------------------------------------------- what is learnt
def test_neighbours_of_a_note_are_of_its_group():
    matrix, notes = two_groups()
    lesson = lessons.learn_similar(matrix, notes, Learning())
    model = Neighbours.of(lesson.arrays)
    for row in range(len(notes)):
        found = model.found[row][model.found[row] >= 0]
        assert row not in found
        assert even_share(notes, found) == (row % 2 == 0)
    assert lesson.figures["recall@20"] > lesson.figures["of_popular"]


@pytest.mark.parametrize("method", ["gfcf", "als", "ease"])
def test_a_newcomers_two_notes_bring_notes_of_that_group(method):
    matrix, notes = two_groups()
    rules = Learning(method=method, factors=8, ease_penalty=5.0)
    lesson = lessons.learn_factors(matrix, notes, rules)
    model = Factors.of(lesson.arrays)
    assert lesson.figures["method"] == method
    for first in (0, 1):
        rows = np.array([first, first + 2])
        scores = model.scores(rows, WEIGHTS)
        scores[rows] = 0
        assert even_share(notes, best(scores, 10)) == (first == 0)


def test_ease_gives_way_where_there_are_many_notes():
    matrix, notes = two_groups()
    rules = Learning(method="ease", ease_most_notes=10, factors=8)
    lesson = lessons.learn_factors(matrix, notes, rules)
    assert lesson.figures["method"] == "gfcf"
    assert "direct" not in lesson.arrays


def test_learning_twice_learns_the_same():
    matrix, notes = two_groups()
    for learn in (lessons.learn_similar, lessons.learn_factors):
        one, two = (learn(matrix, notes, Learning(factors=8)) for _ in range(2))
        assert one.figures == two.figures
        for name in one.arrays:
            np.testing.assert_array_equal(one.arrays[name], two.arrays[name])


def test_new_notes_are_predicted_by_the_tags_of_their_group():
    matrix, notes = two_groups()
    model = Factors.of(lessons.learn_factors(matrix, notes, Learning(factors=8)).arrays)
    tags = sp.csr_matrix(np.tile(np.eye(2, dtype=np.float32), (len(notes) // 2, 1)))
    tag_ids = np.array([11, 12], np.int64)
    lesson = lessons.learn_cold(matrix, model, tags, tag_ids)
    predicted = TagsToFactors.of(lesson.arrays).predict([[11], [12], [], [99]])
    scores = predicted @ model.taste(np.array([0, 2]), WEIGHTS)
    assert scores[0] > 0
    assert scores[0] > scores[1]
    assert not predicted[2:].any()


# ---------------------------------------------------------------- who cannot move it
def test_one_account_makes_no_two_notes_alike():
    matrix, notes = two_groups()
    spam = np.zeros((1, len(notes)), np.float32)
    spam[0, :] = 4.0
    poisoned = sp.vstack([matrix, sp.csr_matrix(spam)]).tocsr()
    model = Neighbours.of(lessons.learn_similar(poisoned, notes, Learning()).arrays)
    for row in range(len(notes)):
        found = model.found[row][model.found[row] >= 0]
        assert len(found)
        assert even_share(notes, found) == (row % 2 == 0)


def test_one_account_does_not_move_what_a_group_is_brought():
    matrix, notes = two_groups()
    spam = np.full((1, len(notes)), 4.0, np.float32)
    poisoned = sp.vstack([matrix, sp.csr_matrix(spam)]).tocsr()
    model = Factors.of(lessons.learn_factors(poisoned, notes, Learning(factors=8)).arrays)
    rows = np.array([0, 2])
    scores = model.scores(rows, WEIGHTS)
    scores[rows] = 0
    assert even_share(notes, best(scores, 10)) == 1


# ---------------------------------------------------------------- what is refused
def dense(rows):
    return sp.csr_matrix(np.array(rows, np.float32))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (np.zeros((0, 0)), "no behaviour"),
        (np.zeros((3, 4)), "no behaviour"),
        ([[1, 1, 1]], "1 people"),
        ([[1], [1], [1]], "1 items"),
        ([[1, 2, 1]] * 5, "same notes"),
        ([[1, np.nan, 0], [0, 1, 1]], "not a number"),
        ([[1, np.inf, 0], [0, 1, 1]], "not a number"),
        ([[1, -2, 0], [0, 1, 1]], "below zero"),
        ([[1, 0], [0, 1]], "two notes"),
    ],
)
@pytest.mark.parametrize("learn", [lessons.learn_similar, lessons.learn_factors])
def test_bad_behaviour_is_refused_with_its_reason(rows, reason, learn):
    matrix = dense(rows)
    with pytest.raises(Unlearnable, match=reason):
        learn(matrix, np.arange(matrix.shape[1]), Learning(factors=2))


def test_what_is_worse_than_popularity_is_refused():
    matrix, _notes = two_groups()
    trial = lessons.hold_out(matrix)
    with pytest.raises(Unlearnable, match="most popular notes"):
        lessons.judge(trial, lambda rows, weights: np.zeros(matrix.shape[1], np.float32))
    with pytest.raises(Unlearnable, match="recall@20 0"):
        lessons.judge(trial, lambda rows, weights: np.full(matrix.shape[1], np.nan, np.float32))


def test_tags_that_say_nothing_are_refused():
    matrix, notes = two_groups()
    model = Factors.of(lessons.learn_factors(matrix, notes, Learning(factors=8)).arrays)
    for tags in (np.zeros((60, 0)), np.zeros((60, 3)), np.ones((60, 1))):
        with pytest.raises(Unlearnable, match="tags"):
            lessons.learn_cold(matrix, model, dense(tags), np.arange(tags.shape[1]))


# ---------------------------------------------------------------- arrays that do not fit
def test_arrays_that_do_not_fit_are_not_used():
    matrix, notes = two_groups()
    similar = lessons.learn_similar(matrix, notes, Learning()).arrays
    factors = lessons.learn_factors(matrix, notes, Learning(factors=4)).arrays
    bad = [
        (Neighbours, similar | {"found": similar["found"][1:]}),
        (Neighbours, similar | {"found": similar["found"] + 1_000}),
        (Neighbours, similar | {"notes": similar["notes"][::-1]}),
        (Neighbours, {"notes": notes}),
        (Factors, factors | {"right": factors["right"][:, 1:]}),
        (Factors, factors | {"left": factors["left"] * np.nan}),
        (Factors, factors | {"direct": np.zeros((2, 2), np.float32)}),
        (TagsToFactors, {"tags": notes, "idf": notes, "weights": notes}),
    ]
    for kind, arrays in bad:
        with pytest.raises(NotOurs):
            kind.of(arrays)


@pytest.mark.parametrize(
    ("scores", "count", "rows"),
    [
        ([], 3, []),
        ([0, -1], 3, []),
        ([1, 3, 2, 0], 2, [1, 2]),
        ([1, 3, 2, 0], 0, []),
        ([2, 2, 2, 1], 2, [0, 1]),
        ([1, np.nan, 2], 2, [2, 0]),
    ],
)
def test_the_best_rows(scores, count, rows):
    assert best(np.array(scores, np.float32), count).tolist() == rows


def test_rows_of_notes_unknown_or_not():
    notes = np.array([3, 5, 9], np.int64)
    assert rows_of(notes, np.array([9, 4, 3, 10])).tolist() == [2, -1, 0, -1]
    assert rows_of(notes[:0], notes).tolist() == [-1, -1, -1]
