"""Places: the near, friends and alike people are found; tune and test are not learnt."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from feeds.evaluation import Missing
from feeds.evaluation import places as task
from feeds.evaluation.checkin_files import read_set
from feeds.evaluation.places import run
from feeds.learning.methods.visits import Friends, KernelRidge, Near, Neighbours, visited

GROUPS, OWN = 8, 30


def quiet(text: str) -> None:
    pass


def write(folder, prefix, **tables):
    for ending, rows in tables.items():
        text = "\n".join("\t".join(map(str, row)) for row in rows)
        (folder / f"{prefix}_{ending}.txt").write_text(text + "\n")


def towns(people=160, seed=0):
    """People of eight towns with 30 places each, who visit only their own town's places."""
    random = np.random.default_rng(seed)
    parts = {"train": [], "tune": [], "test": []}
    for person in range(people):
        own = random.permutation(OWN)[:20] + OWN * (person % GROUPS)
        for part, chosen in (("train", own[:12]), ("tune", own[12:14]), ("test", own[14:])):
            parts[part] += [(person, 500 + place, 1 + place % 3) for place in chosen]
    parts["poi_coos"] = [
        (500 + place, 10 + 5 * (place // OWN) + random.random() / 100, 20 + random.random() / 100)
        for place in range(GROUPS * OWN)
    ]
    parts["social_relations"] = [(one, one + GROUPS) for one in range(people - GROUPS)]
    return parts


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, "Towns", **towns())
    return tmp_path


def test_ones_own_town_is_found(folder):
    report = run(folder, name=None, test=None, say=quiet)
    # Six of the eighteen places of the town that are not in train are in test.
    assert report.figures["p@10"] > 0.28
    assert report.figures["r@10"] == pytest.approx(report.figures["p@10"] * 10 / 6)
    assert (report.data, report.settings["measured"]) == ("Towns", 160)
    assert set(report.seconds) == {"fit", "choose", "rank"}


def test_only_train_is_learnt_and_only_tune_is_chosen_on(folder, monkeypatch):
    learnt, chosen_on = [], []
    fit, choose = task.fitted, task.chosen
    monkeypatch.setattr(task, "fitted", lambda data: learnt.append(data) or fit(data))
    monkeypatch.setattr(task, "chosen", lambda *given: chosen_on.append(given) or choose(*given))
    before = run(folder, name=None, test=None, say=quiet)
    parts = towns()
    moved = [
        (person, 500 + (place - 499) % (GROUPS * OWN), 1) for person, place, _ in parts["test"]
    ]
    write(folder, "Towns", test=moved)
    after = run(folder, name=None, test=None, say=quiet)
    assert (learnt[0].train != learnt[1].train).nnz == 0
    assert learnt[0].train.nnz == len(parts["train"])
    assert chosen_on[0][2].nnz == len(parts["tune"])
    assert before.settings["weights"] == after.settings["weights"]
    assert before.figures != after.figures


def test_places_of_train_are_never_listed(folder):
    parts = towns()
    write(folder, "Towns", test=parts["train"])
    with pytest.raises(Missing, match="also in train"):
        run(folder, name=None, test=None, say=quiet)
    write(folder, "Towns", test=parts["train"] + parts["test"])
    report = run(folder, name=None, test=None, say=quiet)
    write(folder, "Towns", test=parts["test"])
    assert report.figures == run(folder, name=None, test=None, say=quiet).figures


def test_a_test_file_takes_the_place_of_the_sets_own(folder):
    test = folder / "apart.txt"
    test.write_text("0 500 2\n1 100000 1\n")
    report = run(folder, name="Towns", test=test, say=quiet)
    assert (report.settings["measured"], report.data) == (2, "Towns, apart.txt")


@pytest.mark.parametrize("absent", ["tune", "poi_coos", "social_relations"])
def test_what_is_absent_is_gone_without(folder, absent):
    (folder / f"Towns_{absent}.txt").unlink()
    assert run(folder, name=None, test=None, say=quiet).figures["p@10"] > 0.2


def test_broken_coordinates_torn_lines_and_lonely_people_do_no_harm(folder):
    parts = towns()
    parts["poi_coos"][0] = (500, "nan", "nan")
    parts["poi_coos"][1] = (501, 95.0, 20.0)
    parts["poi_coos"][2] = (502, "inf", 20.0)
    parts["poi_coos"][3] = (503, 20.0)
    parts["train"] += [("no", "number"), (5,), (3, 500.5, 1), (7000, 500, "nan"), (7001, 501, -4)]
    parts["social_relations"] += [(1, 1), (99999, 1), (8, 0)]
    parts["test"] += [(8000, 510, 1)]
    write(folder, "Towns", **parts)
    report = run(folder, name=None, test=None, say=quiet)
    assert 0.2 < report.figures["p@10"] <= 1
    assert report.settings["measured"] == 161
    degrees = read_set(folder, None, None, quiet).degrees
    assert np.isnan(degrees[:4]).all()
    assert np.isfinite(degrees[4:]).all()


def test_one_person_with_one_visit_is_enough_to_run(tmp_path):
    write(tmp_path, "One", train=[(1, 1, 1)], test=[(1, 2, 1)])
    assert run(tmp_path, name=None, test=None, say=quiet).figures["r@10"] == 1


def test_sets_are_told_apart_by_name_and_absent_ones_are_missing(folder):
    write(folder, "Other", train=[(1, 1, 1)])
    with pytest.raises(Missing, match="Other, Towns"):
        run(folder, name=None, test=None, say=quiet)
    with pytest.raises(Missing, match="Other, Towns"):
        run(folder, name="Third", test=None, say=quiet)
    with pytest.raises(Missing, match="cannot be read"):
        run(folder, name="Other", test=None, say=quiet)
    with pytest.raises(Missing, match="no folder"):
        run(folder / "nowhere", name=None, test=None, say=quiet)
    write(folder, "Other", test=[("no", "number")])
    with pytest.raises(Missing, match="no visits"):
        run(folder, name="Other", test=None, say=quiet)


def test_nearness_knows_the_date_line_and_skips_places_without_coordinates():
    visits = sp.csr_matrix(np.array([[1, 0, 0, 0], [0, 1, 1, 1]], dtype=np.float32))
    degrees = np.array([[0, 179.99], [0, -179.99], [0, 170.0], [np.nan, np.nan]])
    near = Near.fit(visits, degrees, popularity=0.5)
    scores = near.scores(np.array([0]))[0]
    assert scores[1] > scores[2] > scores[3] == 0
    assert scores[1] == pytest.approx(1 / (2.2239 + 0.1), rel=1e-3)
    assert Near.fit(visits, np.full((4, 2), np.nan), popularity=0.5) is None


def test_friends_that_go_to_the_same_places_count_more():
    visits = sp.csr_matrix(np.array([[1, 1, 0, 0], [1, 1, 1, 0], [0, 0, 0, 1]], dtype=np.float32))
    friends = Friends.fit(visits, np.array([[0, 1], [2, 0], [0, 2], [0, 0]]))
    scores = friends.scores(np.array([0]))[0]
    assert scores[2] > scores[3] > 0
    assert Friends.fit(visits, np.empty((0, 2), dtype=int)) is None


@pytest.mark.parametrize("largest", [1, 3, 100])
def test_nobody_is_told_their_own_visits_by_themselves(largest, monkeypatch):
    monkeypatch.setattr("feeds.learning.methods.visits.LARGEST_DENSE", largest)
    visits = sp.csr_matrix(
        np.array([[1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]], dtype=np.float32)
    )
    for model in (
        KernelRidge.fit(visits, rarity=0.3, strength=1),
        Neighbours.fit(visits, rarity=0.3, sharpness=1),
    ):
        scores = model.scores(np.arange(4))
        assert scores.shape == (4, 4)
        assert scores[2].tolist() == [0] * 4
        assert scores[3].tolist() == [0] * 4
    assert visited(visits).sum() == 5
