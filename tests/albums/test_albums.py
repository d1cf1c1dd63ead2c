"""Albums: who may write, what is in them, in which order, and who sees how much of it."""

from __future__ import annotations

import pytest

from accounts.errors import Invalid, NotAllowed, NotFound
from accounts.models import User
from accounts.services import block_user, mute_user
from community.albums import services
from community.albums.models import Album, AlbumNote
from community.albums.reading import albums_of, covers_of
from community.albums.services import (
    AlbumContent,
    add_to_album,
    choose_cover,
    create_album,
    delete_album,
    edit_album,
    move_in_album,
    remove_from_album,
)
from community.models import Note
from community.services.writing import delete_note
from feeds.listing import serve_album


def notes_in(album, viewer=None):
    fresh = Album.objects.get(pk=album.pk)
    return [item.note_id for item in serve_album(viewer=viewer, album=fresh).items]


def positions(album):
    rows = AlbumNote.objects.filter(album=album).order_by("position", "pk")
    return list(rows.values_list("position", flat=True))


@pytest.fixture
def filled(alice, make_note, make_album):
    album = make_album(alice, order="manual")
    notes = [make_note(alice, f"Bowl {n}") for n in range(4)]
    for note in notes:
        add_to_album(actor=alice, album_id=album.pk, note_id=note.pk)
    return album, [note.pk for note in notes]


# ---------------------------------------------------------------- what is typed
@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "\u200b"}, "title"),
        ({"title": "x" * 61}, "title"),
        ({"title": "x", "about": "y" * 501}, "about"),
        ({"title": "x", "visibility": "friends"}, "visibility"),
        ({"title": "x", "order": "random"}, "order"),
    ],
)
def test_what_an_album_cannot_be_called_is_refused_by_field(alice, said, field):
    with pytest.raises(Invalid) as refused:
        create_album(owner=alice, content=AlbumContent(**said))
    assert refused.value.field == field
    assert not Album.objects.exists()


def test_a_person_has_so_many_albums_and_no_more(alice, make_album, monkeypatch):
    monkeypatch.setattr(services, "MOST_ALBUMS", 2)
    make_album(alice)
    make_album(alice)
    with pytest.raises(Invalid):
        make_album(alice)


# ---------------------------------------------------------------- notes
def test_a_note_is_in_an_album_once(alice, make_note, make_album):
    album, note = make_album(alice), make_note(alice)
    assert add_to_album(actor=alice, album_id=album.pk, note_id=note.pk)
    assert not add_to_album(actor=alice, album_id=album.pk, note_id=note.pk)
    assert notes_in(album) == [note.pk]
    assert remove_from_album(actor=alice, album_id=album.pk, note_id=note.pk)
    assert not remove_from_album(actor=alice, album_id=album.pk, note_id=note.pk)


def test_what_one_may_not_see_or_is_no_note_yet_is_not_put_in(
    alice, bob, charlie, make_note, make_album
):
    album = make_album(charlie)
    for note in (make_note(alice, visibility="followers"), make_note(alice, publish=False)):
        with pytest.raises(NotFound):
            add_to_album(actor=charlie, album_id=album.pk, note_id=note.pk)
    draft = make_note(charlie, publish=False)
    with pytest.raises(NotFound):
        add_to_album(actor=charlie, album_id=album.pk, note_id=draft.pk)
    assert not AlbumNote.objects.exists()


def test_an_album_holds_so_many_notes(alice, make_note, make_album, monkeypatch):
    monkeypatch.setattr(services, "MOST_NOTES", 2)
    album = make_album(alice)
    for n in range(2):
        add_to_album(actor=alice, album_id=album.pk, note_id=make_note(alice, f"Bowl {n}").pk)
    with pytest.raises(Invalid):
        add_to_album(actor=alice, album_id=album.pk, note_id=make_note(alice, "More").pk)


def test_newest_first_or_as_arranged(alice, filled):
    album, ids = filled
    assert notes_in(album) == ids
    content = AlbumContent(title="Bowls", order="newest")
    edit_album(actor=alice, album_id=album.pk, content=content)
    assert notes_in(album) == ids[::-1]


