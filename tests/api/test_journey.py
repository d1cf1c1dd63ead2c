"""The main job by program, over a real connection: log in, write, be found, be answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import time_machine
from django.utils import timezone

from community.models import NoteImage
from community.services.places import find_or_create_place
from community.services.reactions import like_note
from feeds.models import Event, Impression
from feeds.qualification import SHORTEST_LOOK

PASSWORD = "tide-and-rock-9"


@pytest.fixture
def connect(live_server: Any) -> Iterator[Callable[..., httpx.Client]]:
    """Log in as somebody, as a program does."""
    opened: list[httpx.Client] = []

    def log_in(name: str) -> httpx.Client:
        client = httpx.Client(base_url=f"{live_server.url}/api/v1/", timeout=30)
        opened.append(client)
        issued = client.post(
            "tokens/", json={"login": name, "password": PASSWORD, "name": "laptop"}
        )
        assert issued.status_code == 201, issued.text
        client.headers["Authorization"] = f"Token {issued.json()['token']}"
        return client

    yield log_in
    for client in opened:
        client.close()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_note_goes_from_a_draft_with_two_pictures_to_a_follower_who_likes_and_comments(
    connect: Callable[..., httpx.Client],
    alice: Any,
    bob: Any,
    picture: Callable[..., Any],
    work_off: Callable[..., int],
    client: Any,
) -> None:
    author, reader = connect("alice"), connect("bob@example.org")

    draft = author.post(
        "notes/",
        json={
            "title": "A bowl the colour of low tide",
            "body": "Ash glaze on stoneware, fired twice. #pottery",
            "tags": ["glaze"],
            "channel": "pottery",
            "place": {
                "name": "Kiln Yard",
                "latitude": 22.28,
                "longitude": 114.16,
                "city": "Hong Kong",
            },
        },
    ).raise_for_status()
    note = draft.json()
    assert draft.status_code == 201
    assert (note["state"], note["tags"]) == ("draft", ["glaze", "pottery"])
    assert reader.get(f"notes/{note['id']}/").status_code == 404
    assert [row["id"] for row in author.get("me/drafts/").json()["results"]] == [note["id"]]

    for colour, alt in (("teal", "The bowl from above"), ("coral", "The rim")):
        sent = author.post(
            f"notes/{note['id']}/pictures/",
            files={"file": ("bowl.jpg", picture(colour), "image/jpeg")},
            data={"alt": alt},
        )
        assert sent.status_code == 201, sent.text
        assert sent.json()["state"] == "processing"
    _first, second = author.get(f"notes/{note['id']}/pictures/").json()["results"]
    moved = author.patch(f"notes/{note['id']}/pictures/{second['id']}/", json={"position": 0})
    assert moved.json()["position"] == 0

    published = author.post(f"notes/{note['id']}/publish/").raise_for_status().json()
    assert published["state"] == "published"
    assert work_off("media") == 2
    work_off()
    assert NoteImage.objects.filter(state="ready").count() == 2

    feed = reader.get("feeds/follow/").raise_for_status().json()
    [card] = feed["results"]
    assert card["note"]["id"] == note["id"]
    assert card["reason"]["code"] == "followed"
    assert [shown["alt"] for shown in card["note"]["pictures"]] == [
        "The rim",
        "The bowl from above",
    ]
    assert feed["caught_up"] is True
    address = urlsplit(card["note"]["pictures"][0]["renditions"][0]["url"])
    seen_file = client.get(address.path)  # the test server answers /media/ itself, and differently
    assert seen_file.status_code == 200
    assert seen_file["Content-Type"].startswith("image/")
    assert b"".join(seen_file.streaming_content)

    assert reader.put(f"notes/{note['id']}/like/").json() == {"liked": True, "likes": 1}
    assert reader.put(f"notes/{note['id']}/like/").json() == {"liked": True, "likes": 1}
    said = reader.post(f"notes/{note['id']}/comments/", json={"body": "What a green!"})
    assert said.status_code == 201
    reply = author.post(
        f"notes/{note['id']}/comments/", json={"body": "Thank you", "reply_to": said.json()["id"]}
    )
    assert reply.json()["thread"] == said.json()["id"]
    shared = reader.put(f"notes/{note['id']}/share/").json()
    assert shared["shares"] == 1

    batch = {
        "token": feed["impression_token"],
        "seen": [{"note": note["id"], "position": 0}],
        "events": [{"note": note["id"], "kind": "dwell", "value": 12.5}],
    }
    with time_machine.travel(timezone.now() + SHORTEST_LOOK):
        once = reader.post("events/", json=batch, headers={"Idempotency-Key": "batch-1"})
        again = reader.post("events/", json=batch, headers={"Idempotency-Key": "batch-1"})
    assert once.status_code == again.status_code == 200
    assert once.json() == again.json()
    assert once.json()["seen"] == 1
    assert Impression.objects.count() == 1
    assert Event.objects.filter(kind=Event.Kind.DWELL).count() == 1
    other = reader.post(
        "events/", json=batch | {"seen": []}, headers={"Idempotency-Key": "batch-1"}
    )
    assert other.status_code == 409

    work_off()
    told = author.get("notifications/").json()["results"]
    assert {"like", "comment"} <= {notice["kind"] for notice in told}
    assert author.post("notifications/read/", json={}).json() == {"unread": 0}
    counts = author.get(f"notes/{note['id']}/").json()["counts"]
    assert counts == {"likes": 1, "collects": 0, "comments": 2, "shares": 1}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_four_feeds_and_the_lists_answer_with_reasons_and_go_on_where_they_stopped(
    connect: Callable[..., httpx.Client],
    alice: Any,
    bob: Any,
    charlie: Any,
    make_note: Callable[..., Any],
    work_off: Callable[..., int],
) -> None:
    place = find_or_create_place(
        name="Kiln Yard", latitude=22.28, longitude=114.16, city="Hong Kong"
    )
    notes = {
        make_note(alice, f"Bowl number {n}", ago=timedelta(hours=n + 1), place=place).pk
        for n in range(25)
    }
    for pk in notes:
        like_note(person=charlie, note_id=pk)
    work_off()
    reader = connect("bob")
    for path in (
        "feeds/discover/",
        "feeds/follow/",
        "feeds/nearby/?lat=22.3&lon=114.2",
        "feeds/nearby/?city=Hong+Kong",
        "feeds/nearby/?lat=22.3&lon=114.2&order=distance",
        "feeds/hot/",
        "feeds/hot/?channel=pottery",
        "channels/pottery/feed/",
        "tags/pottery/notes/",
        f"places/{place.pk}/notes/",
    ):
        read: list[int] = []
        address: str | None = path
        while address:
            page = reader.get(address).raise_for_status().json()
            assert page["impression_token"], path
            assert all(card["reason"]["text"] for card in page["results"]), path
            read += [card["note"]["id"] for card in page["results"]]
            address = page["next"]
            assert page["caught_up"] is (address is None)
        assert len(read) == len(set(read)), f"{path} repeats itself"
        assert read, path
        assert set(read) <= notes
        if "feeds/hot" not in path:  # the hot list takes at most a few of one author
            assert set(read) == notes, path
    near = reader.get("feeds/nearby/?lat=22.3&lon=114.2").json()["results"]
    assert all(0 < card["distance_km"] < 10 for card in near)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_reading_is_one_snapshot_while_others_write(
    connect: Callable[..., httpx.Client],
    alice: Any,
    bob: Any,
    make_note: Callable[..., Any],
) -> None:
    """Keyset pages: what is published while one reads neither repeats nor hides a row."""
    before = [make_note(alice, f"Note {n}", ago=timedelta(hours=n + 1)).pk for n in range(5)]
    reader = connect("bob")
    page = reader.get("notes/?limit=2&author=alice").json()
    read = [row["id"] for row in page["results"]]
    make_note(alice, "Written meanwhile", ago=timedelta(0))
    while page["next"]:
        page = reader.get(page["next"]).json()
        read += [row["id"] for row in page["results"]]
    assert read == before
