"""Albums in a browser without JavaScript, and piece by piece as htmx asks for them."""

from __future__ import annotations

import re

import pytest

from community.albums.members import answer_invitation, invite
from community.albums.models import Album, AlbumFollow, AlbumMember, AlbumNote
from community.albums.pins import pin_note
from community.albums.services import AlbumContent, add_to_album, create_album
from community.models import Collect

HTMX = {"HX-Request": "true"}
FORM = {"title": "Bowls", "about": "Only bowls", "visibility": "public", "order": "newest"}


@pytest.fixture
def album(alice):
    return create_album(owner=alice, content=AlbumContent(title="Bowls"))


def text(client, address, **more):
    answer = client.get(address, **more)
    assert answer.status_code == 200
    return answer.content.decode()


def in_order(album):
    rows = AlbumNote.objects.filter(album=album).order_by("position")
    return list(rows.values_list("note", flat=True))


def test_an_album_is_made_with_its_first_note_which_is_collected(alice, bob, make_note, as_person):
    note, client = make_note(alice), as_person(bob)
    assert "Only bowls" not in text(client, f"/albums/new/?note={note.pk}")
    answer = client.post("/albums/new/", FORM | {"note": note.pk})
    album = Album.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/albums/{album.pk}/")
    page = text(client, f"/albums/{album.pk}/")
    assert "Only bowls" in page
    assert str(note) in page
    assert Collect.objects.filter(person=bob, note=note).exists()


@pytest.mark.parametrize("wrong", [{"title": ""}, {"title": "x" * 61}, {"order": "x"},
                                   {"visibility": ""}, {"about": "x" * 501}])  # fmt: skip
def test_a_refused_album_is_not_made_and_keeps_what_was_typed(alice, as_person, wrong):
    answer = as_person(alice).post("/albums/new/", FORM | {"about": "kept"} | wrong)
    assert answer.status_code == 400
    assert not Album.objects.exists()
    assert "field__error" in answer.content.decode()


def test_a_note_is_put_in_and_taken_out_on_a_plain_page_and_in_the_sheet(
    alice, bob, make_note, as_person
):
    note, client = make_note(alice), as_person(bob)
    album = create_album(owner=bob, content=AlbumContent(title="Bowls"))
    page = text(client, f"/notes/{note.pk}/albums/")
    assert f"/albums/{album.pk}/notes/{note.pk}/add/" in page
    assert client.post(f"/albums/{album.pk}/notes/{note.pk}/add/").status_code == 303
    sheet = text(client, f"/notes/{note.pk}/albums/", headers=HTMX)
    assert 'aria-pressed="true"' in sheet
    assert "<html" not in sheet
    out = client.post(f"/albums/{album.pk}/notes/{note.pk}/remove/", headers=HTMX)
    assert 'aria-pressed="false"' in out.content.decode()
    assert in_order(album) == []
    assert Collect.objects.filter(person=bob).exists()  # collected it stays


def test_collecting_offers_an_album(alice, bob, make_note, as_person):
    note = make_note(alice)
    answer = as_person(bob).post(f"/notes/{note.pk}/collect/", headers=HTMX)
    assert f"/notes/{note.pk}/albums/" in answer.content.decode()
    answer = as_person(bob).post(f"/notes/{note.pk}/uncollect/", headers=HTMX)
    assert f"/notes/{note.pk}/albums/" not in answer.content.decode()


