"""A cropped picture takes the place of the one it was cut from."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.errors import DomainError, Invalid
from community.models import NoteImage
from community.outbox.jobs import work_off
from community.services import picture_work
from community.services.covers import choose_second_cover
from community.services.pictures import (
    add_picture,
    renditions_path,
    replace_picture,
    upload_path,
)


@pytest.fixture
def draft(alice, make_note, photo):
    """Three pictures that are ready, the second described and chosen as second cover."""
    note = make_note(alice, publish=False)
    for alt in ("", "A bowl", ""):
        add_picture(author=alice, note_id=note.pk, upload=photo(), alt=alt)
    work_off("media")
    second = note.images.get(position=1)
    choose_second_cover(author=alice, note_id=note.pk, image_id=second.pk)
    return note


def in_order(note):
    return list(note.images.order_by("position", "pk"))


def test_it_stands_in_the_old_place_with_the_old_description(draft, alice, photo):
    first, old, third = in_order(draft)
    new = replace_picture(
        author=alice, note_id=draft.pk, image_id=old.pk, upload=photo(size=(200, 200))
    )
    work_off("media")
    new.refresh_from_db()
    assert [image.pk for image in in_order(draft)] == [first.pk, new.pk, third.pk]
    assert (new.alt, new.second_cover, new.state) == ("A bowl", "chosen", "ready")
    assert (new.width, new.height) == (200, 200)


def test_nothing_of_what_was_cut_away_is_kept(
    draft, alice, photo, django_capture_on_commit_callbacks
):
    old = in_order(draft)[1]
    with django_capture_on_commit_callbacks(execute=True):
        replace_picture(author=alice, note_id=draft.pk, image_id=old.pk, upload=photo())
    assert not NoteImage.objects.filter(pk=old.pk).exists()
    assert not renditions_path(old.token).exists()
    assert not upload_path(old.token).exists()


def test_a_file_that_is_no_picture_changes_nothing(draft, alice):
    before = [image.pk for image in in_order(draft)]
    svg = SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    with pytest.raises(Invalid):
        replace_picture(author=alice, note_id=draft.pk, image_id=before[1], upload=svg)
    assert [image.pk for image in in_order(draft)] == before


def test_nobody_replaces_a_picture_of_somebody_else(draft, bob, photo, as_person):
    old = in_order(draft)[1]
    with pytest.raises(DomainError):
        replace_picture(author=bob, note_id=draft.pk, image_id=old.pk, upload=photo())
    sent = as_person(bob).post(f"/pictures/{old.pk}/replace/", {"picture": photo()})
    assert sent.status_code in (403, 404)
    assert NoteImage.objects.filter(pk=old.pk).exists()


def test_a_picture_of_another_note_of_ones_own_is_not_found(draft, alice, make_note, photo):
    other = make_note(alice, "Another", publish=False)
    with pytest.raises(DomainError):
        replace_picture(
            author=alice, note_id=other.pk, image_id=in_order(draft)[0].pk, upload=photo()
        )


def test_the_page_gets_the_new_row_and_the_version_of_the_words(draft, alice, photo, as_person):
    old = in_order(draft)[1]
    client = as_person(alice)
    answer = client.post(f"/pictures/{old.pk}/replace/", {"picture": photo()}).json()
    assert f'name="order" value="{answer["id"]}"' in answer["row"]
    page = client.get(f"/notes/{draft.pk}/edit/").content.decode()
    assert f'name="version" value="{answer["version"]}"' in page


def test_a_published_note_gets_its_new_card(note_with_picture, alice, photo):
    from community.services.writing import publish_note

    note = note_with_picture(alice)
    publish_note(author=alice, note_id=note.pk)
    note.refresh_from_db()
    revision = note.revision
    replace_picture(author=alice, note_id=note.pk, image_id=in_order(note)[0].pk, upload=photo())
    work_off("media")
    note.refresh_from_db()
    assert note.revision > revision
    assert [image.is_text_card for image in in_order(note)] == [False]


@pytest.mark.parametrize("too_late", ["before its files were read", "while they were read"])
def test_a_picture_that_goes_while_it_is_prepared_leaves_nothing(
    alice, make_note, photo, monkeypatch, too_late
):
    note = make_note(alice, publish=False)
    old = add_picture(author=alice, note_id=note.pk, upload=photo())
    read = picture_work.process_picture

    def meanwhile(source, target):
        made = read(source, target) if too_late.startswith("while") else None
        NoteImage.objects.filter(pk=old.pk).delete()
        if made is None:
            raise FileNotFoundError(source)
        return made

    monkeypatch.setattr(picture_work, "process_picture", meanwhile)
    picture_work.make_ready(old, now=timezone.now())
    assert not renditions_path(old.token).exists()
    assert not upload_path(old.token).exists()
