"""The quality report on the compose page, with and without JavaScript, and on the pool page."""

from __future__ import annotations

import pytest

from community.models import Note
from community.outbox.jobs import work_off
from community.services.pictures import add_picture
from feeds.models import QualityVerdict
from tests.rows import changed, contents

GOOD = {
    "title": "Glazing my first bowl",
    "body": "I mixed ash and feldspar, dipped twice and waited a whole night for the kiln to cool."
    " The rim turned sea green where the glaze ran thin, and I would do it all again.",
    "tags": "pottery, glaze, kiln",
    "channel": "pottery",
    "visibility": "public",
}


def report(client, typed):
    answer = client.post("/compose/quality/", typed)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_compose_page_asks_for_the_report(alice, as_person):
    html = as_person(alice).get("/compose/").content.decode()
    assert 'hx-post="/compose/quality/"' in html
    assert 'name="act" value="check"' in html


def test_what_is_typed_is_judged_and_nothing_is_saved(alice, as_person):
    client = as_person(alice)
    before = contents()
    html = report(client, GOOD)
    assert "Above the bar of Pottery" in html
    assert "There is no picture" not in html  # the server would draw a card
    assert "The cover is a text card." in html
    assert not changed(before, contents())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "The note has no title."),
        ({"title": "t" * 300}, "The title is long and will be cut."),
        ({"body": ""}, "There is no text."),
        ({"tags": ""}, "There are no tags."),
        ({"tags": ",".join(f"tag{n}" for n in range(30))}, "There are too many tags."),
        ({"body": GOOD["body"] + " 加微信：abc_def"}, "It looks like advertising"),
        ({"visibility": "private"}, "Only notes for everybody are recommended"),
        ({"title": "", "body": "", "tags": ""}, "Below the bar of Pottery"),
        ({"channel": "no-such"}, "Quality"),
        ({"order": ["999999999999999999", "x", "9" * 5000]}, "Quality"),
        ({"body": "\x00\u202e" + "b" * 20_000}, "Quality"),
    ],
)
def test_each_fault_is_told_while_typing(alice, as_person, typed, said):
    assert said in report(as_person(alice), GOOD | typed)


def test_an_empty_form_is_no_error(alice, as_person):
    assert "Quality" in report(as_person(alice), {})


def test_only_people_and_only_about_their_own(alice, bob, make_note, as_person):
    note = make_note(alice, publish=False)
    assert as_person(None).post("/compose/quality/", GOOD).status_code == 302
    assert as_person(bob).post("/compose/quality/", GOOD | {"note": note.pk}).status_code == 404
    assert as_person(bob).get(f"/notes/{note.pk}/quality/").status_code == 404
    assert as_person(alice).get("/compose/quality/").status_code == 405


def test_pictures_count_once_they_are_ready_and_strangers_never(
    alice, bob, make_note, as_person, photo
):
    note = make_note(alice, publish=False)
    picture = add_picture(author=alice, note_id=note.pk, upload=photo(), name="a.jpg")
    typed = GOOD | {"note": note.pk, "order": [picture.pk]}
    assert "still being prepared" in report(as_person(alice), typed)
    work_off("media")
    html = report(as_person(alice), typed)
    assert "still being prepared" not in html
    assert "There are few pictures." in html
    assert "The cover is a text card." in report(as_person(bob), GOOD | {"order": [picture.pk]})


def test_without_javascript_the_draft_is_saved_and_its_report_shown(alice, as_person):
    client = as_person(alice)
    answer = client.post("/compose/", GOOD | {"act": "check"})
    note = Note.objects.get()
    assert answer.headers["Location"] == f"/notes/{note.pk}/quality/"
    assert not note.is_published
    html = client.get(answer.headers["Location"]).content.decode()
    assert "Above the bar of Pottery" in html
    assert f'href="/notes/{note.pk}/edit/"' in html


def test_what_was_foretold_is_the_verdict(alice, make_note, as_person, work_off):
    """The draft's report and the verdict after publishing are one rule."""
    from community.services.writing import publish_note
    from feeds.quality.report import report_on_note

    note = make_note(alice, publish=False)
    from django.utils import timezone

    foretold = report_on_note(note, now=timezone.now())
    publish_note(author=alice, note_id=note.pk)
    note.images.update(state="ready")
    work_off()
    verdict = QualityVerdict.objects.get(note=note)
    assert verdict.score == pytest.approx(foretold.total, abs=0.001)
    assert verdict.passes == foretold.passes
    html = as_person(alice).get(f"/notes/{note.pk}/pool/").content.decode()
    assert "No earlier note is like it." in html
    assert "Originality" in html