def test_the_arrows_arrange_without_javascript(alice, album, make_note, as_person):
    ids = [make_note(alice, f"Bowl {n}").pk for n in range(3)]
    for pk in ids:
        add_to_album(actor=alice, album_id=album.pk, note_id=pk)
    client = as_person(alice)

    def press(note, way):
        page = text(client, f"/albums/{album.pk}/arrange/")
        row = page[page.index(f'id="row-{note}"') :].split("</li>")[0]
        found = re.findall(r'<button[^>]*name="before" value="(\d*)"([^>]*)>', row)
        value, rest = found[0 if way == "up" else 1]
        assert "disabled" not in rest
        answer = client.post(f"/albums/{album.pk}/notes/{note}/move/", {"before": value})
        assert answer.status_code == 303

    a, b, c = ids
    press(b, "up")  # shown newest first: c b a
    assert in_order(album) == [b, c, a]
    press(b, "down")
    assert in_order(album) == [c, b, a]
    press(b, "down")
    assert in_order(album) == [c, a, b]
    press(c, "down")
    assert in_order(album) == [a, c, b]
    page = text(client, f"/albums/{album.pk}/arrange/")
    first = page[page.index(f'id="row-{a}"') :].split("</li>")[0]
    assert "disabled" in first
    client.post(f"/albums/{album.pk}/notes/{b}/cover/")
    assert Album.objects.get().cover_id == b
    for nonsense in ("x", "9" * 30, "-1"):
        answer = client.post(f"/albums/{album.pk}/notes/{a}/move/", {"before": nonsense})
        assert answer.status_code == 303


def test_dragging_says_before_which_note_and_is_answered_shortly(
    alice, album, make_note, as_person
):
    ids = [make_note(alice, f"Bowl {n}").pk for n in range(2)]
    for pk in ids:
        add_to_album(actor=alice, album_id=album.pk, note_id=pk)
    answer = as_person(alice).post(
        f"/albums/{album.pk}/notes/{ids[0]}/move/", {"before": ids[1]},
        headers={"Accept": "application/json"},
    )  # fmt: skip
    assert answer.status_code == 204
    assert in_order(album) == ids


def test_members_are_invited_answer_and_leave(alice, bob, album, as_person):
    owner, guest = as_person(alice), as_person(bob)
    page = f"/albums/{album.pk}/members/"
    assert owner.post(page, {"username": "nobody"}).status_code == 400
    assert owner.post(page, {"username": "bob"}).status_code == 303
    assert owner.post(page, {"username": "bob"}).status_code == 400
    assert "Invited" in text(owner, page)
    notice = bob.notifications.get()
    assert f"/notifications/{notice.pk}/" in text(guest, "/notifications/")
    led = guest.get(f"/notifications/{notice.pk}/")
    assert led["Location"] == f"/albums/{album.pk}/invitation/"
    assert guest.get(page).status_code == 403
    assert "invites you" in text(guest, f"/albums/{album.pk}/invitation/")
    answer = guest.post(f"/albums/{album.pk}/invitation/", {"answer": "accept"})
    assert answer["Location"] == f"/albums/{album.pk}/"
    assert guest.get(f"/albums/{album.pk}/invitation/").status_code == 404
    assert "Leave the album" in text(guest, page)
    assert guest.post(f"/albums/{album.pk}/leave/").status_code == 303
    assert AlbumMember.objects.count() == 1


def test_an_invitation_may_be_declined_and_a_member_removed(alice, bob, charlie, album, as_person):
    for person, answer in ((bob, "decline"), (charlie, "accept")):
        invite(actor=alice, album_id=album.pk, username=person.username)
        as_person(person).post(f"/albums/{album.pk}/invitation/", {"answer": answer})
    as_person(alice).post(f"/albums/{album.pk}/members/charlie/remove/")
    assert set(AlbumMember.objects.values_list("person", "state")) == {
        (alice.pk, "accepted"), (bob.pk, "declined"),
    }  # fmt: skip


def test_following_and_not_any_more(bob, album, as_person):
    client = as_person(bob)
    assert "Follow the album" in text(client, f"/albums/{album.pk}/")
    client.post(f"/albums/{album.pk}/follow/")
    client.post(f"/albums/{album.pk}/follow/")
    assert AlbumFollow.objects.count() == 1
    assert "unfollow" in text(client, f"/albums/{album.pk}/")
    client.post(f"/albums/{album.pk}/unfollow/")
    assert not AlbumFollow.objects.exists()


