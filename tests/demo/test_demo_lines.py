"""The demo community keeps its promises: enough of everything, and every reference resolves."""

from __future__ import annotations

import re
import time
from collections import Counter
from typing import Any

import pytest

from community.default_channels import DEFAULT_CHANNELS
from community.demo import demo_lines
from community.demo.content import age_of

CHANNELS = {slug for slug, *_ in DEFAULT_CHANNELS} | {
    child[0] for *_, children in DEFAULT_CHANNELS for child in children
}
# Roughly the middle of each city, and how far from it a place may honestly be, in degrees.
CITIES = {
    "Hangzhou": (30.25, 120.15), "Shanghai": (31.23, 121.47), "Chengdu": (30.66, 104.07),
    "Taipei": (25.04, 121.54), "New Taipei": (25.06, 121.65), "London": (51.51, -0.10),
    "Lisbon": (38.72, -9.15), "Edinburgh": (55.95, -3.19), "Sintra": (38.79, -9.42),
    "Jingdezhen": (29.28, 117.20), "Dali": (25.70, 100.20), "Berwickshire": (55.80, -2.30),
    "Kent": (51.30, 0.80),
}  # fmt: skip
REACH = 0.65


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    started = time.perf_counter()
    made = list(demo_lines())
    print(f"{len(made)} demo lines in {time.perf_counter() - started:.2f} s")
    return made


