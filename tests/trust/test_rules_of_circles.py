"""Who is a ring, who is a farm, and who is only among friends: arrays, no rows."""

from __future__ import annotations

import numpy as np
import pytest

from feeds.policy import Trust
from feeds.trust.acts import Acts
from feeds.trust.rules import (
    SIGNS,
    Found,
    account_weight,
    circles,
    monotone,
    strengths,
    weight_of,
)
from tests.trust.crowd import acts_of, farm_acts

NOBODY = Acts(*(np.empty(0, dtype=np.int64) for _ in range(4)))


def weights_in(acts, trust=None):
    """{kind: [(members, weight)]} of what counts for less than it is."""
    found = [(c.kind, set(c.members), weight_of(c)) for c in circles(acts, trust or Trust())]
    return [row for row in found if row[2] < 1]


RINGS = {
    "everybody likes everything": {"circle": range(50), "inside": 0.98},
    "one note each": {"circle": range(50), "inside": 0.98, "notes_each": 1},
    "many notes each": {"circle": range(50), "inside": 0.95, "notes_each": 6},
    "with a tenth of all notes as camouflage": {
        "circle": range(50),
        "inside": 0.98,
        "camouflage": 0.1,
    },
    "with a fifth as camouflage": {
        "circle": range(50),
        "inside": 0.98,
        "camouflage": 0.2,
        "people": 1500,
    },
    "eight of them": {"circle": range(8), "inside": 1, "camouflage": 0.05},
}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", RINGS)
def test_a_ring_is_found_whole_and_its_likes_for_itself_count_nothing(name, seed):
    kind, members, weight = weights_in(acts_of(seed=seed, **RINGS[name]))[0]
    assert (kind, weight) == ("ring", 0)
    assert members == set(RINGS[name]["circle"])


HONEST = {
    "friends who like half of what friends write": {"circle": range(20), "inside": 0.5},
    "who like two thirds of it": {"circle": range(20), "inside": 0.67},
    "and write a lot": {"circle": range(20), "inside": 0.55, "notes_each": 5},
    "five who like everything of each other": {"circle": range(5), "inside": 1},
    "nobody is friends with anybody": {},
    "everybody knows everybody": {"circle": range(300), "inside": 0.5},
    "everybody likes nearly everything": {"circle": range(300), "inside": 0.95, "people": 300},
    "a small place where all like all": {
        "people": 50,
        "circle": range(20),
        "inside": 1,
        "outside": 0.4,
    },
}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", HONEST)
def test_friends_keep_their_weight(name, seed):
    assert [row for row in weights_in(acts_of(seed=seed, **HONEST[name])) if row[2] < 0.9] == []


def test_many_circles_as_closed_as_each_other_are_how_this_community_is():
    """Twelve classes of 25: each a ring anywhere else, usual here."""
    chance = np.random.default_rng(1)
    author = np.repeat(np.arange(300), 2)
    reader, note = np.meshgrid(np.arange(300), np.arange(600), indexing="ij")
    same = reader // 25 == author[note] // 25
    hit = (chance.random(same.shape) < np.where(same, 0.75, 0.02)) & (reader != author[note])
    who, what = np.nonzero(hit)
    acts = Acts(who, what, author[what], chance.integers(0, 336, len(who)))
    assert [row for row in weights_in(acts) if row[2] < 0.5] == []


def test_accounts_in_lockstep_are_a_farm_and_fans_who_come_when_they_like_are_not():
    farm = [row for row in weights_in(farm_acts()) if row[0] == "farm"]
    assert farm == [("farm", set(range(1_000, 1_030)), 0)]
    apart = farm_acts()
    hours = np.random.default_rng(9).integers(0, 336, len(apart))
    assert weights_in(Acts(apart.person, apart.note, apart.author, hours)) == []


def test_a_rush_for_one_note_ties_nobody():
    """500 like each of ten famous notes within the hour it appears."""
    who = np.tile(np.arange(500), 10)
    what = np.repeat(np.arange(10), 500)
    assert weights_in(Acts(who, what, 1_000 + what, what * 24)) == []


def test_ten_thousand_likes_of_one_account_make_no_circle():
    crowd = acts_of(notes_each=40, outside=0.01)
    flood = np.arange(10_000)
    acts = Acts(
        np.concatenate([crowd.person, np.full(10_000, 999)]),
        np.concatenate([crowd.note, flood]),
        np.concatenate([crowd.author, flood // 40]),
        np.concatenate([crowd.hour, np.zeros(10_000, dtype=np.int64)]),
    )
    assert weights_in(acts) == []
    assert monotone(acts) == set()


def test_nothing_and_next_to_nothing_are_no_circles():
    assert circles(NOBODY, Trust()) == []
    assert monotone(NOBODY) == set()
    assert circles(acts_of(70, 1, outside=0.02), Trust(least_people=0)) == []


@pytest.mark.parametrize("sign", SIGNS)
def test_one_sign_alone_never_costs_anything(sign):
    found = Found("ring", (1,), (1,), (1,), {sign: 1_000.0})
    assert strengths(found)[sign] == 1
    assert weight_of(found) == 1


def test_what_is_usual_says_nothing():
    figures = {"mutual": 0.9, "blanket": 0.9, "closed": 0.9}
    assert weight_of(Found("ring", (1,), (1,), (1,), figures)) == 0
    assert weight_of(Found("ring", (1,), (1,), (1,), figures, usual=0.85)) == 1


def test_an_account_loses_by_its_second_sign():
    assert [account_weight(signs) for signs in range(5)] == [1, 1, 0.7, 0.4, 0.4]


def test_a_ring_that_pushes_one_note_in_eight_is_found_by_these():
    """Each of fifty writes eight notes, and the others like one of them; of all else they like as
    much as anybody."""
    crowd = acts_of(notes_each=8, outside=0.02)
    member = np.arange(50)
    who, whom = (part.ravel() for part in np.meshgrid(member, member, indexing="ij"))
    who, whom = who[who != whom], whom[who != whom]
    hours = np.random.default_rng(2).integers(0, 336, len(who))
    rows = [np.column_stack([crowd.person, crowd.note, crowd.author, crowd.hour])]
    rows.append(np.column_stack([who, whom * 8, whom, hours]))
    every = np.concatenate(rows)
    acts = Acts(*every[np.unique(every[:, :2], axis=0, return_index=True)[1]].T)
    ((kind, members, weight),) = weights_in(acts)
    assert (kind, members, weight) == ("ring", set(range(50)), 0)


def test_rings_do_not_excuse_each_other():
    """Two rings of fifty among three hundred."""
    one, other = (acts_of(circle=range(a, a + 50), inside=0.98, seed=a) for a in (0, 100))
    inside = (other.person >= 100) & (other.person < 150) & (other.author >= 100)
    inside &= other.author < 150
    columns = zip(
        (one.person, one.note, one.author, one.hour),
        (other.person, other.note, other.author, other.hour),
        strict=True,
    )
    both = Acts(*(np.concatenate([a, b[inside]]) for a, b in columns))
    found = weights_in(both)
    assert sorted(min(members) for _kind, members, _weight in found) == [0, 100]
    assert all(weight == 0 for _kind, _members, weight in found)
