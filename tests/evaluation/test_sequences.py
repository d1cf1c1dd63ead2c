"""The next item: a chain is foretold, and nothing of what is measured is learnt."""

from __future__ import annotations

import json

import numpy as np
import pytest

from feeds.evaluation import Missing
from feeds.evaluation import sequences as task
from feeds.evaluation.sequence_files import read_set, split
from feeds.evaluation.sequences import run
from feeds.learning.methods.next_item import LinearNext, followers, recent


def quiet(text: str) -> None:
    pass


def rows_text(rows):
    return "\n".join(" ".join(map(str, row)) for row in rows) + "\n"


def chain(people=60, items=40, length=8):
    """Everybody walks round the same circle of items from a place of their own."""
    return [
        [user, *(1000 + 7 * ((user * 11 + step) % items) for step in range(length))]
        for user in range(people)
    ]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "Chain.txt").write_text(rows_text(chain()))
    return tmp_path


def test_a_chain_is_foretold_without_a_miss(folder):
    report = run(folder, name=None, test=None, say=quiet)
    assert report.figures == {"hr@10": 1.0, "ndcg@10": 1.0, "hr@10_validation": 1.0}
    assert (report.data, report.settings["measured"]) == ("Chain", 60)
    assert set(report.seconds) == {"choose", "fit", "rank"}


def test_chance_is_not_foretold(tmp_path):
    random = np.random.default_rng(1)
    rows = [[user, *random.choice(2000, 8, replace=False)] for user in range(200)]
    (tmp_path / "Noise.txt").write_text(rows_text(rows))
    assert run(tmp_path, name="Noise", test=None, say=quiet).figures["hr@10"] < 0.1


def test_attributes_foretell_what_nobody_read_in_that_order(tmp_path):
    random = np.random.default_rng(2)
    rows, attributes = [], {}
    for item in range(600):
        attributes[str(item)] = [item % 60]
    for user in range(300):
        own = random.permutation([item for item in range(600) if item % 60 == user % 60])
        rows.append([user, *own[:4]])
    (tmp_path / "Shelves.txt").write_text(rows_text(rows))
    blind = run(tmp_path, name=None, test=None, say=quiet)
    (tmp_path / "Shelves.json").write_text(json.dumps(attributes))
    seeing = run(tmp_path, name=None, test=None, say=quiet)
    assert (blind.settings["attributes"], seeing.settings["attributes"]) == (0, 60)
    assert seeing.figures["hr@10"] >= max(blind.figures["hr@10"], 0.99)


def test_no_fit_sees_the_item_it_is_measured_on(folder, monkeypatch):
    data = read_set(folder, None, quiet)
    whole = {tuple(row) for row in data.sequences.values()}
    fits = []
    fit = task.fitted
    monkeypatch.setattr(task, "fitted", lambda rows, *rest: fits.append(rows) or fit(rows, *rest))
    run(folder, name=None, test=None, say=quiet)
    assert {tuple(row) for row in fits[0]} == {row[:-2] for row in whole}
    assert {tuple(row) for row in fits[1]} == {row[:-1] for row in whole}


def test_short_sequences_are_learnt_from_and_not_measured(folder):
    with (folder / "Chain.txt").open("a") as lines:
        lines.write("900 1000\n901 1000 1007\n902\nnot a line\n\n")
    report = run(folder, name=None, test=None, say=quiet)
    assert (report.settings["measured"], report.settings["not_measured"]) == (60, 2)
    parted = split(read_set(folder, None, quiet), None)
    assert (len(parted.before_test), len(parted.test)) == (62, 60)


def test_a_test_file_takes_the_place_of_the_last_items(folder, tmp_path):
    test = tmp_path / "held" / "test.txt"
    test.parent.mkdir()
    follows = {row[0]: 1000 + 7 * ((row[0] * 11 + 8) % 40) for row in chain()}
    test.write_text(rows_text([[user, follows[user]] for user in range(20)] + [[999, 1000]]))
    report = run(folder, name="Chain", test=test, say=quiet)
    assert (report.figures["hr@10"], report.settings["measured"]) == (1.0, 20)
    test.write_text(rows_text([[user, 55] for user in range(20)]))
    assert run(folder, name="Chain", test=test, say=quiet).figures["hr@10"] == 0


def test_test_items_that_end_a_sequence_are_cut_off_before_learning(folder, tmp_path):
    test = tmp_path / "held.dat"
    test.write_text(rows_text([[row[0], *row[-2:]] for row in chain()]))
    parted = split(read_set(folder, None, quiet), test)
    assert {len(row) for row in parted.before_test} == {6}
    assert len(parted.test) == 120


def test_several_sets_must_be_told_apart_by_name(folder):
    (folder / "Other.txt").write_text("1 2 3 4\n")
    with pytest.raises(Missing, match="Chain, Other"):
        run(folder, name=None, test=None, say=quiet)
    with pytest.raises(Missing, match="Chain, Other"):
        run(folder, name="Third", test=None, say=quiet)


@pytest.mark.parametrize("text", ["", "a b c\n", "1\n2\n", "1 5 6\n2 6 7\n"])
def test_a_set_on_which_nothing_can_be_measured_is_missing(tmp_path, text):
    (tmp_path / "Set.txt").write_text(text)
    with pytest.raises(Missing):
        run(tmp_path, name=None, test=None, say=quiet)
    with pytest.raises(Missing):
        run(tmp_path / "nowhere", name=None, test=None, say=quiet)


@pytest.mark.parametrize("broken", ["{", "[1, 2]", '{"a": [1]}', '{"1000": 5}', "{}"])
def test_attributes_that_cannot_be_read_are_left_out(folder, broken):
    (folder / "Chain.json").write_text(broken)
    assert run(folder, name=None, test=None, say=quiet).settings["attributes"] == 0


def test_one_person_and_three_items_are_enough_to_run(tmp_path):
    (tmp_path / "Tiny.txt").write_text("1 5 6 7\n")
    report = run(tmp_path, name=None, test=None, say=quiet)
    assert 0 <= report.figures["hr@10"] <= 1


def test_the_newest_item_weighs_most_and_nearer_followers_count_more():
    weights = recent([np.array([2, 0]), np.array([], dtype=int)], 3, memory=1).toarray()
    assert weights[0].tolist() == pytest.approx([1, 0, np.exp(-1)])
    assert weights[1].tolist() == [0, 0, 0]
    pairs = followers([np.array([0, 1, 2])], 3, window=5, decay=0.5, back=0.1).toarray()
    assert pairs[0].tolist() == pytest.approx([0, 1, 0.5])
    assert pairs[1].tolist() == pytest.approx([0.1, 0, 1])


def test_a_dense_model_leaves_rare_items_out_and_still_scores(monkeypatch):
    monkeypatch.setattr("feeds.learning.methods.next_item.LARGEST_DENSE", 3)
    histories = [np.array([0, 1, 2])] * 5 + [np.array([3, 4])]
    model = LinearNext.fit(histories, 5, decay=0.8, back=0.5, strength=1, memory=3)
    scores = model.scores([np.array([0]), np.array([3])])
    assert scores.shape == (2, 5)
    assert scores[0].argmax() == 1
    assert scores[1].tolist() == [0] * 5