@pytest.fixture(scope="module")
def by_type(lines: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        groups.setdefault(line["type"], []).append(line)
    return groups


def minutes_ago(line: dict[str, Any]) -> float:
    return age_of(line["at"]).total_seconds() / 60


def test_there_is_as_much_of_everything_as_promised(by_type):
    assert len(by_type["person"]) == 24
    assert len(by_type["note"]) >= 130
    assert len({note["channel"] for note in by_type["note"]}) >= 12
    assert 2_500 <= len(by_type["interaction"]) <= 5_000
    kinds = Counter(line["kind"] for line in by_type["interaction"])
    assert kinds["comment"] >= 150
    assert set(kinds) == {"open", "dwell", "like", "collect", "share", "comment"}


def test_both_languages_are_at_home(by_type):
    for kind in ("person", "note"):
        languages = Counter(line["language"] for line in by_type[kind])
        assert min(languages["zh"], languages["en"]) >= len(by_type[kind]) * 0.4


def test_chinese_notes_are_written_in_chinese_and_english_notes_are_not(by_type):
    for note in by_type["note"]:
        han = len(re.findall(r"[\u4e00-\u9fff]", note["body"])) / len(note["body"])
        assert (han > 0.3) == (note["language"] == "zh"), note["id"]


def test_lines_come_in_an_order_that_resolves(lines):
    order = ["person", "follow", "note", "interaction"]
    positions = [order.index(line["type"]) for line in lines]
    assert positions == sorted(positions)


def test_every_reference_resolves(by_type):
    people = {person["id"] for person in by_type["person"]}
    notes = {note["id"] for note in by_type["note"]}
    for follow in by_type["follow"]:
        assert {follow["from"], follow["to"]} <= people
        assert follow["from"] != follow["to"]
    assert {note["author"] for note in by_type["note"]} <= people
    assert {line["person"] for line in by_type["interaction"]} <= people
    assert {line["note"] for line in by_type["interaction"]} <= notes


def test_ids_and_usernames_are_unique(by_type):
    for kind in ("person", "note"):
        ids = [line["id"] for line in by_type[kind]]
        assert len(ids) == len(set(ids))
    usernames = [person["username"] for person in by_type["person"]]
    assert len(usernames) == len(set(usernames))


def test_mentions_name_people_who_exist(by_type):
    usernames = {person["username"] for person in by_type["person"]}
    mentioned = {
        name
        for note in by_type["note"]
        for name in re.findall(r"@([a-z0-9.]+[a-z0-9])", note["body"])
    }
    assert mentioned
    assert mentioned <= usernames


def test_everyone_follows_four_to_ten_people_once_and_after_both_joined(by_type):
    joined = {person["id"]: minutes_ago({"at": person["joined"]}) for person in by_type["person"]}
    pairs = [(follow["from"], follow["to"]) for follow in by_type["follow"]]
    assert len(pairs) == len(set(pairs))
    assert all(4 <= count <= 10 for count in Counter(one for one, _ in pairs).values())
    assert {one for one, _ in pairs} == set(joined)
    for follow in by_type["follow"]:
        assert minutes_ago(follow) < min(joined[follow["from"]], joined[follow["to"]])


def test_channels_and_interests_exist_and_three_are_chosen(by_type):
    assert {note["channel"] for note in by_type["note"]} <= CHANNELS
    for person in by_type["person"]:
        assert set(person["interests"]) <= CHANNELS
        assert len(set(person["interests"])) >= 3


def test_places_lie_in_their_cities_and_one_name_is_one_place(by_type):
    places = [note["place"] for note in by_type["note"] if "place" in note]
    for place in places + by_type["person"]:
        lat, lon = CITIES[place["city"]]
        assert abs(place["lat"] - lat) < REACH, place
        assert abs(place["lon"] - lon) < REACH, place
    spots = {(place["name"], place["city"]): (place["lat"], place["lon"]) for place in places}
    assert all(spots[p["name"], p["city"]] == (p["lat"], p["lon"]) for p in places)


def test_at_least_five_cities_have_enough_notes_for_nearby(by_type):
    cities = Counter(note["place"]["city"] for note in by_type["note"] if "place" in note)
    assert sum(count >= 8 for count in cities.values()) >= 5


def test_no_text_is_used_twice(by_type):
    for field in ("title", "body"):
        texts = [note[field] for note in by_type["note"]]
        assert len(texts) == len(set(texts))
    comments = [line["text"] for line in by_type["interaction"] if line["kind"] == "comment"]
    assert len(comments) == len(set(comments))


def test_notes_are_of_a_readable_length_and_carry_their_tags(by_type):
    for note in by_type["note"]:
        assert 5 <= len(note["title"]) <= 80, note["id"]
        assert 50 <= len(note["body"]) <= 600, note["id"]
        assert set(note["tags"]) <= set(re.findall(r"#(\w+)", note["body"])), note["id"]


def test_some_notes_are_fresh_and_the_rest_spread_over_ten_days(by_type):
    ages = [minutes_ago(note) for note in by_type["note"]]
    assert 12 <= sum(age <= 24 * 60 for age in ages) <= 30
    assert sum(age <= 60 for age in ages) >= 3
    assert max(ages) <= 10 * 24 * 60
    assert all(sum(day * 1440 < age <= (day + 1) * 1440 for age in ages) >= 4 for day in range(9))


def test_nobody_acts_before_a_note_exists_or_in_the_future(by_type):
    published = {note["id"]: minutes_ago(note) for note in by_type["note"]}
    for line in by_type["interaction"]:
        assert 0 < minutes_ago(line) <= published[line["note"]]


def test_interactions_come_in_time_order_and_each_open_comes_first(by_type):
    times = [minutes_ago(line) for line in by_type["interaction"]]
    assert times == sorted(times, reverse=True)
    author = {note["id"]: note["author"] for note in by_type["note"]}
    opened = set()
    for line in by_type["interaction"]:
        pair = (line["person"], line["note"])
        if line["kind"] == "open":
            opened.add(pair)
        assert pair in opened or line["person"] == author[line["note"]]


def test_likes_collects_and_opens_happen_once_and_never_by_the_author(by_type):
    author = {note["id"]: note["author"] for note in by_type["note"]}
    quiet = [line for line in by_type["interaction"] if line["kind"] != "comment"]
    assert all(line["person"] != author[line["note"]] for line in quiet)
    once = Counter((line["person"], line["note"], line["kind"]) for line in quiet)
    assert max(once.values()) == 1


def test_replies_answer_an_earlier_comment_on_the_same_note(by_type):
    seen: dict[str, str] = {}
    replies = 0
    for line in by_type["interaction"]:
        if line["kind"] != "comment":
            continue
        if "reply_to" in line:
            assert seen[line["reply_to"]] == line["note"]
            replies += 1
        assert line["id"] not in seen
        seen[line["id"]] = line["note"]
    assert replies >= 50


def test_private_notes_are_left_alone_and_followers_only_ones_stay_with_followers(by_type):
    shown = {note["id"]: note for note in by_type["note"]}
    follows = {(follow["from"], follow["to"]) for follow in by_type["follow"]}
    assert {note["visibility"] for note in shown.values()} == {"public", "followers", "private"}
    for line in by_type["interaction"]:
        note = shown[line["note"]]
        assert note["visibility"] != "private"
        if note["visibility"] == "followers" and line["person"] != note["author"]:
            assert (line["person"], note["author"]) in follows


def test_a_few_notes_are_clearly_hot_today(by_type):
    weight = {"like": 1, "collect": 1, "comment": 4, "share": 4}
    today: Counter[str] = Counter()
    for line in by_type["interaction"]:
        if minutes_ago(line) <= 24 * 60:
            today[line["note"]] += weight.get(line["kind"], 0)
    scores = sorted(today.values(), reverse=True)
    middle = scores[len(scores) // 2]
    assert scores[2] >= 2 * max(1, middle)


def test_the_same_lines_come_out_every_time(lines):
    assert list(demo_lines()) == lines
