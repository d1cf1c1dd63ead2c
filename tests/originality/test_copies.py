"""Who repeats whom, kept true through publishing, editing, deleting and hiding."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community.models import Note, NoteImage
from community.originality import services, tasks
from community.originality.models import Band, Likeness, NotePrint
from community.services.pictures import remove_picture
from community.services.writing import NoteContent, delete_note, edit_note
from tests.conftest import other_words
from tests.rows import changed, contents

HASH, NEAR, FAR = "f0e1d2c3b4a59687", "f0e1d2c3b4a59684", "0f1e2d3c4b5a6978"


def at(hours: float) -> timedelta:
    return timedelta(hours=hours)


def content_of(note: Note, **other) -> NoteContent:
    return NoteContent(**{"title": note.title, "body": note.body, "tags": [], **other})


def test_a_copy_names_the_earliest_note_and_the_original_nothing(
    alice, bob, charlie, make_note, text, found
):
    first = make_note(alice, body=text, ago=at(5))
    copy = make_note(bob, body=text + "\nI like this.", ago=at(3))
    copy_of_copy = make_note(charlie, body=text, title="Mine", ago=at(1))
    assert found(first) == {}
    assert found(copy) == found(copy_of_copy) == {"text": (first.pk, False)}


def test_whoever_repeats_themselves_is_told_apart(alice, make_note, text, found):
    first = make_note(alice, body=text, ago=at(5))
    assert found(make_note(alice, body=text, ago=at(3))) == {"text": (first.pk, True)}


def test_the_order_in_which_jobs_come_does_not_matter(alice, bob, make_note, text, found):
    late = make_note(bob, body=text, ago=at(1))
    assert found(late) == {}
    early = make_note(alice, body=text, ago=at(5))
    assert found(early) == {}
    assert found(late) == {"text": (early.pk, False)}


def test_looking_again_changes_nothing(alice, bob, make_note, text, add_ready_picture, settle):
    notes = [make_note(person, body=text, ago=at(5)) for person in (alice, bob)]
    for note in notes:
        add_ready_picture(note, HASH)
    services.keep_current([note.pk for note in notes], now=timezone.now())
    settle()
    before = contents()
    assert services.keep_current([note.pk for note in notes], now=timezone.now()) == 0
    services.compare([note.pk for note in notes], now=timezone.now())
    settle()
    assert tasks.repair.once() == 0
    assert not changed(before, contents())


def test_words_of_ones_own_end_it(alice, bob, make_note, text, found):
    make_note(alice, body=text, ago=at(5))
    copy = make_note(bob, body=text, ago=at(3))
    assert found(copy)
    edit_note(author=bob, note_id=copy.pk, content=content_of(copy, body=other_words(77)))
    assert found(copy) == {}


def test_a_text_written_into_an_old_note_is_no_original(alice, bob, make_note, text, found):
    """Whoever copies cannot become the first by hiding the copy in a note of last year."""
    old = make_note(bob, ago=at(5000))
    first = make_note(alice, body=text, ago=at(5))
    assert found(first) == {}
    edit_note(author=bob, note_id=old.pk, content=content_of(old, body=text))
    assert found(first) == {}
    assert found(old) == {"text": (first.pk, False)}


def test_neither_is_one_that_waited_as_a_private_note(alice, bob, make_note, text, found):
    old = make_note(bob, ago=at(5000), visibility="private")
    first = make_note(alice, body=text, ago=at(5))
    edit_note(author=bob, note_id=old.pk, content=content_of(old, body=text, visibility="private"))
    edit_note(author=bob, note_id=old.pk, content=content_of(old, body=text))
    assert found(first) == {}
    assert found(old) == {"text": (first.pk, False)}


def test_mending_a_letter_keeps_a_note_the_original(alice, bob, make_note, text, found):
    first = make_note(alice, body=text, ago=at(5))
    copy = make_note(bob, body=text, ago=at(3))
    found(copy)
    edit_note(author=alice, note_id=first.pk, content=content_of(first, body=text + " So."))
    assert found(first) == {}
    assert found(copy) == {"text": (first.pk, False)}


def test_when_the_original_goes_the_next_takes_its_place(
    alice, bob, charlie, make_note, text, found
):
    first, second, third = (
        make_note(person, body=text, ago=at(hours))
        for person, hours in ((alice, 5), (bob, 3), (charlie, 1))
    )
    assert found(third) == {"text": (first.pk, False)}
    delete_note(author=alice, note_id=first.pk)
    assert found(second) == {}
    assert found(third) == {"text": (second.pk, False)}


@pytest.mark.parametrize("visibility", ["private", "followers"])
def test_private_notes_are_the_original_of_nothing_and_those_for_followers_are(
    alice, charlie, make_note, text, found, visibility
):
    hidden = make_note(alice, body=text, ago=at(5), visibility=visibility)
    expected = {} if visibility == "private" else {"text": (hidden.pk, False)}
    assert found(make_note(charlie, body=text)) == expected


def test_what_staff_hid_is_not_new_when_it_comes_back(alice, bob, make_note, text, found):
    first = make_note(alice, body=text, ago=at(5))
    found(first)
    Note.objects.filter(pk=first.pk).update(hidden_at=timezone.now())
    assert found(make_note(bob, body=text)) == {"text": (first.pk, False)}


def test_short_notes_never_meet(alice, bob, make_note, found):
    make_note(alice, title="Good morning", body="Good morning, everybody!", ago=at(5))
    again = make_note(bob, title="Good morning", body="Good morning, everybody!")
    assert found(again) == {}
    assert not Band.objects.exists()


# ---------------------------------------------------------------- pictures
def test_pictures_are_followed_too(alice, bob, make_note, add_ready_picture, found):
    first, second = make_note(alice, ago=at(5)), make_note(bob, ago=at(3))
    add_ready_picture(first, HASH)
    copied, own = add_ready_picture(second, NEAR), add_ready_picture(second, FAR)
    services.keep_current([second.pk, first.pk], now=timezone.now())
    assert found(second) == {"pictures": (first.pk, False)}
    assert Likeness.objects.get().share == 0.5
    assert found(first) == {}
    remove_picture(author=bob, note_id=second.pk, image_id=copied.pk)
    assert found(second) == {}
    assert list(second.images.values_list("pk", flat=True)) == [own.pk]


def test_a_picture_put_into_an_old_note_later_is_no_original(
    alice, bob, make_note, add_ready_picture, found
):
    old, first = make_note(bob, ago=at(5000)), make_note(alice, ago=at(5))
    add_ready_picture(first, HASH)
    NoteImage.objects.filter(note=first).update(created_at=first.published_at)
    add_ready_picture(old, HASH)
    services.keep_current([old.pk, first.pk], now=timezone.now())
    assert found(first) == {}
    assert found(old) == {"pictures": (first.pk, False)}


def test_plain_and_drawn_pictures_are_not_compared(alice, bob, make_note, add_ready_picture, found):
    flat = {"measures": {"contrast": 3.0, "entropy": 0.4}}
    for person, extra in ((alice, flat), (bob, flat)):
        note = make_note(person)
        add_ready_picture(note, HASH, **extra)
        NoteImage.objects.create(
            note=note, position=9, state="ready", is_text_card=True, phash=HASH, token=person.pk,
            created_at=timezone.now(), measures={"contrast": 50.0, "entropy": 7.0},
        )  # fmt: skip
    services.keep_current(Note.objects.values_list("pk", flat=True), now=timezone.now())
    assert found(note) == {}


# ---------------------------------------------------------------- repair and poison
def test_what_was_lost_is_found_on_schedule(alice, bob, make_note, text, add_ready_picture, found):
    from community.outbox.models import Job

    first, copy = (make_note(person, body=text, ago=at(h)) for person, h in ((alice, 5), (bob, 3)))
    Job.objects.all().delete()
    assert tasks.repair.once() == 2
    assert found(copy) == {"text": (first.pk, False)}
    for note in (first, copy):
        add_ready_picture(note, HASH)
    assert tasks.repair.once() == 2
    assert found(copy).keys() == {"text", "pictures"}
    Note.objects.filter(pk=first.pk).update(deleted_at=timezone.now())
    assert tasks.repair.once() == 1
    assert found(copy) == {}
    assert tasks.repair.once() == 0


def test_a_thousand_notes_of_the_same_words_do_not_make_lookups_grow(alice, bob, make_note, text):
    """As many statements for the thousandth as for the tenth, and as many rows read."""
    template = make_note(alice, body=text, ago=at(900))
    now = timezone.now()

    def flood(number: int) -> list[int]:
        return [
            note.pk
            for note in Note.objects.bulk_create(
                Note(
                    author=bob, title=template.title, body=text, channel=template.channel,
                    state="published", created_at=now, published_at=now + at(i / 1000),
                )
                for i in range(number)
            )
        ]  # fmt: skip

    services.keep_current([template.pk, *flood(10)], now=now)

    def statements() -> int:
        (newcomer,) = flood(1)
        with CaptureQueriesContext(connection) as asked:
            services.keep_current([newcomer], now=now)
        row = Likeness.objects.get(note=newcomer)
        assert (row.original_id, row.own) == (template.pk, False)
        return len(asked)

    few = statements()
    for _ in range(2):
        services.keep_current(flood(500), now=now)
    assert statements() == few
    assert NotePrint.objects.count() == Note.objects.count()
    assert Likeness.objects.filter(original=template).count() == Note.objects.count() - 1
