from __future__ import annotations

import pytest

from accounts.errors import Invalid, NotAllowed, NotFound
from accounts.services import block_user
from community.models import Note
from community.moderation.models import Report
from community.moderation.services import hide_note, report_comment, report_note
from community.services.comments import add_comment


def test_a_report_is_kept_with_its_reason_and_words(alice, charlie, make_note):
    note = make_note(alice)
    report = report_note(reporter=charlie, note_id=note.pk, reason="spam", words=" buy\x00 this ")
    assert (report.note_id, report.reason, report.words) == (note.pk, "spam", "buy this")


def test_reporting_again_says_it_better_and_stays_one_report(alice, charlie, make_note):
    note = make_note(alice)
    first = report_note(reporter=charlie, note_id=note.pk, reason="spam")
    again = report_note(reporter=charlie, note_id=note.pk, reason="stolen", words="my photo")
    assert first.pk == again.pk
    assert list(Report.objects.values_list("reason", "words")) == [("stolen", "my photo")]


def test_a_settled_report_is_not_reopened_by_the_same_reader(
    alice, bob, charlie, moderator, make_note
):
    note = make_note(alice)
    report_note(reporter=charlie, note_id=note.pk, reason="spam")
    hide_note(moderator=moderator, note_id=note.pk, reason="advertising")
    Note.objects.filter(pk=note.pk).update(hidden_at=None)
    again = report_note(reporter=charlie, note_id=note.pk, reason="abuse")
    assert again.settled_at is not None
    assert again.reason == "spam"


def test_nobody_reports_what_they_cannot_see(alice, charlie, make_note):
    note = make_note(alice, visibility="private")
    with pytest.raises(NotFound):
        report_note(reporter=charlie, note_id=note.pk, reason="spam")
    block_user(blocker=alice, blocked=charlie)
    with pytest.raises(NotFound):
        report_note(reporter=charlie, note_id=make_note(alice).pk, reason="spam")


def test_comments_are_reported_through_the_gate_of_their_note(alice, bob, charlie, make_note):
    note = make_note(alice, visibility="followers")
    comment = add_comment(author=bob, note_id=note.pk, body="lovely")
    with pytest.raises(NotFound):
        report_comment(reporter=charlie, comment_id=comment.pk, reason="abuse")
    assert report_comment(reporter=alice, comment_id=comment.pk, reason="abuse").comment == comment


@pytest.mark.parametrize(
    ("said", "field"),
    [({"reason": "boring"}, "reason"), ({"reason": "spam", "words": "x" * 501}, "words")],
)
def test_a_report_that_makes_no_sense_names_its_field(alice, charlie, make_note, said, field):
    with pytest.raises(Invalid) as refusal:
        report_note(reporter=charlie, note_id=make_note(alice).pk, **said)
    assert refusal.value.field == field


def test_nobody_reports_their_own_and_visitors_log_in_first(alice, make_note):
    from django.contrib.auth.models import AnonymousUser

    note = make_note(alice)
    with pytest.raises(Invalid):
        report_note(reporter=alice, note_id=note.pk, reason="spam")
    with pytest.raises(NotAllowed):
        report_note(reporter=AnonymousUser(), note_id=note.pk, reason="spam")
