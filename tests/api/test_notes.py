"""Notes and what hangs on them: what the journey does not pass."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.services import block_user, mute_user
from community.models import Channel, Comment, Note, NoteImage
from community.moderation.models import Report
from community.services.comments import add_comment
from community.services.places import find_or_create_place
from feeds.models import FeedList, LessOf

from .conftest import Program, assert_problem


def test_a_change_keeps_what_it_does_not_name(
    program: Callable[..., Program], alice: Any, make_note: Callable[..., Any]
) -> None:
    place = find_or_create_place(name="Kiln", latitude=1.5, longitude=2.5)
    note = make_note(alice, place=place, body="Fired twice. #stoneware #ash", tags=["kept"])
    robot = program(alice)
    changed = robot.send("patch", f"notes/{note.pk}/", {"body": "Fired once. #raku"}).json()
    assert (changed["title"], changed["place"]["name"]) == ("Glazing my first bowl", "Kiln")
    assert changed["tags"] == ["kept", "raku"]
    assert changed["edited_at"] is not None
    assert robot.send("patch", f"notes/{note.pk}/", {"place": None}).json()["place"] is None
    [latest, first] = robot.get(f"notes/{note.pk}/revisions/").json()["results"]
    assert first["body"] == "Fired twice. #stoneware #ash"
    assert latest["body"] == "Fired once. #raku"


def test_a_note_that_changed_since_it_was_read_is_not_overwritten(
    program: Callable[..., Program], alice: Any, make_note: Callable[..., Any]
) -> None:
    note, robot = make_note(alice), program(alice)
    read = robot.get(f"notes/{note.pk}/").json()["revision"]
    assert (
        robot.send("patch", f"notes/{note.pk}/", {"title": "A", "revision": read}).status_code
        == 200
    )
    late = robot.send("patch", f"notes/{note.pk}/", {"title": "B", "revision": read})
    assert_problem(late, 409, "stale")
    assert Note.objects.get(pk=note.pk).title == "A"


def test_a_deleted_note_is_gone_for_its_author_too(
    program: Callable[..., Program], alice: Any, make_note: Callable[..., Any]
) -> None:
    note, robot = make_note(alice), program(alice)
    assert robot.delete(f"notes/{note.pk}/").status_code == 204
    assert_problem(robot.get(f"notes/{note.pk}/"), 404)
    assert_problem(robot.delete(f"notes/{note.pk}/"), 404)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Cats", "Mugs", "Bowl"]),
        ("?channel=craft", ["Mugs", "Bowl"]),
        ("?channel=pottery", ["Mugs", "Bowl"]),
        ("?channel=cats", ["Cats"]),
        ("?tag=Ash", ["Bowl"]),
        ("?tag=nobody-uses-this", []),
        ("?author=bob", ["Cats"]),
        ("?author=alice&channel=pottery&tag=ash", ["Bowl"]),
    ],
)
def test_notes_are_listed_newest_first_by_channel_tag_and_author(
    visitor: Program,
    alice: Any,
    bob: Any,
    make_note: Callable[..., Any],
    query: str,
    titles: list[str],
) -> None:
    cats = Channel.objects.get(slug="cats")
    make_note(alice, "Bowl", tags=["ash"], ago=timedelta(hours=3))
    make_note(alice, "Mugs", tags=["celadon"], ago=timedelta(hours=2))
    make_note(bob, "Cats", channel=cats, tags=["fur"], ago=timedelta(hours=1))
    make_note(bob, "Draft", publish=False)
    make_note(bob, "Secret", visibility="private")
    assert [row["title"] for row in visitor.get(f"notes/{query}").json()["results"]] == titles


def test_channels_speak_the_language_that_was_asked_for(visitor: Program) -> None:
    [food] = [c for c in visitor.get("channels/").json()["results"] if c["slug"] == "food"]
    assert (food["name"], food["name_zh"]) == ("Food", "美食")
    assert "coffee" in [child["slug"] for child in food["children"]]
    chinese = visitor.get("channels/", HTTP_ACCEPT_LANGUAGE="zh-Hans").json()["results"]
    assert "美食" in [channel["name"] for channel in chinese]


def test_a_refused_picture_says_why_and_leaves_nothing(
    program: Callable[..., Program], alice: Any, make_note: Callable[..., Any]
) -> None:
    note, robot = make_note(alice), program(alice)
    images = NoteImage.objects.count()
    for content in (b"", b"<svg/>", b"GIF89a", b"%PDF-1.4"):
        file = io.BytesIO(content)
        file.name = "photo.jpg"
        answer = robot.post(f"notes/{note.pk}/pictures/", {"file": file}, format="multipart")
        assert list(assert_problem(answer, 400)["errors"]) == ["file"]
    long_alt = {"alt": "x" * 301, "file": io.BytesIO(b"x")}
    assert (
        "alt"
        in assert_problem(
            robot.post(f"notes/{note.pk}/pictures/", long_alt, format="multipart"), 400
        )["errors"]
    )
    assert NoteImage.objects.count() == images


def test_fields_of_a_form_that_nobody_knows_are_refused_and_so_is_a_second_file(
    program: Callable[..., Program],
    alice: Any,
    make_note: Callable[..., Any],
    picture: Callable[..., io.BytesIO],
) -> None:
    note, robot = make_note(alice), program(alice)
    images, address = NoteImage.objects.count(), f"notes/{note.pk}/pictures/"
    for form, field in (
        ({"file": picture(), "alt_text": "A bowl"}, "alt_text"),
        ({"file": picture(), "second": picture()}, "second"),
        ({"file": [picture(), picture()]}, "file"),
        ({"file": picture(), "alt": ["A bowl", "A cup"]}, "alt"),
    ):
        answer = robot.post(address, form, format="multipart")
        assert list(assert_problem(answer, 400)["errors"]) == [field]
    answer = robot.put("me/avatar/", {"file": picture(), "crop": "1"}, format="multipart")
    assert list(assert_problem(answer, 400)["errors"]) == ["crop"]
    assert NoteImage.objects.count() == images


def test_pictures_are_described_moved_and_removed(
    program: Callable[..., Program],
    alice: Any,
    make_note: Callable[..., Any],
    picture: Callable[..., Any],
) -> None:
    note, robot = make_note(alice, publish=False), program(alice)
    address = f"notes/{note.pk}/pictures/"
    ids = [
        robot.post(address, {"file": picture()}, format="multipart").json()["id"] for _ in range(3)
    ]
    robot.send("patch", f"{address}{ids[2]}/", {"position": 0, "alt": "The last is first"})
    listed = robot.get(address).json()["results"]
    assert [row["id"] for row in listed] == [ids[2], ids[0], ids[1]]
    assert [row["alt"] for row in listed] == ["The last is first", "", ""]
    assert robot.delete(f"{address}{ids[0]}/").status_code == 204
    assert [row["id"] for row in robot.get(address).json()["results"]] == [ids[2], ids[1]]
    assert_problem(robot.send("patch", f"{address}{ids[0]}/", {"position": 1}), 404)
    other = make_note(alice, "Another")
    assert_problem(robot.send("patch", f"notes/{other.pk}/pictures/{ids[1]}/", {"alt": "x"}), 404)


def test_replies_stand_under_their_thread_and_likes_are_counted_once(
    program: Callable[..., Program], alice: Any, bob: Any, make_note: Callable[..., Any]
) -> None:
    note = make_note(alice)
    first = add_comment(author=bob, note_id=note.pk, body="First")
    add_comment(author=bob, note_id=note.pk, body="Second")
    robot = program(alice)
    robot.send("post", f"notes/{note.pk}/comments/", {"body": "Reply", "reply_to": first.pk})
    for _ in range(2):
        assert robot.put(f"comments/{first.pk}/like/").json() == {"liked": True, "likes": 1}
    listed = robot.get(f"notes/{note.pk}/comments/").json()["results"]
    assert [(row["body"], row["liked"], row["is_mine"]) for row in listed] == [
        ("First", True, False),
        ("Second", False, False),
        ("Reply", False, True),
    ]
    replies = robot.get(f"notes/{note.pk}/comments/?thread={first.pk}").json()["results"]
    assert [row["body"] for row in replies] == ["Reply"]
    assert robot.delete(f"comments/{first.pk}/like/").status_code == 204
    assert Comment.objects.get(pk=first.pk).likes == 0
    elsewhere = make_note(alice, "Elsewhere")
    lost = robot.send(
        "post", f"notes/{elsewhere.pk}/comments/", {"body": "x", "reply_to": first.pk}
    )
    assert_problem(lost, 404)


def test_one_may_delete_a_comment_under_ones_note_also_of_somebody_muted(
    program: Callable[..., Program], alice: Any, bob: Any, make_note: Callable[..., Any]
) -> None:
    note = make_note(alice)
    comment = add_comment(author=bob, note_id=note.pk, body="Rude")
    mute_user(muter=alice, muted=bob)
    assert program(alice).delete(f"comments/{comment.pk}/").status_code == 204
    assert Comment.objects.get(pk=comment.pk).deleted_at is not None


def test_a_report_reaches_the_staff_once(
    program: Callable[..., Program], alice: Any, charlie: Any, make_note: Callable[..., Any]
) -> None:
    note, robot = make_note(alice), program(charlie)
    for words in ("Looks bought", "Surely bought"):
        body = {"reason": "spam", "words": words}
        answer = robot.send("post", f"notes/{note.pk}/report/", body)
        assert (answer.status_code, answer.json()) == (201, {"reported": True, "reason": "spam"})
    assert Report.objects.get().words == "Surely bought"
    assert_problem(robot.send("post", f"notes/{note.pk}/report/", {"reason": "dull"}), 400)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("tag", "Pottery"), ("channel", "pottery"), ("author", "alice"), ("note", None)],
)
def test_less_of_something_is_asked_by_its_name_and_taken_back(
    program: Callable[..., Program],
    alice: Any,
    charlie: Any,
    make_note: Callable[..., Any],
    kind: str,
    value: Any,
) -> None:
    note, robot = make_note(alice), program(charlie)
    value = note.pk if kind == "note" else value
    assert robot.send("post", "less/", {kind: value}).json() == {"less_of": kind}
    assert LessOf.objects.filter(person=charlie).count() == 1
    assert robot.delete(f"less/?{kind}={value}").status_code == 204
    assert not LessOf.objects.exists()


def test_a_wish_is_taken_back_also_where_its_subject_is_out_of_sight(
    program: Callable[..., Program], alice: Any, charlie: Any, make_note: Callable[..., Any]
) -> None:
    note, robot = make_note(alice), program(charlie)
    wishes: list[dict[str, Any]] = [{"note": note.pk}, {"author": "alice"}, {"tag": "Pottery"}]
    for wish in wishes:
        assert robot.send("post", "less/", wish).status_code == 200
    block_user(blocker=alice, blocked=charlie)
    for wish in wishes:
        [(kind, value)] = wish.items()
        assert robot.delete(f"less/?{kind}={value}").status_code == 204
        assert_problem(robot.delete(f"less/?{kind}={value}"), 404)
    assert not LessOf.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"tag": "pottery", "channel": "pottery"}, 400),
        ({"tag": "nobody-uses-this"}, 404),
        ({"note": 10**17}, 404),
        ({"author": "nobody"}, 404),
    ],
)
def test_less_of_needs_one_thing_that_is_there(
    program: Callable[..., Program], charlie: Any, body: Any, status: int
) -> None:
    assert_problem(program(charlie).send("post", "less/", body), status)


def test_search_finds_notes_people_and_tags_in_chinese_and_english(
    visitor: Program, alice: Any, make_note: Callable[..., Any], work_off: Callable[..., int]
) -> None:
    note = make_note(
        alice, "潮池里的陶碗", body="今天在窑边等了一夜，碗口变成了海绿色。", tags=["陶艺"]
    )
    make_note(alice, "陶碗，不给别人看", visibility="private", tags=["秘密"])
    work_off()
    found = visitor.get("search/?q=陶碗").json()
    assert [card["note"]["id"] for card in found["notes"]] == [note.pk]
    assert found["notes"][0]["reason"]["code"] == "search"
    assert [p["username"] for p in visitor.get("search/?q=ali&type=people").json()["people"]] == [
        "alice"
    ]
    assert [t["name"] for t in visitor.get("search/?q=陶&type=tags").json()["tags"]] == ["陶艺"]
    assert visitor.get("search/?q=秘密&type=tags").json()["tags"] == []


def test_places_of_private_notes_are_nobody_elses_business(
    program: Callable[..., Program], alice: Any, make_note: Callable[..., Any]
) -> None:
    for name, visibility in (("Kiln Yard", "public"), ("Kiln at home", "private")):
        place = find_or_create_place(name=name, latitude=1, longitude=2)
        make_note(alice, name, place=place, visibility=visibility)
    assert [p["name"] for p in program().get("places/?q=kiln").json()["results"]] == ["Kiln Yard"]
    # The author's own private places are offered to them.
    assert len(program(alice).get("places/?q=kiln").json()["results"]) == 2


def test_tags_are_suggested_from_the_text(visitor: Program) -> None:
    found = visitor.get(
        "tags/suggest/", {"title": "Latte art in Chengdu", "body": "Latte art, again."}
    )
    names = [tag["name"].lower() for tag in found.json()["results"]]
    assert "latte art" in names


def test_the_pool_page_is_told_to_the_author(
    program: Callable[..., Program],
    alice: Any,
    make_note: Callable[..., Any],
    work_off: Callable[..., int],
) -> None:
    note = make_note(alice)
    work_off()
    pool = program(alice).get(f"notes/{note.pk}/pool/").json()
    assert pool["stage"] == "P0"
    assert 0 < pool["promised"] <= 200  # what a community of this size can promise
    assert [rung["standing"] for rung in pool["ladder"]] == ["here", "ahead", "ahead", "ahead"]
    assert pool["steps"][0]["text"]


@pytest.mark.parametrize(
    "path",
    [
        "notes/?limit={n}",
        "people/alice/notes/?limit={n}",
        "channels/pottery/feed/",
        "feeds/discover/",
    ],
)
def test_a_page_costs_the_same_queries_whatever_its_length(
    program: Callable[..., Program],
    alice: Any,
    bob: Any,
    make_note: Callable[..., Any],
    work_off: Callable[..., int],
    path: str,
) -> None:
    robot = program(bob)

    def queries(count: int) -> int:
        FeedList.objects.all().delete()
        robot.get(path.format(n=count))  # warm: the list is built, names and policy remembered
        with CaptureQueriesContext(connection) as captured:
            page = robot.get(path.format(n=count)).json()
        assert len(page["results"]) == count
        return len(captured)

    make_note(alice, "Only one")
    work_off()
    few = queries(1)
    for number in range(9):
        make_note(alice, f"Note {number}")
    work_off()
    assert queries(10) <= few
