"""Two covers through HTTP: chosen while writing, met by readers, decided, told to the author."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.services import follow_user
from community.covers import sees_second
from community.services.writing import publish_note
from feeds import impressions
from feeds.covers import services
from feeds.covers.models import CoverTest
from feeds.discover import build_discover
from feeds.models import PoolEntry
from tests.api.conftest import Program
from tests.pages.conftest import as_person  # noqa: F401 (a fixture)

CARD = re.compile(r'<div class="card__cover">.*?<img src="(/media[^"]+)"', re.DOTALL)


def token_of(note, position):
    return f"/media/notes/{note.pk:011d}{position:011d}/"


def cover_on(page: Any) -> str:
    found = CARD.search(page.content.decode())
    assert found, "no card with a picture"
    return found[1].rsplit("/", 1)[0] + "/"


@pytest.fixture
def halves(under_test, make_person):
    """A reader of the first cover and one of the second, whose lists are made."""
    found: dict[bool, Any] = {}
    number = 0
    while len(found) < 2:
        person = make_person(f"half{number}")
        found.setdefault(sees_second(note_id=under_test.pk, viewer_id=person.pk), person)
        number += 1
    for person in found.values():
        build_discover(person.pk, now=timezone.now())
    build_discover(None, now=timezone.now())
    return found[False], found[True]


def test_each_reader_meets_one_cover_on_every_card_page_and_answer(under_test, halves, as_person):  # noqa: F811
    for position, reader in enumerate(halves):
        mine = token_of(under_test, position)
        browser, program = as_person(reader), Program(reader)
        for path in ("/", "/people/alice/", "/channels/pottery/", "/search/?q=glazing"):
            assert cover_on(browser.get(path)) == mine, path
        # The page of the note begins with the picture that was on its card.
        pictures = browser.get(f"/notes/{under_test.pk}/").context["pictures"]
        assert pictures[0]["row"].position == position
        for path in ("feeds/discover/", "channels/pottery/feed/", "people/alice/notes/"):
            [item] = program.get(path).json()["results"]
            note = item.get("note", item)
            places = [(row["position"], row["second_cover"]) for row in note["pictures"]]
            assert places == [(0, ""), (1, ""), (2, "")], path
            assert mine in note["pictures"][0]["renditions"][0]["url"], path
        [first, *_] = program.get(f"notes/{under_test.pk}/pictures/").json()["results"]
        assert mine in first["renditions"][0]["url"]


def test_visitors_and_the_author_meet_the_first(under_test, halves, alice, as_person):  # noqa: F811
    first = token_of(under_test, 0)
    assert cover_on(as_person(None).get("/")) == first
    assert cover_on(as_person(alice).get("/people/alice/")) == first
    own = Program(alice).get(f"notes/{under_test.pk}/").json()["pictures"]
    assert [row["second_cover"] for row in own] == ["", "shown", ""]


def test_a_card_under_test_costs_no_query_more(under_test, halves, as_person):  # noqa: F811
    browser = as_person(halves[1])
    browser.get("/")
    with CaptureQueriesContext(connection) as tested:
        browser.get("/")
    CoverTest.objects.all().delete()
    under_test.images.update(second_cover="")
    browser.get("/")
    with CaptureQueriesContext(connection) as plain:
        browser.get("/")
    assert len(tested) == len(plain)


def test_what_readers_report_is_counted_for_the_cover_they_saw(under_test, halves):
    PoolEntry.objects.update(promised=100)
    for reader in halves:
        page = Program(reader).get("feeds/discover/").json()
        later = timezone.now() + timedelta(seconds=3)
        seen = {"token": page["impression_token"], "seen": [under_test.pk]}
        impressions.intake(viewer=reader, batch=seen, now=later)
    read = {"events": [{"note": under_test.pk, "kind": "open"}]}
    impressions.intake(viewer=halves[1], batch=read, now=later + timedelta(seconds=1))
    first, second = services.count(CoverTest.objects.get(), until=later + timedelta(minutes=1))
    assert (first.seen, first.opens, second.seen, second.opens) == (1, 0, 1, 1)


# ---------------------------------------------------------------- the author
def test_a_second_cover_is_chosen_with_one_plain_form(alice, draft, as_person):  # noqa: F811
    ids = list(draft.images.order_by("position").values_list("pk", flat=True))
    words = {"title": draft.title, "body": draft.body, "channel": "pottery", "visibility": "public",
             "arranged": "1", "order": ids, "act": "save"}  # fmt: skip
    browser, path = as_person(alice), f"/notes/{draft.pk}/edit/"
    for sent, chosen in ((ids[1], ids[1]), (ids[2], ids[2]), (ids[0], None), ("", None)):
        assert browser.post(path, words | {"second_cover": sent}).status_code == 303
        row = draft.images.filter(second_cover="chosen").first()
        assert (row.pk if row else None) == chosen
    answer = browser.post(path, words | {"second_cover": ids[2] + 999})
    assert answer.status_code == 400
    assert "must be a picture of this note" in answer.content.decode()
    browser.post(path, words | {"second_cover": ids[2]})
    page = browser.get(path).content.decode()
    assert re.search(rf'name="second_cover" value="{ids[2]}" checked', page)
    gone = words | {"second_cover": ids[2], "remove": ids[2]}
    assert browser.post(path, gone).status_code == 303


def test_published_by_the_same_press_it_is_tested(alice, draft, as_person, work_off):  # noqa: F811
    ids = list(draft.images.order_by("position").values_list("pk", flat=True))
    as_person(alice).post(
        f"/notes/{draft.pk}/edit/",
        {"title": draft.title, "body": draft.body, "channel": "pottery", "visibility": "public",
         "tags": "pottery", "arranged": "1", "order": ids, "second_cover": ids[1],
         "act": "publish"},
    )  # fmt: skip
    work_off()
    assert CoverTest.objects.get().second == ids[1]
    page = as_person(alice).get(f"/notes/{draft.pk}/edit/").content.decode()
    assert "second_cover" not in page


def test_the_pool_page_shows_it_from_start_to_decision(alice, under_test, read_by, as_person):  # noqa: F811
    browser, path = as_person(alice), f"/notes/{under_test.pk}/pool/"
    page = browser.get(path).content.decode()
    assert "Both covers are being shown" in page
    assert token_of(under_test, 0) in page
    assert token_of(under_test, 1) in page
    assert "covers__range" not in page  # nothing was seen: no bar
    read_by(under_test, second=False, seen=40, opens=4)
    read_by(under_test, second=True, seen=40, opens=26)
    told = Program(alice).get(f"notes/{under_test.pk}/pool/").json()["cover_test"]
    # Views of a moment ahead, in the eyes of the page, are no views yet.
    assert told["state"] == "running"
    services.look(now=timezone.now() + timedelta(minutes=1))
    page = browser.get(path).content.decode()
    assert "the second cover was opened more often, and it stays" in page
    assert "covers__range" in page
    assert "+55.0 opens per 100 views" in page
    told = Program(alice).get(f"notes/{under_test.pk}/pool/").json()["cover_test"]
    assert (told["state"], told["kept"], told["second"]["stays"]) == ("decided", "second", True)
    assert (told["first"]["seen"], told["second"]["opens"]) == (40, 26)
    assert 0 < told["low"] < told["difference"] < told["high"]


@pytest.mark.parametrize(
    ("seen", "words"),
    [(40, "Too close to call; the first stays."), (5, "Too few people saw each cover to judge")],
)
def test_the_pool_page_says_why_nothing_was_decided(
    alice, under_test, read_by, as_person, seen, words  # noqa: F811
):  # fmt: skip
    read_by(under_test, second=False, seen=seen, opens=2)
    read_by(under_test, second=True, seen=seen, opens=2)
    PoolEntry.objects.update(state="settled")
    services.look(now=timezone.now() + timedelta(minutes=1))
    page = as_person(alice).get(f"/notes/{under_test.pk}/pool/").content.decode()
    assert words in page


def test_the_author_stops_it_by_page_and_others_cannot(alice, bob, under_test, as_person):  # noqa: F811
    path = f"/notes/{under_test.pk}/cover-test/stop/"
    assert as_person(bob).post(path, {"keep": "second"}).status_code in (403, 404)
    assert as_person(alice).post(path, {"keep": "nothing"}).status_code == 400
    assert CoverTest.objects.get().state == "running"
    assert as_person(alice).post(path, {"keep": "second"}).status_code == 303
    assert as_person(alice).post(path, {"keep": "first"}).status_code == 409
    page = as_person(alice).get(f"/notes/{under_test.pk}/pool/").content.decode()
    assert "You stopped the test and kept the second cover." in page


def test_a_note_that_waits_is_given_a_second_cover_by_page(alice, draft, as_person, work_off):  # noqa: F811
    publish_note(author=alice, note_id=draft.pk)
    work_off()
    browser, last = as_person(alice), draft.images.get(position=2)
    assert f'value="{last.pk}" required' in browser.get(f"/notes/{draft.pk}/pool/").content.decode()
    start = f"/notes/{draft.pk}/cover-test/"
    assert browser.post(start, {"picture": "x"}).status_code == 400
    assert browser.post(start, {"picture": last.pk}).status_code == 303
    assert CoverTest.objects.get().second == last.pk
    assert browser.post(start, {"picture": last.pk}).status_code == 409


def test_a_program_does_all_of_it(alice, charlie, draft, work_off):
    follow_user(follower=charlie, followed=alice)
    robot, (first, second, third) = Program(alice), draft.images.order_by("position")
    refused = robot.send("PATCH", f"notes/{draft.pk}/pictures/{first.pk}/", {"second_cover": True})
    assert (refused.status_code, refused.json()["code"]) == (400, "same_cover")
    path = f"notes/{draft.pk}/pictures/{second.pk}/"
    assert robot.send("PATCH", path, {"second_cover": True}).json()["second_cover"] == "chosen"
    assert robot.send("PATCH", path, {"second_cover": False}).json()["second_cover"] == ""
    publish_note(author=alice, note_id=draft.pk)
    work_off()
    assert robot.send("PATCH", path, {"second_cover": True}).status_code == 409
    pool = robot.get(f"notes/{draft.pk}/pool/").json()
    assert [choice["picture"] for choice in pool["cover_choices"]] == [second.pk, third.pk]
    start, stop = f"notes/{draft.pk}/cover-test/", f"notes/{draft.pk}/cover-test/stop/"
    assert Program(charlie).send("POST", start, {"picture": third.pk}).status_code == 403
    begun = robot.send("POST", start, {"picture": third.pk})
    assert (begun.status_code, begun.json()["state"]) == (201, "running")
    ended = robot.send("POST", stop, {"keep": "second"}).json()
    assert (ended["state"], ended["kept"]) == ("stopped", "second")
    assert robot.send("POST", stop, {"keep": "first"}).status_code == 409