def test_a_private_album_is_nowhere_for_others(alice, bob, make_note, as_person):
    said = AlbumContent(title="Quokkas", visibility="private")
    album = create_album(owner=alice, content=said)
    note = make_note(alice)
    add_to_album(actor=alice, album_id=album.pk, note_id=note.pk)
    for client in (as_person(bob), as_person(None)):
        assert client.get(f"/albums/{album.pk}/").status_code == 404
        assert "Quokkas" not in text(client, "/people/alice/?shelf=albums")
    assert as_person(bob).post(f"/albums/{album.pk}/follow/").status_code == 404
    assert "Quokkas" in text(as_person(alice), "/people/alice/?shelf=albums")
    assert "Quokkas" not in text(as_person(bob), f"/notes/{note.pk}/albums/")


def test_an_album_is_edited_and_deleted_by_its_owner(alice, bob, album, as_person, make_note):
    note = make_note(alice)
    add_to_album(actor=alice, album_id=album.pk, note_id=note.pk)
    owner = as_person(alice)
    assert owner.post(f"/albums/{album.pk}/edit/", FORM | {"title": "Cups"}).status_code == 303
    assert owner.post(f"/albums/{album.pk}/edit/", FORM | {"title": ""}).status_code == 400
    assert Album.objects.get().title == "Cups"
    assert "Cups" in text(owner, f"/albums/{album.pk}/delete/")
    assert owner.post(f"/albums/{album.pk}/delete/").status_code == 303
    assert not Album.objects.exists()
    assert owner.get(f"/notes/{note.pk}/").status_code == 200


def test_a_contributor_takes_out_only_what_they_put_in(alice, bob, album, as_person, make_note):
    invite(actor=alice, album_id=album.pk, username="bob")
    answer_invitation(person=bob, album_id=album.pk, accept=True)
    hers, his = make_note(alice, "Hers"), make_note(bob, "His")
    add_to_album(actor=alice, album_id=album.pk, note_id=hers.pk)
    add_to_album(actor=bob, album_id=album.pk, note_id=his.pk)
    page = text(as_person(bob), f"/albums/{album.pk}/arrange/")
    assert "Take “His” out" in page
    assert "Take “Hers” out" not in page
    assert 'name="before"' not in page
    remove = f"/albums/{album.pk}/notes/{hers.pk}/remove/"
    assert as_person(bob).post(remove).status_code == 403


def test_markup_in_a_title_stays_text(alice, as_person):
    said = AlbumContent(title="<script>1</script>", about="<b>x</b>\nsecond line")
    album = create_album(owner=alice, content=said)
    page = text(as_person(None), f"/albums/{album.pk}/")
    assert "<script>1" not in page
    assert "<b>x</b>" not in page


def test_pinned_from_the_menu_a_note_stands_first_with_its_sign(alice, make_note, as_person):
    old, _new = make_note(alice, "Old"), make_note(alice, "New")
    client = as_person(alice)
    assert f"/notes/{old.pk}/pin/" in text(client, f"/notes/{old.pk}/")
    assert client.post(f"/notes/{old.pk}/pin/").status_code == 303
    page = text(client, "/people/alice/")
    assert page.index("Old</a>") < page.index("New</a>")
    assert 'data-source="pinned"' in page
    assert f"/notes/{old.pk}/unpin/" in text(client, f"/notes/{old.pk}/")
    client.post(f"/notes/{old.pk}/unpin/")
    assert 'data-source="pinned"' not in text(client, "/people/alice/")


def test_one_pin_too_many_is_told(alice, make_note, as_person):
    for n in range(3):
        pin_note(person=alice, note_id=make_note(alice, f"Bowl {n}").pk)
    fourth = make_note(alice, "Fourth")
    answer = as_person(alice).post(f"/notes/{fourth.pk}/pin/")
    assert answer.status_code == 400
    assert "at most 3" in answer.content.decode()
