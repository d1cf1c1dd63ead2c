"""An appeal: once, in time, to somebody else; what was wrong is made good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from community.models import Note, NoteStats
from community.moderation import ending
from community.moderation.appeals import AppealedAlready, TooLate, appeal, review
from community.moderation.deciding import decide_case, decide_thing
from community.moderation.errors import AlreadyDecided, OwnCase
from community.moderation.models import Appeal, Case, LogLine, Report, Strike
from community.moderation.reports import report_comment, report_note
from community.moderation.verdicts import Verdict
from community.notifications.models import Notification
from community.services.comments import add_comment
from community.services.writing import delete_note
from feeds import pool_keeper
from feeds.models import LiveNote, PoolEntry, PoolTransition
from feeds.pool_page import pool_page

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def decided(alice, charlie, moderator, make_note, work_off):
    """Alice's note in its first pool, hidden an hour after it was published."""
    note = make_note(alice)
    work_off()
    report_note(reporter=charlie, note_id=note.pk, reason="spam")
    now = timezone.now()
    [decision] = decide_case(
        by=moderator, case_id=Case.objects.get().pk,
        verdict=Verdict(act="hide", guideline="spam"), now=now,
    )  # fmt: skip
    work_off()
    return decision, note, now


def kinds(person):
    return list(
        Notification.objects.filter(person=person).order_by("pk").values_list("kind", flat=True)
    )


def test_overturned_all_is_as_it_was_with_the_time_in_the_pool(
    decided, alice, charlie, senior, work_off
):
    decision, note, now = decided
    before = PoolEntry.objects.get(pk=note.pk)
    assert before.state == "held"
    made = appeal(by=alice, decision_id=decision.pk, words="It is no advert", now=now + HOUR)
    later = now + 30 * HOUR
    pool_keeper.advance(now=later)
    review(by=senior, appeal_id=made.pk, overturn=True, words="Right you are", now=later)
    pool_keeper.advance(now=later)  # before any worker came
    work_off()
    assert Note.objects.visible_to(None).filter(pk=note.pk).exists()
    assert LiveNote.objects.get(pk=note.pk).recommended
    after = PoolEntry.objects.get(pk=note.pk)
    assert after.state == "running"
    assert (after.due_at - before.due_at, after.started_at - before.started_at) == (
        30 * HOUR, 30 * HOUR,
    )  # fmt: skip
    pool_keeper.advance(now=later)
    assert PoolEntry.objects.get(pk=note.pk).state == "running"  # not judged for the lost time
    assert PoolTransition.objects.filter(note=note, reason="time_back").count() == 1
    texts = [step.text for step in pool_page(Note.objects.get(pk=note.pk), now=later).steps]
    assert any("30.0 hours it lost are given back" in text for text in texts)
    assert kinds(alice) == ["hidden", "appeal"]
    assert kinds(charlie) == ["report", "report"]
    assert Report.objects.get().outcome == "dismissed"
    assert Strike.objects.counting(later).count() == 0
    decision.refresh_from_db()
    assert decision.is_overturned


def test_counts_are_as_before_when_a_hidden_comment_returns(
    alice, bob, charlie, moderator, senior, make_note
):
    note = make_note(alice)
    comment = add_comment(author=bob, note_id=note.pk, body="Lovely")
    report_comment(reporter=charlie, comment_id=comment.pk, reason="abuse")
    [decision] = decide_case(
        by=moderator, case_id=Case.objects.get().pk, verdict=Verdict(act="hide", guideline="abuse")
    )
    assert NoteStats.objects.get(note=note).comments == 0
    made = appeal(by=bob, decision_id=decision.pk, words="It was kind")
    review(by=senior, appeal_id=made.pk, overturn=True, words="It was")
    assert NoteStats.objects.get(note=note).comments == 1


def test_upheld_nothing_moves_and_the_author_reads_why(decided, alice, charlie, senior):
    decision, note, _now = decided
    made = appeal(by=alice, decision_id=decision.pk, words="No")
    review(by=senior, appeal_id=made.pk, overturn=False, words="It names a shop")
    assert not Note.objects.visible_to(None).filter(pk=note.pk).exists()
    assert "It names a shop" in Notification.objects.filter(person=alice).last().words
    assert kinds(charlie) == ["report"]
    assert LogLine.objects.filter(act="reviewed", actor=senior).exists()


def test_an_overturned_suspension_opens_the_account(alice, charlie, make_senior, make_note):
    first, second = make_senior("selma"), make_senior("sven")
    report_note(reporter=charlie, note_id=make_note(alice).pk, reason="spam")
    verdict = Verdict(act="suspend", guideline="spam", days=30)
    decision = decide_case(by=first, case_id=Case.objects.get().pk, verdict=verdict)[-1]
    made = appeal(by=alice, decision_id=decision.pk, words="No")
    review(by=second, appeal_id=made.pk, overturn=True, words="Right")
    alice.refresh_from_db()
    assert (alice.is_active, alice.suspended_at) == (True, None)


