"""A few notes of one's own first on one's profile, for those who may see them."""

from __future__ import annotations

import pytest

from accounts.errors import Invalid, NotAllowed, NotFound
from community.albums.models import Pin
from community.albums.pins import MOST_PINS, pin_note, pinned_ids, set_pins, unpin_note
from community.services.writing import delete_note
from feeds.listing import serve_person


@pytest.fixture
def notes(alice, make_note):
    return [make_note(alice, f"Bowl {n}").pk for n in range(MOST_PINS + 2)]


def met(person, viewer=None):
    return [item.note_id for item in serve_person(viewer=viewer, person=person).items]


def test_pinned_notes_come_first_in_their_order_and_once(alice, notes):
    a, b, c, *_rest = notes
    assert pin_note(person=alice, note_id=b)
    assert pin_note(person=alice, note_id=a)
    assert not pin_note(person=alice, note_id=a)
    assert met(alice)[:2] == [b, a]
    assert sorted(met(alice)) == notes
    assert unpin_note(person=alice, note_id=b)
    assert not unpin_note(person=alice, note_id=b)
    assert met(alice)[0] == a
    set_pins(person=alice, note_ids=[c, a, c])
    assert met(alice)[:2] == [c, a]


def test_more_than_a_few_are_refused_until_one_is_unpinned_or_deleted(alice, notes):
    for pk in notes[:MOST_PINS]:
        pin_note(person=alice, note_id=pk)
    with pytest.raises(Invalid):
        pin_note(person=alice, note_id=notes[-1])
    delete_note(author=alice, note_id=notes[0])
    assert pin_note(person=alice, note_id=notes[-1])


def test_only_published_notes_of_ones_own_are_pinned(alice, bob, make_note, notes):
    draft = make_note(alice, publish=False)
    with pytest.raises(NotFound):
        pin_note(person=alice, note_id=draft.pk)
    with pytest.raises(NotAllowed):
        pin_note(person=bob, note_id=notes[0])
    with pytest.raises(NotFound):
        set_pins(person=bob, note_ids=[notes[0]])
    assert not Pin.objects.exists()


def test_who_may_not_see_a_pinned_note_does_not_meet_it(alice, bob, charlie, make_note, notes):
    hers = make_note(alice, "For friends", visibility="followers").pk
    set_pins(person=alice, note_ids=[hers, notes[0]])
    assert pinned_ids(alice, viewer=bob) == [hers, notes[0]]
    assert pinned_ids(alice, viewer=charlie) == [notes[0]]
    assert met(alice, None)[0] == notes[0]


def test_pages_behind_the_first_repeat_no_pinned_note(alice, make_note, monkeypatch):
    from feeds.policies import current

    size = current()[1].discover.page_size
    ids = [make_note(alice, f"Bowl {n}").pk for n in range(size + 4)]
    set_pins(person=alice, note_ids=[ids[1], ids[-1]])
    first = serve_person(viewer=None, person=alice)
    second = serve_person(viewer=None, person=alice, cursor=first.next_cursor)
    seen = [item.note_id for page in (first, second) for item in page.items]
    assert sorted(seen) == sorted(ids)
    places = [item.position for page in (first, second) for item in page.items]
    assert places == list(range(len(ids)))
