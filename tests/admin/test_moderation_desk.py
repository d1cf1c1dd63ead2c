from __future__ import annotations

import io

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from PIL import Image

from community.models import Note, NoteImage
from community.moderation.models import Decision
from community.moderation.services import hide_note, last_decision_id, report_note
from community.services.comments import add_comment
from community.services.pictures import add_picture, renditions_path

from .conftest import allow, logged_in

QUEUE = "/admin/moderation/report/"


def decide_url(kind, thing, act):
    return reverse("admin:moderation_decide", args=[kind, thing.pk, act])


@pytest.fixture
def picture(alice, make_note):
    """A small JPEG as it stands after processing."""
    note = make_note(alice)
    upload = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(upload, "JPEG")
    image = add_picture(author=alice, note_id=note.pk, upload=upload, alt="a teal bowl")
    folder = renditions_path(image.token)
    folder.mkdir(parents=True)
    (folder / "240.jpg").write_bytes(upload.getvalue())
    rendition = {"width": 240, "height": 180, "format": "jpeg", "filename": "240.jpg", "bytes": 1}
    NoteImage.objects.filter(pk=image.pk).update(state="ready", renditions=[rendition])
    return NoteImage.objects.get(pk=image.pk)


def test_reports_of_one_note_are_one_case_with_count_reasons_words_and_pictures(
    bob, charlie, picture, at_the_desk
):
    for reporter, reason, words in ((bob, "spam", "<b>buy</b>"), (charlie, "stolen", "")):
        report_note(reporter=reporter, note_id=picture.note_id, reason=reason, words=words)
    page = at_the_desk.get(QUEUE).content.decode()
    assert page.count('class="desk-case"') == 1
    assert '<span class="desk-count">2</span>' in page
    assert "Spam or advertising" in page
    assert "Somebody else" in page
    assert "&lt;b&gt;buy" in page
    assert reverse("admin:community_picture", args=[picture.pk]) in page
    assert "a teal bowl" in page


