"""Who says which languages they read is recommended nothing in another one."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.errors import Invalid
from accounts.models import User
from accounts.services import follow_user
from community.models import Note
from community.services.places import find_or_create_place
from community.services.reactions import like_note
from feeds import choices, serving
from feeds.geo import Point
from feeds.hot import build_hot
from feeds.languages import LANGUAGES, as_chosen, things_of_language, unread
from feeds.models import PoolDelivery

TEXTS = {
    "zh": (
        "青瓷的釉色从哪里来",
        "灰和长石按三比七调好，泥坯先浸一次，晾到不沾手再浸第二次。窑温升到一千二百八十度以后要慢慢等，"
        "第二天早上开窑，口沿最薄的地方是浅绿，积釉的碗底像雨后的海水。想试的朋友，先拿小杯子练手。",
    ),
    "en": (
        "Where the green of a celadon comes from",
        "I mixed ash and feldspar three to seven, dipped the bowl, let it dry until it no longer"
        " clung to my hand, and dipped it again. The kiln took a whole night to cool. At the rim"
        " the glaze is pale, and where it gathered it looks like the sea after rain.",
    ),
    "other": ("1, 2, 3 … 9", "12 × 9 = 108, 13 × 9 = 117, 14 × 9 = 126, 15 × 9 = 135, 160 + 8"),
}
HERE = Point(31.2, 121.5)


@pytest.fixture
def notes(alice, bob, make_note, work_off):
    # A hot list takes few of one author.
    authors = [alice, *(User.objects.create_user(name) for name in ("eve", "fay"))]
    place = find_or_create_place(name="Kiln", city="Shanghai", latitude=31.2, longitude=121.5)
    made = {
        language: make_note(author, title, body=body, place=place).pk
        for (language, (title, body)), author in zip(TEXTS.items(), authors, strict=True)
    }
    work_off()
    for pk in made.values():
        like_note(person=bob, note_id=pk)
    work_off()
    build_hot(now=timezone.now())
    assert {Note.objects.get(pk=pk).language: pk for pk in made.values()} == made
    return made


@pytest.fixture
def dora():
    """A reader who chose nothing."""
    return User.objects.create_user("dora")


def feeds(viewer, channel):
    """The notes on the first page of each feed that recommends."""
    pages = {
        "discover": serving.serve_discover(viewer=viewer),
        "channel": serving.serve_discover(viewer=viewer, channel=channel),
        "nearby": serving.serve_nearby(viewer=viewer, point=HERE),
        "hot": serving.serve_hot(viewer=viewer),
    }
    return {name: {item.note_id for item in page.items} for name, page in pages.items()}


def test_each_feed_leaves_out_what_one_does_not_read(notes, charlie, dora, channel):
    choices.set_dials(person=charlie, by_time=False, languages=["en"])
    for name, shown in feeds(charlie, channel).items():
        assert notes["zh"] not in shown, name
        assert notes["en"] in shown, name
        # Whose language cannot be told is kept from nobody.
        assert notes["other"] in shown, name
    assert not PoolDelivery.objects.filter(person=charlie, note=notes["zh"]).exists()
    for viewer in (dora, None):
        assert all(set(notes.values()) <= shown for shown in feeds(viewer, channel).values())


def test_it_holds_without_personal_recommendations_and_by_time(notes, charlie, channel):
    choices.set_dials(person=charlie, by_time=True, languages=["zh"])
    charlie.profile.personalised = False
    charlie.profile.save()
    for name, shown in feeds(charlie, channel).items():
        assert notes["en"] not in shown, name
        assert notes["zh"] in shown, name


def test_whom_one_follows_and_what_one_searches_comes_in_any_language(
    notes, charlie, client, work_off
):
    for author in User.objects.filter(notes__in=notes.values()):
        follow_user(follower=charlie, followed=author)
    work_off()
    choices.set_dials(person=charlie, by_time=False, languages=["en"])
    page = serving.serve_following(viewer=charlie)
    assert set(notes.values()) <= {item.note_id for item in page.items}
    client.force_login(charlie)
    assert f"/notes/{notes['zh']}/" in client.get("/search/", {"q": "青瓷"}).text


def test_it_is_set_on_the_page_and_by_programs_and_taken_back(notes, charlie, client, channel):
    client.force_login(charlie)
    client.post("/settings/feed/dials/", {"languages": ["en", "ja"]})
    assert client.get("/settings/feed/").text.count("checked") == 2
    assert client.get("/api/v1/me/feed/").json()["dials"]["languages"] == ["en", "ja"]
    assert notes["zh"] not in feeds(charlie, channel)["discover"]
    client.put("/api/v1/me/feed/dials/", {"new": 1}, content_type="application/json")
    assert client.get("/api/v1/me/feed/").json()["dials"]["languages"] == []
    shown = feeds(charlie, channel)
    # The list of a channel's page learns of it when it is next built.
    assert all(notes["zh"] in shown[name] for name in ("discover", "nearby", "hot"))


@pytest.mark.parametrize("sent", [["tlh"], ["zh", ""], ["en zh"], ["\0"]])
def test_none_but_those_that_are_offered(sent, charlie, client):
    with pytest.raises(Invalid):
        as_chosen(sent)
    client.force_login(charlie)
    assert client.post("/settings/feed/dials/", {"languages": sent}).status_code == 400
    told = client.put(
        "/api/v1/me/feed/dials/", {"languages": sent}, content_type="application/json"
    )
    assert told.status_code == 400


@pytest.mark.parametrize(
    ("chosen", "left_out"),
    [((), set()), (("zh",), {"en", "ja", "ko"}), (tuple(LANGUAGES), set())],
)
def test_what_is_not_read_is_what_was_not_chosen(chosen, left_out):
    wanted = {thing for language in left_out for thing in things_of_language(language)}
    assert set(unread(chosen)) == wanted
    assert not list(things_of_language("other"))
    assert as_chosen(chosen).split() == list(chosen)