def test_a_move_puts_a_note_before_another_or_last_and_leaves_no_gap(alice, filled):
    album, (a, b, c, d) = filled
    move_in_album(actor=alice, album_id=album.pk, note_id=d, before=a)
    assert notes_in(album) == [d, a, b, c]
    move_in_album(actor=alice, album_id=album.pk, note_id=a, before=None)
    assert notes_in(album) == [d, b, c, a]
    move_in_album(actor=alice, album_id=album.pk, note_id=b, before=b)
    assert notes_in(album) == [d, b, c, a]
    assert positions(album) == [0, 1, 2, 3]
    with pytest.raises(NotFound):
        move_in_album(actor=alice, album_id=album.pk, note_id=b, before=999)


def test_the_first_move_in_an_album_of_newest_keeps_what_its_owner_saw(alice, filled):
    album, (a, b, c, d) = filled
    content = AlbumContent(title="Bowls", order="newest")
    edit_album(actor=alice, album_id=album.pk, content=content)
    move_in_album(actor=alice, album_id=album.pk, note_id=a, before=d)
    assert notes_in(album) == [a, d, c, b]
    assert Album.objects.get().order == "manual"


def test_a_note_gone_for_good_leaves_no_gap_behind_the_next_write(alice, filled):
    album, (a, b, c, d) = filled
    Note.objects.filter(pk=b).delete()
    remove_from_album(actor=alice, album_id=album.pk, note_id=c)
    assert notes_in(album) == [a, d]
    assert positions(album) == [0, 1]


def test_the_pages_of_an_album_skip_and_repeat_nothing(alice, make_note, make_album, settings):
    from feeds.policies import current

    size = current()[1].discover.page_size
    album = make_album(alice, order="manual")
    ids = [make_note(alice, f"Bowl {n}").pk for n in range(size + 3)]
    for pk in ids:
        add_to_album(actor=alice, album_id=album.pk, note_id=pk)
    for order, expected in (("manual", ids), ("newest", ids[::-1])):
        Album.objects.update(order=order)
        album.refresh_from_db()
        first = serve_album(viewer=None, album=album)
        second = serve_album(viewer=None, album=album, cursor=first.next_cursor)
        met = [item.note_id for page in (first, second) for item in page.items]
        assert met == expected
        assert second.next_cursor is None
    Album.objects.update(order="manual")
    album.refresh_from_db()
    with pytest.raises(Invalid):  # made in the other order
        serve_album(viewer=None, album=album, cursor=first.next_cursor)


# ---------------------------------------------------------------- who sees what of it
def test_a_note_that_one_may_not_see_is_neither_shown_nor_counted(
    alice, bob, charlie, make_note, make_album
):
    album = make_album(alice)
    public, followers = make_note(alice), make_note(alice, visibility="followers")
    private, gone = make_note(alice, visibility="private"), make_note(alice, "Gone")
    for note in (public, followers, private, gone):
        add_to_album(actor=alice, album_id=album.pk, note_id=note.pk)
    delete_note(author=alice, note_id=gone.pk)
    for viewer, met in ((None, {public}), (charlie, {public}), (bob, {public, followers}),
                        (alice, {public, followers, private})):  # fmt: skip
        assert set(notes_in(album, viewer)) == {note.pk for note in met}
        counted = Album.objects.counted_for(viewer).get(pk=album.pk).shown
        assert counted == len(met)


def test_a_private_album_is_there_for_its_members_only(alice, bob, charlie, make_album, join):
    album = make_album(alice, visibility="private")
    join(album, bob)
    seen = [bool(Album.objects.visible_to(who)) for who in (None, charlie, bob, alice)]
    assert seen == [False, False, True, True]


def test_blocks_and_suspensions_hide_albums_as_they_hide_people(alice, bob, charlie, make_album):
    make_album(alice)
    block_user(blocker=alice, blocked=charlie)
    assert not Album.objects.visible_to(charlie)
    block_user(blocker=bob, blocked=alice)
    assert not Album.objects.visible_to(bob)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert not Album.objects.visible_to(None)


