"""Albums and pins for programs: what each may do, and what is in the answers."""

from __future__ import annotations

import pytest

from accounts.services import block_user
from community.albums.models import Album, AlbumNote

from .conftest import assert_problem


@pytest.fixture
def album(alice, program):
    answer = program(alice).send("post", "albums/", {"title": "Bowls", "order": "manual"})
    assert answer.status_code == 201
    return answer.json()


def put(program, person, album, *notes):
    for note in notes:
        answer = program(person).put(f"albums/{album['id']}/notes/{note.pk}/")
        assert answer.json() == {"added": True}


def ids(answer):
    return [note["id"] for note in answer.json()["results"]]


def test_an_album_is_made_changed_and_deleted(alice, program, album, make_note):
    client, address = program(alice), f"albums/{album['id']}/"
    assert album["viewer"] == {"role": "owner", "follows": False}
    assert (album["notes"], album["cover"], album["visibility"]) == (0, None, "public")
    note = make_note(alice)
    put(program, alice, album, note)
    changed = client.send("patch", address, {"title": "Cups", "cover": note.pk}).json()
    assert (changed["title"], changed["order"], changed["cover"], changed["notes"]) == (
        "Cups", "manual", note.pk, 1,
    )  # fmt: skip
    assert client.send("patch", address, {"cover": None}).json()["cover"] is None
    assert_problem(client.send("patch", address, {"cover": 999_999}), 404)
    assert_problem(client.send("patch", address, {"titel": "x"}), 400)
    assert client.delete(address).status_code == 204
    assert_problem(client.get(address), 404)


def test_notes_come_in_the_albums_order_page_by_page(alice, program, album, make_note):
    notes = [make_note(alice, f"Bowl {n}") for n in range(5)]
    put(program, alice, album, *notes)
    client, address = program(alice), f"albums/{album['id']}/notes/"
    a, b, c, d, e = (note.pk for note in notes)
    assert client.send("patch", f"{address}{e}/", {"before": a}).status_code == 204
    assert client.send("patch", f"{address}{b}/", {"before": None}).status_code == 204
    first = client.get(f"{address}?limit=3")
    rest = client.get(first.json()["next"].replace("http://testserver", ""))
    assert ids(first) + ids(rest) == [e, a, c, d, b]
    assert rest.json()["next"] is None
    assert_problem(client.send("patch", f"{address}{b}/", {}), 400)
    assert client.delete(f"{address}{c}/").status_code == 204
    assert client.put(f"{address}{a}/").json() == {"added": False}
    client.send("patch", f"albums/{album['id']}/", {"order": "newest"})
    assert ids(client.get(address)) == [e, d, b, a]


def test_a_page_of_the_former_order_leads_into_no_other(alice, program, album, make_note):
    put(program, alice, album, *(make_note(alice, f"Bowl {n}") for n in range(3)))
    client, address = program(alice), f"albums/{album['id']}/notes/?limit=1"
    for order in ("newest", "manual"):
        before = client.get(address).json()["next"].replace("http://testserver", "")
        client.send("patch", f"albums/{album['id']}/", {"order": order})
        assert "cursor" in assert_problem(client.get(before), 400)["errors"]


def test_members_are_asked_answer_write_and_leave(alice, bob, charlie, program, album, make_note):
    address = f"albums/{album['id']}/"
    owner, guest, stranger = program(alice), program(bob), program(charlie)
    asked = owner.send("post", f"{address}members/", {"username": "bob"})
    assert (asked.status_code, asked.json()["state"]) == (201, "invited")
    assert_problem(owner.send("post", f"{address}members/", {"username": "bob"}), 409)
    assert [row["role"] for row in stranger.get(f"{address}members/").json()["results"]] == [
        "owner"
    ]
    assert_problem(stranger.send("post", f"{address}invitation/", {"accept": True}), 404)
    assert guest.send("post", f"{address}invitation/", {"accept": True}).status_code == 204
    note = make_note(bob)
    put(program, bob, album, note)
    assert_problem(stranger.put(f"{address}notes/{note.pk}/"), 403)
    assert_problem(guest.send("patch", f"{address}notes/{note.pk}/", {"before": None}), 403)
    assert [row["id"] for row in guest.get("albums/").json()["results"]] == [album["id"]]
    assert guest.delete(f"{address}membership/").status_code == 204
    assert_problem(guest.delete(f"{address}notes/{note.pk}/"), 403)
    assert_problem(owner.delete(f"{address}members/bob/"), 404)
    assert_problem(owner.delete(f"{address}membership/"), 403)