def test_no_time_is_given_back_to_what_its_author_deleted(decided, alice, senior):
    decision, note, now = decided
    made = appeal(by=alice, decision_id=decision.pk, words="No", now=now + HOUR)
    delete_note(author=alice, note_id=note.pk, now=now + HOUR)
    review(by=senior, appeal_id=made.pk, overturn=True, words="Yes", now=now + 2 * HOUR)
    assert not PoolTransition.objects.filter(reason="time_back").exists()


def test_no_time_is_given_back_while_another_decision_keeps_the_note(
    alice, charlie, moderator, senior, make_note, work_off
):
    note = make_note(alice)
    work_off()
    report_note(reporter=charlie, note_id=note.pk, reason="spam")
    now = timezone.now()
    [limited] = decide_case(
        by=moderator, case_id=Case.objects.get().pk,
        verdict=Verdict(act="limit", guideline="spam"), now=now,
    )  # fmt: skip
    decide_thing(
        by=moderator, kind="note", pk=note.pk, verdict=Verdict(act="hide", words="Worse"),
        now=now + HOUR,
    )  # fmt: skip
    made = appeal(by=alice, decision_id=limited.pk, words="No", now=now + 2 * HOUR)
    review(by=senior, appeal_id=made.pk, overturn=True, words="Yes", now=now + 3 * HOUR)
    assert not PoolTransition.objects.filter(reason="time_back").exists()


def test_a_decision_is_appealed_once(decided, alice):
    decision, _note, _now = decided
    appeal(by=alice, decision_id=decision.pk, words="No")
    with pytest.raises(AppealedAlready):
        appeal(by=alice, decision_id=decision.pk, words="No, no")
    assert Appeal.objects.count() == 1


def test_after_twenty_days_it_is_too_late(decided, alice):
    decision, _note, now = decided
    with pytest.raises(TooLate):
        appeal(by=alice, decision_id=decision.pk, words="No", now=now + 20 * DAY)
    appeal(by=alice, decision_id=decision.pk, words="No", now=now + 20 * DAY - HOUR)


def test_only_its_author_appeals(decided, bob, charlie):
    decision, _note, _now = decided
    for person in (bob, charlie):
        with pytest.raises(NotFound):
            appeal(by=person, decision_id=decision.pk, words="No")


def test_what_was_taken_back_is_not_appealed(decided, alice, moderator):
    decision, _note, _now = decided
    ending.take_back(by=moderator, decision_id=decision.pk, words="My mistake")
    with pytest.raises(Conflict):
        appeal(by=alice, decision_id=decision.pk, words="No")


def test_an_appeal_says_why(decided, alice):
    decision, _note, _now = decided
    for words in (" ", "x" * 1_001):
        with pytest.raises(Invalid):
            appeal(by=alice, decision_id=decision.pk, words=words)


def test_never_the_same_moderator_and_never_without_the_right(decided, alice, moderator, make_note):
    from django.contrib.auth.models import Group

    from accounts.models import User

    decision, _note, _now = decided
    made = appeal(by=alice, decision_id=decision.pk, words="No")
    with pytest.raises(NotAllowed):
        review(by=moderator, appeal_id=made.pk, overturn=False, words="I was right")
    moderator.groups.add(Group.objects.get(name="Senior moderators"))
    with pytest.raises(OwnCase):
        review(
            by=User.objects.get(pk=moderator.pk), appeal_id=made.pk, overturn=False, words="I was"
        )
    assert Appeal.objects.get().state == "open"
    assert LogLine.objects.filter(act="refused", actor=moderator).count() == 2


def test_the_second_reviewer_of_two_is_told_what_was_decided(decided, alice, make_senior):
    decision, _note, _now = decided
    made = appeal(by=alice, decision_id=decision.pk, words="No")
    review(by=make_senior("selma"), appeal_id=made.pk, overturn=True, words="Right")
    with pytest.raises(AlreadyDecided) as refusal:
        review(by=make_senior("sven"), appeal_id=made.pk, overturn=False, words="Wrong")
    assert "selma" in str(refusal.value)
    assert LogLine.objects.filter(act="refused").count() == 1


def test_what_ended_by_itself_may_still_be_found_wrong(
    alice, charlie, moderator, senior, make_note
):
    report_note(reporter=charlie, note_id=make_note(alice).pk, reason="spam")
    now = timezone.now()
    [decision] = decide_case(
        by=moderator, case_id=Case.objects.get().pk,
        verdict=Verdict(act="hide", guideline="spam", days=1), now=now,
    )  # fmt: skip
    ending.end_what_is_over(now=now + DAY)
    made = appeal(by=alice, decision_id=decision.pk, words="No", now=now + 2 * DAY)
    review(by=senior, appeal_id=made.pk, overturn=True, words="Yes", now=now + 3 * DAY)
    decision.refresh_from_db()
    assert decision.is_overturned
    assert decision.ended_at == now + DAY
    assert Strike.objects.counting(now + 3 * DAY).count() == 0
