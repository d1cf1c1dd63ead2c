"""The adapter on a few lines shaped like the real files; on all of them where they are."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from community.importing.importer import import_lines
from community.models import Note, NoteStats
from tests.adapters.checkins import CLASSES, choose_authors, community, main, spread

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture
def folder(tmp_path):
    files = {
        "checkins/Gowalla_train.txt": "0\t0\t1\n0\t1\t2\n1\t0\t5\n2\t2\t1\n",
        "checkins/Gowalla_tune.txt": "1\t2\t1\n",
        "checkins/Gowalla_test.txt": "2\t3\t4\n",
        "checkins/Gowalla_poi_coos.txt": "0\t30.5\t-97.5\n1\t59.3\t18.1\n2\t-33.9\t151\n3\t0\t0\n",
        "checkins/Gowalla_social_relations.txt": "0\t1\n1\t2\n7\t0\n",
        "chinese/toutiao_headlines.txt": "春茶上市_!_13\n一部新电影的十个细节，"
        + "长" * 80
        + "_!_2\n没有类别\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_people_friendships_places_and_visits_become_lines(folder):
    lines = list(community(folder, limit_people=None, all_visits=False))
    kinds = Counter(line.get("kind", line["type"]) for line in lines)
    assert (kinds["person"], kinds["follow"], kinds["note"], kinds["open"]) == (3, 4, 4, 4)
    assert kinds["like"] <= 2
    assert kinds["collect"] <= 1
    notes = [line for line in lines if line["type"] == "note"]
    assert [(line["place"]["lat"], line["place"]["lon"]) for line in notes][1] == (59.3, 18.1)
    assert all(len(line["title"]) <= 60 for line in notes)


def test_the_same_files_give_the_same_lines(folder, tmp_path):
    for name in ("a", "b"):
        main([str(folder), str(tmp_path / name)])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_held_out_visits_are_taken_only_when_asked_for(folder):
    few = list(community(folder, limit_people=None, all_visits=False))
    all_of_them = list(community(folder, limit_people=None, all_visits=True))
    opens = [sum(line.get("kind") == "open" for line in lines) for lines in (few, all_of_them)]
    assert opens == [4, 6]


def test_what_the_adapter_writes_is_taken_by_the_importer(db, folder):
    report = import_lines(
        community(folder, limit_people=None, all_visits=True), source="checkins", cards=False
    )
    assert report.refused == []
    assert Note.objects.count() == 4
    opened_by_many = NoteStats.objects.filter(likes__gt=0).count()
    assert opened_by_many >= 1


def test_authors_are_visitors_where_there_are_any_and_numbers_spread():
    from tests.adapters.checkins import Visit

    visits = [Visit(person, person % 3, 1) for person in range(9)]
    authors = choose_authors(visits, [0, 1, 2, 77])
    assert all(authors[place] % 3 == place for place in (0, 1, 2))
    assert authors[77] in range(9)
    assert len({spread(number, 1_000) for number in range(1_000)}) > 600


def test_every_class_has_a_channel_of_the_default_ones(db):
    from community.models import Channel

    known = set(Channel.objects.values_list("slug", flat=True))
    assert {channel for channel, _tag in CLASSES.values()} <= known


@pytest.mark.bench
def test_the_real_files_come_in_whole(db):
    if not (SHARED / "checkins").is_dir():
        pytest.skip(f"the check-ins are not in {SHARED}")
    report = import_lines(
        community(SHARED, limit_people=None, all_visits=False), source="checkins", cards=False
    )
    assert report.refused_lines == 0
    assert (report.added["person"], report.added["note"]) == (5_628, 31_803)
    assert report.added["interaction"] >= 262_714
