"""Collaborative and cold tasks on small folders of the usual form."""

import numpy as np
import pytest
import scipy.sparse as sp

from feeds.evaluation import Missing, cold, collaborative


def quiet(text):
    return None


@pytest.fixture
def gowalla_like(tmp_path):
    """Two groups of people; what is held out is what their group takes."""
    dice = np.random.default_rng(0)
    people, items = 60, 30
    pairs = {(p, int(i)) for p in range(people)
             for i in dice.choice(15, 11, replace=False) + (0 if p < 30 else 15)}  # fmt: skip
    held = {p: [i for q, i in pairs if q == p][:2] for p in range(people)}
    train = [(p, i) for p, i in pairs if i not in held[p]]
    size = people + items
    rows = np.array([p for p, _ in train] + [people + i for _, i in train])
    columns = np.array([people + i for _, i in train] + [p for p, _ in train])
    matrix = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    sp.save_npz(tmp_path / "s_adj_mat.npz", matrix)
    lines = [" ".join(map(str, (p, *held[p]))) for p in range(people)]
    (tmp_path / "test.txt").write_text("\n".join([*lines, "0"]))
    return tmp_path


def test_collaborative_finds_the_group_and_answers_flat_figures(gowalla_like):
    report = collaborative.run(gowalla_like, say=quiet)
    assert report.figures["recall@20"] > 0.9
    assert set(report.as_json()) >= {"recall@20", "ndcg@20", "fit_seconds"}


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("test.txt", "", "names nobody"),
        ("test.txt", "0 x", "whole numbers"),
        ("test.txt", "0 -4", "below zero"),
        ("test.txt", "0 999", "item 999"),
        ("s_adj_mat.npz", "no matrix", "not a sparse matrix"),
    ],
)
def test_files_of_another_form_are_named(gowalla_like, file, content, told):
    (gowalla_like / file).write_text(content)
    with pytest.raises(Missing, match=told):
        collaborative.run(gowalla_like, say=quiet)


@pytest.fixture
def bookmarks(tmp_path):
    """Two groups whose items have the group's tags; the unseen items too."""
    dice = np.random.default_rng(1)
    known, unseen = range(40), range(40, 60)
    lines = []
    for item in range(60):
        tags = dice.choice(6, 3, replace=False) + (0 if item % 2 else 6)
        lines.append(" ".join(map(str, (3, *tags))))
    (tmp_path / "item-tag.dat").write_text("\n".join(lines))
    for name, items in (("train", known), ("vali", unseen)):
        rows = [f"{p},{i}" for p in range(30) for i in items
                if i % 2 == p % 2 and dice.random() < 0.6]  # fmt: skip
        (tmp_path / f"{name}.csv").write_text("\n".join(["uid,iid", *rows]))
    return tmp_path


def test_unseen_items_of_the_right_group_come_first(bookmarks):
    report = cold.run(bookmarks, say=quiet)
    assert report.figures["recall@20"] == 1  # there are twenty unseen items
    task = cold.task_of(
        cold.read_pairs(bookmarks / "train.csv"),
        cold.read_pairs(bookmarks / "vali.csv"),
        cold.read_tags(bookmarks / "item-tag.dat", items=60),
    )
    ridge, cosine = cold.scorer(task, cold.Settings())(task.behaviour[task.people])
    for scores in (ridge, cosine):
        groups = task.unseen[scores.argsort(axis=1)[:, -5:]] % 2
        assert (groups == (task.people % 2)[:, None]).mean() > 0.95


def test_the_leading_count_is_no_tag(bookmarks):
    tags = cold.read_tags(bookmarks / "item-tag.dat", items=60)
    assert tags.shape == (60, 12)
    assert (tags.sum(axis=1) == 3).all()


def test_a_test_file_without_an_unseen_item_is_refused(bookmarks):
    with pytest.raises(Missing, match="unseen"):
        cold.run(bookmarks, test=bookmarks / "train.csv", say=quiet)