def test_ones_own_list_has_the_albums_one_takes_part_in(alice, bob, make_album, join):
    shared, own = make_album(alice, "Shared"), make_album(bob, "Own", visibility="private")
    join(shared, bob)
    assert set(albums_of(bob, viewer=bob)) == {shared, own}
    assert set(albums_of(bob, viewer=alice)) == set()
    assert set(albums_of(alice, viewer=bob)) == {shared}


# ---------------------------------------------------------------- the cover
def ready(note):
    note.images.update(state="ready")
    return note


def test_the_cover_is_the_chosen_note_else_the_newest_that_the_viewer_may_see(
    alice, bob, charlie, make_note, make_album
):
    album = make_album(alice)
    old, new = ready(make_note(alice)), ready(make_note(alice, "New", visibility="followers"))
    for note in (old, new):
        add_to_album(actor=alice, album_id=album.pk, note_id=note.pk)

    def cover(viewer):
        found = covers_of([Album.objects.get(pk=album.pk)], viewer)
        return found[album.pk].note_id if found else None

    assert (cover(bob), cover(charlie)) == (new.pk, old.pk)
    choose_cover(actor=alice, album_id=album.pk, note_id=old.pk)
    assert cover(bob) == old.pk
    choose_cover(actor=alice, album_id=album.pk, note_id=new.pk)
    assert cover(charlie) == old.pk
    remove_from_album(actor=alice, album_id=album.pk, note_id=new.pk)
    assert Album.objects.get().cover_id is None
    mute_user(muter=charlie, muted=alice)
    assert cover(charlie) is None


def test_only_a_note_of_the_album_is_its_cover(alice, make_note, make_album):
    album, note = make_album(alice), make_note(alice)
    with pytest.raises(NotFound):
        choose_cover(actor=alice, album_id=album.pk, note_id=note.pk)


# ---------------------------------------------------------------- who may write
CONTENT = AlbumContent(title="Mine now")
OWNERS_ACTS = {
    "edit": lambda who, album, note: edit_album(actor=who, album_id=album, content=CONTENT),
    "delete": lambda who, album, note: delete_album(actor=who, album_id=album),
    "cover": lambda who, album, note: choose_cover(actor=who, album_id=album, note_id=note),
    "move": lambda who, album, note: move_in_album(
        actor=who, album_id=album, note_id=note, before=None
    ),
    "take out": lambda who, album, note: remove_from_album(actor=who, album_id=album, note_id=note),
}


@pytest.mark.parametrize("visibility", ["public", "private"])
@pytest.mark.parametrize("act", OWNERS_ACTS)
def test_what_is_the_owners_is_refused_to_others(
    alice, bob, charlie, make_note, make_album, join, act, visibility
):
    album, note = make_album(alice, visibility=visibility), make_note(alice)
    join(album, bob)
    add_to_album(actor=alice, album_id=album.pk, note_id=note.pk)
    with pytest.raises(NotAllowed):
        OWNERS_ACTS[act](bob, album.pk, note.pk)
    with pytest.raises(NotAllowed if visibility == "public" else NotFound):
        OWNERS_ACTS[act](charlie, album.pk, note.pk)
    OWNERS_ACTS[act](alice, album.pk, note.pk)


def test_contributors_put_in_and_take_their_own_out(
    alice, bob, charlie, make_note, make_album, join
):
    album = make_album(alice)
    first, second = make_note(alice, "First"), make_note(alice, "Second")
    with pytest.raises(NotAllowed):
        add_to_album(actor=bob, album_id=album.pk, note_id=first.pk)
    join(album, bob)
    join(album, charlie)
    assert add_to_album(actor=bob, album_id=album.pk, note_id=first.pk)
    with pytest.raises(NotAllowed):
        remove_from_album(actor=charlie, album_id=album.pk, note_id=first.pk)
    assert remove_from_album(actor=bob, album_id=album.pk, note_id=first.pk)
    add_to_album(actor=charlie, album_id=album.pk, note_id=second.pk)
    assert remove_from_album(actor=alice, album_id=album.pk, note_id=second.pk)