def test_the_queue_asks_the_same_number_of_queries_for_one_case_and_for_many(
    alice, bob, charlie, make_note, at_the_desk, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def report_a_new_one(number):
        note = make_note(alice, f"Bowl number {number}")
        report_note(reporter=bob, note_id=note.pk, reason="spam")

    report_a_new_one(0)
    with CaptureQueriesContext(connection) as one:
        at_the_desk.get(QUEUE)
    for number in range(1, 6):
        report_a_new_one(number)
    with CaptureQueriesContext(connection) as six:
        at_the_desk.get(QUEUE)
    # One a case is asked on purpose: whether reports are still open decides its buttons.
    assert len(six) - len(one) <= 5


def test_hiding_asks_for_a_reason_and_goes_through_the_service(alice, bob, make_note, at_the_desk):
    note = make_note(alice)
    report_note(reporter=bob, note_id=note.pk, reason="spam")
    url = decide_url("note", note, "hide")
    form = at_the_desk.get(url, {"next": QUEUE}).content.decode()
    assert "textarea" in form
    assert Note.objects.get(pk=note.pk).hidden_at is None
    answer = at_the_desk.post(url, {"reason": "advertising", "seen": 0, "next": QUEUE})
    assert (answer.status_code, answer["Location"]) == (302, QUEUE)
    assert Note.objects.get(pk=note.pk).hidden_at is not None
    assert Decision.objects.get().reason == "advertising"
    assert LogEntry.objects.filter(change_message__contains="advertising").exists()
    assert "desk-case" not in at_the_desk.get(QUEUE).content.decode()
    assert "desk-case" in at_the_desk.get(QUEUE, {"settled": "1"}).content.decode()


def test_without_a_reason_nothing_happens_and_the_form_says_so(alice, make_note, at_the_desk):
    note = make_note(alice)
    answer = at_the_desk.post(decide_url("note", note, "hide"), {"reason": "  ", "seen": 0})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert Note.objects.get(pk=note.pk).hidden_at is None


def test_the_second_moderator_reads_409_and_the_state_and_is_on_record(
    alice, make_person, make_note, at_the_desk
):
    note = make_note(alice)
    seen = last_decision_id(note)
    first = allow(make_person("morgan"), "moderation.add_decision")
    hide_note(moderator=first, note_id=note.pk, reason="shows a face", seen=seen)
    answer = at_the_desk.post(decide_url("note", note, "keep"), {"reason": "fine", "seen": seen})
    assert answer.status_code == 409
    assert "shows a face" in answer.content.decode()
    assert Decision.objects.count() == 1
    assert LogEntry.objects.filter(change_message__contains="shows a face").exists()


def test_a_verdict_never_leads_to_another_site(alice, make_note, at_the_desk):
    note = make_note(alice)
    answer = at_the_desk.post(
        decide_url("note", note, "hide"),
        {"reason": "spam", "seen": 0, "next": "https://elsewhere.example/"},
    )
    assert answer["Location"] == f"/admin/community/note/{note.pk}/change/"


@pytest.mark.parametrize("path", ["decide/note/{pk}/explode/", "decide/user/{pk}/hide/"])
def test_unknown_verdicts_and_things_are_not_there(alice, make_note, at_the_desk, path):
    note = make_note(alice)
    assert at_the_desk.get(QUEUE + path.format(pk=note.pk)).status_code == 404
    assert (
        at_the_desk.get(
            decide_url("note", note, "hide").replace(str(note.pk), "999999")
        ).status_code
        == 404
    )


def test_staff_without_the_right_sees_no_buttons_and_is_refused(alice, bob, make_person, make_note):
    note = make_note(alice)
    report_note(reporter=bob, note_id=note.pk, reason="spam")
    reader = logged_in(
        allow(make_person("reader1"), "moderation.view_report", "community.view_note")
    )
    page = reader.get(QUEUE)
    assert page.status_code == 200
    assert "/decide/" not in page.content.decode()
    assert (
        reader.post(decide_url("note", note, "hide"), {"reason": "x", "seen": 0}).status_code == 403
    )
    assert Note.objects.get(pk=note.pk).hidden_at is None


def test_staff_without_any_right_sees_neither_queue_nor_notes_nor_pictures(make_person, picture):
    nobody = logged_in(allow(make_person("nora")))
    for url in (
        QUEUE,
        "/admin/community/note/",
        reverse("admin:community_picture", args=[picture.pk]),
    ):
        assert nobody.get(url).status_code == 403


def test_a_picture_of_a_hidden_note_is_shown_to_staff_and_kept_by_no_cache(
    keeper, picture, charlie, at_the_desk
):
    hide_note(moderator=keeper, note_id=picture.note_id, reason="spam")
    url = reverse("admin:community_picture", args=[picture.pk])
    answer = at_the_desk.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    assert logged_in(charlie).get(url).status_code == 302


def test_several_notes_are_hidden_with_one_reason_each_by_itself(
    alice, keeper, make_note, at_the_desk
):
    notes = [make_note(alice, f"Bowl {number}") for number in range(3)]
    hide_note(moderator=keeper, note_id=notes[0].pk, reason="earlier")
    chosen = {"action": "hide_selected", "_selected_action": [note.pk for note in notes]}
    asked = at_the_desk.post("/admin/community/note/", chosen)
    assert asked.status_code == 200
    assert Note.objects.filter(hidden_at=None).count() == 2
    done = at_the_desk.post("/admin/community/note/", chosen | {"reason": "a flood"}, follow=True)
    assert not Note.objects.filter(hidden_at=None).exists()
    assert list(Decision.objects.order_by("pk").values_list("reason", flat=True)) == [
        "earlier", "a flood", "a flood",
    ]  # fmt: skip
    assert "earlier" in done.content.decode()


def test_notes_cannot_be_changed_by_hand(alice, make_note, at_the_desk):
    note = make_note(alice)
    at_the_desk.post(
        f"/admin/community/note/{note.pk}/change/", {"title": "Mine now", "hidden_at": ""}
    )
    assert Note.objects.get(pk=note.pk).title == note.title
    assert (
        at_the_desk.post(f"/admin/community/note/{note.pk}/delete/", {"post": "yes"}).status_code
        == 403
    )


def test_comments_have_their_own_buttons(alice, bob, make_note, at_the_desk):
    comment = add_comment(author=bob, note_id=make_note(alice).pk, body="rude words")
    page = at_the_desk.get(f"/admin/community/comment/{comment.pk}/change/").content.decode()
    url = decide_url("comment", comment, "hide")
    assert url in page
    assert at_the_desk.post(url, {"reason": "rude", "seen": 0}).status_code == 302
    comment.refresh_from_db()
    assert comment.hidden_at is not None