def test_followers_follow_once_and_stop(bob, program, album):
    client, address = program(bob), f"albums/{album['id']}/"
    for _ in range(2):
        assert client.put(f"{address}follow/").json() == {"follows": True}
    assert client.get(address).json()["viewer"] == {"role": "", "follows": True}
    assert client.delete(f"{address}follow/").status_code == 204
    assert client.get(address).json()["viewer"]["follows"] is False


NONSENSE = {"no such field": 1}
# method, address; to the owner, a stranger, a visitor of a public album, and of a private one.
TABLE = [
    ("get", "", 200, 200, 200, 404, 404),
    ("patch", "", 400, 403, 401, 404, 401),
    ("delete", "", 204, 403, 401, 404, 401),
    ("get", "notes/", 200, 200, 200, 404, 404),
    ("put", "notes/{note}/", 200, 403, 401, 404, 401),
    ("patch", "notes/{note}/", 400, 403, 401, 404, 401),
    ("delete", "notes/{note}/", 204, 403, 401, 404, 401),
    ("get", "members/", 200, 200, 200, 404, 404),
    ("post", "members/", 400, 403, 401, 404, 401),
    ("delete", "members/alice/", 403, 403, 401, 404, 401),
    ("post", "invitation/", 404, 404, 401, 404, 401),
    ("delete", "membership/", 403, 403, 401, 404, 401),
    ("put", "follow/", 400, 200, 401, 404, 401),
    ("delete", "follow/", 204, 204, 401, 204, 401),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} {row[1]}")
def test_everybody_may_do_what_the_table_says(alice, charlie, program, make_note, row):
    method, path, owner, stranger, visitor, stranger_private, visitor_private = row
    note = make_note(alice)
    for visibility, people in (
        ("public", ((charlie, stranger), (None, visitor), (alice, owner))),
        ("private", ((charlie, stranger_private), (None, visitor_private))),
    ):
        made = program(alice).send("post", "albums/", {"title": "B", "visibility": visibility})
        album = made.json()["id"]
        AlbumNote.objects.create(
            album_id=album, note=note, position=0, added_by=alice, added_at=note.created_at
        )
        for person, status in people:
            address = f"albums/{album}/{path.format(note=note.pk)}"
            answer = program(person).send(method, address, NONSENSE)
            assert answer.status_code == status, (visibility, person, answer.content)


def test_lists_of_a_person_tell_each_viewer_what_they_may_open(alice, bob, program, album):
    program(alice).send("post", "albums/", {"title": "Mine", "visibility": "private"})
    seen = [
        [row["title"] for row in program(who).get("people/alice/albums/").json()["results"]]
        for who in (None, bob, alice)
    ]
    assert seen == [["Bowls"], ["Bowls"], ["Mine", "Bowls"]]
    block_user(blocker=alice, blocked=bob)
    assert_problem(program(bob).get("people/alice/albums/"), 404)
    assert_problem(program(bob).get(f"albums/{album['id']}/"), 404)


def test_pins_are_set_in_order_and_told_through_the_gate(alice, bob, charlie, program, make_note):
    hers = make_note(alice, "For friends", visibility="followers").pk
    public, foreign = make_note(alice).pk, make_note(bob).pk
    client = program(alice)
    answer = client.send("put", "me/pins/", {"notes": [hers, public]})
    assert answer.json() == {"notes": [hers, public]}
    assert ids(program(bob).get("people/alice/pins/")) == [hers, public]
    assert ids(program(charlie).get("people/alice/pins/")) == [public]
    assert_problem(client.send("put", "me/pins/", {"notes": [foreign]}), 404)
    assert_problem(client.send("put", "me/pins/", {"notes": [1, 2, 3, 4]}), 400)
    assert client.send("put", "me/pins/", {"notes": []}).json() == {"notes": []}


def test_an_album_asked_for_twice_with_one_key_is_made_once(alice, program):
    key = {"HTTP_IDEMPOTENCY_KEY": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
    first, second = (
        program(alice).send("post", "albums/", {"title": "Bowls"}, **key) for _ in range(2)
    )
    assert first.json()["id"] == second.json()["id"]
    assert Album.objects.count() == 1
