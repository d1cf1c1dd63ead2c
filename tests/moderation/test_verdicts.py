from __future__ import annotations

import pytest

from accounts.errors import Invalid, NotAllowed, NotFound
from community import signals
from community.models import Note, NoteStats
from community.moderation.errors import AlreadyDecided
from community.moderation.models import Decision, Report
from community.moderation.services import (
    hide_comment,
    hide_note,
    keep_note,
    last_decision_id,
    report_note,
    restore_comment,
    restore_deleted_note,
    restore_note,
)
from community.notifications.models import Notification
from community.services.comments import add_comment, delete_comment
from community.services.writing import delete_note


def sees(viewer, note) -> bool:
    return Note.objects.visible_to(viewer).filter(pk=note.pk).exists()


def comments_counted(note) -> int:
    return NoteStats.objects.get(note=note).comments


def test_a_hidden_note_is_gone_for_everybody_but_its_author(
    alice, bob, charlie, moderator, make_note
):
    note = make_note(alice)
    before = Note.objects.get(pk=note.pk).revision
    hide_note(moderator=moderator, note_id=note.pk, reason="advertising")
    assert [sees(viewer, note) for viewer in (alice, bob, charlie, None)] == [
        True,
        False,
        False,
        False,
    ]
    assert Note.objects.get(pk=note.pk).revision > before
    restore_note(moderator=moderator, note_id=note.pk, reason="it was not")
    assert all(sees(viewer, note) for viewer in (alice, bob, charlie, None))


def test_the_author_reads_the_reason_of_each_verdict(alice, moderator, make_note):
    note = make_note(alice)
    hide_note(moderator=moderator, note_id=note.pk, reason="shows a phone number")
    restore_note(moderator=moderator, note_id=note.pk, reason="number removed")
    told = (
        Notification.objects.filter(person=alice)
        .order_by("pk")
        .values_list("kind", "words", "actor")
    )
    assert list(told) == [
        ("hidden", "shows a phone number", None),
        ("restored", "number removed", None),
    ]


def test_listeners_hear_of_withdrawal_and_return(alice, moderator, make_note):
    heard = []

    def hear(signal, note_id, **_):
        heard.append((signal is signals.note_withdrawn, note_id))

    for signal in (signals.note_withdrawn, signals.note_returned):
        signal.connect(hear, weak=False, dispatch_uid="hear")
    try:
        note = make_note(alice)
        hide_note(moderator=moderator, note_id=note.pk, reason="x")
        restore_note(moderator=moderator, note_id=note.pk, reason="y")
    finally:
        for signal in (signals.note_withdrawn, signals.note_returned):
            signal.disconnect(dispatch_uid="hear")
    assert heard == [(True, note.pk), (False, note.pk)]


def test_the_same_verdict_twice_is_told_and_written_once(alice, make_moderator, make_note):
    note, one, other = make_note(alice), make_moderator("morgan"), make_moderator("nora")
    hide_note(moderator=one, note_id=note.pk, reason="spam")
    with pytest.raises(AlreadyDecided) as refusal:
        hide_note(moderator=other, note_id=note.pk, reason="spam, too")
    assert "morgan" in str(refusal.value)
    assert "spam" in str(refusal.value)
    assert Decision.objects.count() == Notification.objects.filter(person=alice).count() == 1


@pytest.mark.parametrize("first", ["hide", "keep"])
def test_of_two_opposite_verdicts_the_first_stands(
    alice, charlie, make_moderator, make_note, first
):
    """Both looked before anything was decided; the second is refused with the state."""
    note, one, other = make_note(alice), make_moderator("morgan"), make_moderator("nora")
    report_note(reporter=charlie, note_id=note.pk, reason="spam")
    seen = last_decision_id(note)
    verdicts = {"hide": hide_note, "keep": keep_note}
    second = "keep" if first == "hide" else "hide"
    verdicts[first](moderator=one, note_id=note.pk, reason="I looked", seen=seen)
    with pytest.raises(AlreadyDecided) as refusal:
        verdicts[second](moderator=other, note_id=note.pk, reason="me too", seen=seen)
    assert "I looked" in str(refusal.value)
    assert refusal.value.status == 409
    assert list(Decision.objects.values_list("act", flat=True)) == [first]
    assert sees(None, note) is (first == "keep")


