"""Albums written to by many at once: every note once, positions 0 to n-1, limits kept."""

from __future__ import annotations

from random import Random

from accounts.errors import DomainError
from community.albums import services
from community.albums.members import answer_invitation, invite, remove_member
from community.albums.models import Album, AlbumNote
from community.albums.pins import MOST_PINS, pin_note
from community.albums.services import (
    AlbumContent,
    add_to_album,
    create_album,
    move_in_album,
    remove_from_album,
)


def positions(album):
    return list(
        AlbumNote.objects.filter(album=album)
        .order_by("position", "pk")
        .values_list("position", flat=True)
    )


def test_adds_moves_and_removals_at_once_leave_neither_doubles_nor_gaps(
    file_database, alice, bob, make_note, at_once
):
    chance = Random(7)
    album = create_album(owner=alice, content=AlbumContent(title="Bowls"))
    invite(actor=alice, album_id=album.pk, username="bob")
    answer_invitation(person=bob, album_id=album.pk, accept=True)
    ids = [make_note(alice, f"Bowl {n}").pk for n in range(12)]

    def one_act():
        who, pk, other = chance.choice([alice, bob]), chance.choice(ids), chance.choice(ids)
        return chance.choice([
            lambda: add_to_album(actor=who, album_id=album.pk, note_id=pk),
            lambda: add_to_album(actor=who, album_id=album.pk, note_id=pk),
            lambda: remove_from_album(actor=alice, album_id=album.pk, note_id=pk),
            lambda: move_in_album(actor=alice, album_id=album.pk, note_id=pk, before=other),
        ])  # fmt: skip

    answers = at_once([one_act() for _ in range(120)], threads=4)
    strange = [a for a in answers if isinstance(a, Exception) and not isinstance(a, DomainError)]
    assert strange == []
    assert any(answer is True for answer in answers)
    assert positions(album) == list(range(len(positions(album))))
    assert len(set(AlbumNote.objects.values_list("note", flat=True))) == AlbumNote.objects.count()


def test_limits_hold_when_many_press_at_once(file_database, alice, make_note, at_once, monkeypatch):
    monkeypatch.setattr(services, "MOST_ALBUMS", 3)
    monkeypatch.setattr(services, "MOST_NOTES", 3)
    content = AlbumContent(title="Bowls")
    at_once([lambda: create_album(owner=alice, content=content)] * 8, threads=4)
    assert Album.objects.count() == 3
    album = Album.objects.first()
    ids = [make_note(alice, f"Bowl {n}").pk for n in range(8)]
    at_once(
        [lambda pk=pk: add_to_album(actor=alice, album_id=album.pk, note_id=pk) for pk in ids],
        threads=4,
    )
    assert positions(album) == [0, 1, 2]
    at_once([lambda pk=pk: pin_note(person=alice, note_id=pk) for pk in ids], threads=4)
    assert alice.pins.count() == MOST_PINS


def test_nobody_writes_behind_their_own_removal(file_database, alice, bob, make_note, at_once):
    album = create_album(owner=alice, content=AlbumContent(title="Bowls", visibility="private"))
    invite(actor=alice, album_id=album.pk, username="bob")
    answer_invitation(person=bob, album_id=album.pk, accept=True)
    ids = [make_note(bob, f"Bowl {n}").pk for n in range(10)]
    acts = [lambda pk=pk: add_to_album(actor=bob, album_id=album.pk, note_id=pk) for pk in ids]
    acts.insert(5, lambda: remove_member(actor=alice, album_id=album.pk, username="bob"))
    answers = at_once(acts, threads=4)
    put_in = [answer for place, answer in enumerate(answers) if place != 5 and answer is True]
    assert AlbumNote.objects.count() == len(put_in)
    try:
        add_to_album(actor=bob, album_id=album.pk, note_id=ids[0])
    except DomainError:
        return
    raise AssertionError("somebody who was removed put a note in")
