"""Learning methods on matrices small enough to know the answer, and on those that say nothing."""

import numpy as np
import pytest
import scipy.sparse as sp

from feeds.learning.methods.als import Als
from feeds.learning.methods.cold import (
    TagRidge,
    cosine_scores,
    solve_ridge,
    tag_vectors,
    tag_weights,
)
from feeds.learning.methods.ease import Ease
from feeds.learning.methods.gfcf import Filter, GraphFilter, neighbours, singular_vectors
from feeds.learning.methods.matrices import Unlearnable, behaviour_matrix, check

PLAIN = Filter(low_pass=0, sharpen=0)


def two_groups(people=20, items=10):
    """Half of the people take the first half of the items, the others the rest; one item short."""
    matrix = np.zeros((people, items), dtype=np.float32)
    for person in range(people):
        half = slice(0, items // 2) if person < people // 2 else slice(items // 2, items)
        matrix[person, half] = 1
        matrix[person, (person % (items // 2)) + half.start] = 0
    return sp.csr_matrix(matrix)


@pytest.mark.parametrize(
    "method",
    [
        GraphFilter(PLAIN), GraphFilter(Filter(rank=2)), Ease(1.0),
        Als(4, threads=1),
    ],
    ids=["linear", "gfcf", "ease", "als"],
)  # fmt: skip
def test_each_method_finds_the_item_that_is_missing(method):
    matrix = two_groups()
    scores = method.fit(matrix).score(matrix)
    for person, row in enumerate(scores):
        row[matrix[person].indices] = -np.inf
        missing = person % 5 + (0 if person < 10 else 5)
        assert int(row.argmax()) == missing


@pytest.mark.parametrize("method", [GraphFilter(), Ease(), Als(4, threads=1)])
@pytest.mark.parametrize(
    ("matrix", "why"),
    [
        (sp.csr_matrix((4, 4), dtype=np.float32), "0 people"),
        (sp.csr_matrix(np.array([[1, 1], [0, 0]], dtype=np.float32)), "1 people"),
        (sp.csr_matrix(np.array([[1, 0], [1, 0]], dtype=np.float32)), "1 items"),
        (sp.csr_matrix(np.array([[1, np.nan], [1, 1]], dtype=np.float32)), "not a number"),
        (sp.csr_matrix(np.array([[1, -1], [1, 1]], dtype=np.float32)), "below zero"),
    ],
)
def test_what_says_nothing_is_refused_with_the_reason(method, matrix, why):
    with pytest.raises(Unlearnable, match=why):
        method.fit(matrix)


def test_one_cell_a_pair_whatever_is_repeated():
    matrix = behaviour_matrix([0, 0, 0, 1], [1, 1, 1, 0], (2, 2), [1, 5, 2, 3])
    check(matrix)
    assert matrix.toarray().tolist() == [[0, 5], [3, 0]]


def test_neighbours_are_of_the_same_kind_and_never_oneself():
    items, likeness = neighbours(two_groups(), 4)
    for item, row in enumerate(items):
        assert item not in row
        assert all((other < 5) == (item < 5) for other in row if other >= 0)
    assert (np.diff(likeness, axis=1) <= 1e-6).all()


def test_singular_vectors_are_orthogonal_and_no_more_than_there_are():
    vectors, values = singular_vectors(two_groups(), 100)
    assert vectors.shape[1] <= 9
    assert np.allclose(vectors.T @ vectors, np.eye(vectors.shape[1]), atol=1e-3)
    assert (np.diff(values) <= 1e-5).all()


def test_conjugate_gradients_solve_the_ridge():
    dice = np.random.default_rng(0)
    vectors = sp.random(30, 12, 0.3, random_state=1, dtype=np.float32).tocsr()
    wanted = dice.normal(size=(30, 3)).astype(np.float32)
    exact = np.linalg.solve((vectors @ vectors.T).toarray() + np.eye(30), wanted)
    assert np.allclose(
        solve_ridge(vectors, wanted, 1.0, rounds=60, precision=1e-6), exact, atol=1e-3
    )


def test_unseen_items_get_the_factors_of_items_with_their_tags():
    tags = sp.csr_matrix(np.array([[1, 0, 1], [1, 0, 0], [0, 1, 0], [0, 1, 1]], dtype=np.float32))
    vectors = tag_vectors(tags, tag_weights(tags))
    factors = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=np.float32)
    predicted = TagRidge(0.1).fit(vectors, factors).predict(vectors)
    assert (predicted.argmax(axis=1) == factors.argmax(axis=1)).all()
    rows = sp.csr_matrix(np.array([[1, 1, 0, 0]], dtype=np.float32))
    assert cosine_scores(rows, vectors, vectors)[0].argmax() in (0, 1)