def test_a_verdict_settles_the_open_reports_of_its_note_only(
    alice, bob, charlie, moderator, make_note
):
    note, other = make_note(alice), make_note(alice, "Another bowl")
    for reporter in (bob, charlie):
        report_note(reporter=reporter, note_id=note.pk, reason="spam")
    report_note(reporter=bob, note_id=other.pk, reason="spam")
    keep_note(moderator=moderator, note_id=note.pk, reason="fine")
    assert Report.objects.filter(note=note, settled_at=None).count() == 0
    assert Report.objects.filter(note=other, settled_at=None).count() == 1
    assert sees(None, note)
    assert not Notification.objects.filter(person=alice, kind="hidden").exists()


def test_staff_brings_back_what_its_author_deleted(alice, moderator, make_note):
    note = make_note(alice)
    with pytest.raises(AlreadyDecided):
        restore_deleted_note(moderator=moderator, note_id=note.pk, reason="asked for")
    delete_note(author=alice, note_id=note.pk)
    assert not sees(alice, note)
    restore_deleted_note(moderator=moderator, note_id=note.pk, reason="asked for")
    assert sees(alice, note)
    assert sees(None, note)


def test_a_deleted_note_that_was_hidden_comes_back_hidden(alice, moderator, make_note):
    note = make_note(alice)
    hide_note(moderator=moderator, note_id=note.pk, reason="spam")
    delete_note(author=alice, note_id=note.pk)
    with pytest.raises(AlreadyDecided):
        restore_note(moderator=moderator, note_id=note.pk, reason="oops")
    restore_deleted_note(moderator=moderator, note_id=note.pk, reason="asked for")
    assert sees(alice, note)
    assert not sees(None, note)


def test_the_comment_count_is_exact_after_hiding_and_restoring(alice, bob, moderator, make_note):
    note = make_note(alice)
    first = add_comment(author=bob, note_id=note.pk, body="one")
    add_comment(author=bob, note_id=note.pk, body="two")
    hide_comment(moderator=moderator, comment_id=first.pk, reason="rude")
    assert comments_counted(note) == 1
    with pytest.raises(AlreadyDecided):
        hide_comment(moderator=moderator, comment_id=first.pk, reason="rude")
    assert comments_counted(note) == 1
    restore_comment(moderator=moderator, comment_id=first.pk, reason="not rude")
    assert comments_counted(note) == 2
    with pytest.raises(AlreadyDecided):
        restore_comment(moderator=moderator, comment_id=first.pk, reason="again")
    assert comments_counted(note) == 2


def test_a_deleted_comment_cannot_be_hidden_or_restored(alice, bob, moderator, make_note):
    note = make_note(alice)
    comment = add_comment(author=bob, note_id=note.pk, body="one")
    delete_comment(actor=bob, comment_id=comment.pk)
    for verdict in (hide_comment, restore_comment):
        with pytest.raises(AlreadyDecided):
            verdict(moderator=moderator, comment_id=comment.pk, reason="rude")
    assert comments_counted(note) == 0


def test_only_who_has_the_right_decides(alice, charlie, make_note):
    note = make_note(alice)
    charlie.is_staff = True
    charlie.save()
    for person in (alice, charlie):
        with pytest.raises(NotAllowed):
            hide_note(moderator=person, note_id=note.pk, reason="because")
    assert sees(None, note)


def test_a_verdict_needs_a_reason_and_a_note(alice, moderator, make_note):
    note = make_note(alice)
    for reason in ("", " \u200b ", "x" * 501):
        with pytest.raises(Invalid):
            hide_note(moderator=moderator, note_id=note.pk, reason=reason)
    with pytest.raises(NotFound):
        hide_note(moderator=moderator, note_id=note.pk + 999, reason="spam")


def test_a_draft_is_nobodys_business(alice, moderator, make_note):
    draft = make_note(alice, publish=False)
    with pytest.raises(AlreadyDecided):
        hide_note(moderator=moderator, note_id=draft.pk, reason="spam")
