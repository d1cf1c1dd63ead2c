"""What belongs together is one case; who has it in hand; what comes first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.limits import TooOften
from accounts.models import User
from community import signals
from community.models import Note
from community.moderation import cases, tasks
from community.moderation.deciding import decide_case
from community.moderation.errors import InOtherHands
from community.moderation.models import Case, CaseThing, LogLine, Report
from community.moderation.reports import (
    report_comment,
    report_note,
    report_person,
    withdraw_report,
    withdraw_report_about,
)
from community.moderation.verdicts import Verdict
from community.originality.models import Likeness
from community.services.comments import add_comment
from feeds.models import NoteHour
from feeds.trust.models import Mark

HIDE = Verdict(act="hide", guideline="spam")


def alike(note, original, what="text"):
    Likeness.objects.create(
        note=note, original=original, what=what, own=False, share=0.9, found_at=timezone.now()
    )


def the_case():
    return Case.objects.get(state="open")


def test_reports_of_one_thing_are_one_case_with_all_its_reporters(alice, bob, charlie, make_note):
    note = make_note(alice)
    for reporter, reason in ((bob, "spam"), (charlie, "violence")):
        report_note(reporter=reporter, note_id=note.pk, reason=reason)
    case = the_case()
    assert [row.key for row in case.things.all()] == [("note", note.pk)]
    assert (case.reporters, case.severity) == (2, 4)
    assert case.credence == pytest.approx(0.75)
    assert case.priority == pytest.approx(8 * 0.75)
    assert {report.excerpt.split("\n")[0] for report in case.reports.all()} == {note.title}


def test_notes_nearly_the_same_join_one_case_copies_of_copies_too(
    alice, bob, charlie, make_person, make_note
):
    original, copy, sibling = make_note(alice), make_note(bob), make_note(make_person("dana"))
    alike(copy, original)
    alike(sibling, original, "pictures")
    report_note(reporter=charlie, note_id=copy.pk, reason="stolen")
    report_note(reporter=charlie, note_id=sibling.pk, reason="stolen")
    report_note(reporter=charlie, note_id=make_note(alice).pk, reason="spam")
    assert Case.objects.count() == 2
    first = Case.objects.order_by("pk")[0]
    assert list(first.things.values_list("note", "why")) == [
        (copy.pk, "reported"), (sibling.pk, "alike"),
    ]  # fmt: skip


def test_accounts_of_one_device_are_one_case(alice, bob, charlie, make_person):
    dana = make_person("dana")
    for person in (alice, dana):
        Mark.objects.create(person=person, kind=2, week=timezone.now().date(), mark="m" * 32)
    Mark.objects.create(person=bob, kind=1, week=timezone.now().date(), mark="m" * 32)
    for person in (alice, dana, bob):
        report_person(reporter=charlie, person_id=person.pk, reason="abuse")
    sizes = sorted(case.things.count() for case in Case.objects.all())
    assert sizes == [1, 2]
    assert CaseThing.objects.get(person=dana).why == "hands"


def test_a_device_of_many_is_nobodys(alice, charlie, make_person):
    people = [make_person(f"pupil{number}") for number in range(6)]
    for person in people:
        Mark.objects.create(person=person, kind=2, week=timezone.now().date(), mark="m" * 32)
    for person in people[:2]:
        report_person(reporter=charlie, person_id=person.pk, reason="abuse")
    assert Case.objects.count() == 2


def test_the_same_comment_under_many_notes_is_one_case(alice, bob, charlie, make_note):
    for _ in range(3):
        comment = add_comment(author=bob, note_id=make_note(alice).pk, body="Buy at buy.example")
        report_comment(reporter=charlie, comment_id=comment.pk, reason="spam")
    assert the_case().things.count() == 3


def test_notes_found_to_be_alike_later_bring_their_cases_together(
    alice, bob, charlie, make_note, work_off
):
    first, second = make_note(alice), make_note(bob)
    for note in (first, second):
        report_note(reporter=charlie, note_id=note.pk, reason="stolen")
    assert Case.objects.waiting().count() == 2
    work_off()
    alike(second, first)
    now = timezone.now()
    signals.likeness_changed.send(sender=Note, note_ids=[second.pk], now=now)
    work_off()
    case = the_case()
    assert (case.things.count(), case.reports.count()) == (2, 2)
    tasks.gather(notes=[first.pk, second.pk])
    assert Case.objects.filter(state="closed").count() == 1


def test_a_thing_is_in_one_open_case_whoever_writes_it_down(alice, charlie, make_note):
    note = make_note(alice)
    report_note(reporter=charlie, note_id=note.pk, reason="spam")
    other = Case.objects.create(opened_at=timezone.now(), reported_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseThing.objects.create(case=other, note=note)


# ---------------------------------------------------------------- order
def test_the_queue_is_in_the_order_of_severity_accuracy_and_reach(
    alice, bob, charlie, make_person, make_note, moderator
):
    crier = make_person("crier")
    for _ in range(6):
        wrong = make_note(alice)
        report_note(reporter=crier, note_id=wrong.pk, reason="spam")
        decide_case(by=moderator, case_id=the_case().pk, verdict=Verdict(act="keep"))
    notes = {name: make_note(alice) for name in ("cried", "spam", "read", "danger")}
    now = timezone.now()
    NoteHour.objects.create(note=notes["read"], hour=now, impressions=900)
    NoteHour.objects.create(note=notes["spam"], hour=now - timedelta(days=2), impressions=9_000)
    report_note(reporter=crier, note_id=notes["cried"].pk, reason="spam")
    for name, reason in (("spam", "spam"), ("read", "spam"), ("danger", "minors")):
        report_note(reporter=charlie, note_id=notes[name].pk, reason=reason)
    order = [case.things.get().note_id for case in Case.objects.waiting()]
    assert order == [notes[name].pk for name in ("danger", "read", "spam", "cried")]
    read = Case.objects.get(things__note=notes["read"])
    assert read.reach == 900


def test_reach_is_looked_at_again_by_the_clock(alice, charlie, make_note):
    note = make_note(alice)
    report_note(reporter=charlie, note_id=note.pk, reason="spam")
    before = the_case().priority
    NoteHour.objects.create(note=note, hour=timezone.now(), impressions=99)
    for _ in range(2):
        tasks.weigh_cases.once()
        assert the_case().priority == pytest.approx(before * 3)


def test_operators_change_what_a_reason_weighs(alice, charlie, make_note):
    from community.moderation.models import Guideline

    Guideline.objects.filter(code="spam").update(severity=4)
    report_note(reporter=charlie, note_id=make_note(alice).pk, reason="spam")
    assert the_case().severity == 4


# ---------------------------------------------------------------- withdrawn, limited
def test_a_withdrawn_report_leaves_the_case_and_the_last_one_closes_it(
    alice, bob, charlie, make_note
):
    note = make_note(alice)
    first = report_note(reporter=bob, note_id=note.pk, reason="spam")
    report_note(reporter=charlie, note_id=note.pk, reason="spam")
    assert withdraw_report(reporter=bob, report_id=first.pk)
    assert not withdraw_report(reporter=bob, report_id=first.pk)
    assert the_case().reporters == 1
    assert withdraw_report_about(reporter=charlie, kind="note", pk=note.pk)
    assert not withdraw_report_about(reporter=charlie, kind="note", pk=note.pk)
    assert list(Case.objects.values_list("state", flat=True)) == ["closed"]
    again = report_note(reporter=bob, note_id=note.pk, reason="abuse")
    assert again.pk != first.pk
    assert the_case().reporters == 1


def test_an_edited_note_may_be_reported_again(alice, charlie, moderator, make_note):
    note = make_note(alice)
    report_note(reporter=charlie, note_id=note.pk, reason="spam")
    decide_case(by=moderator, case_id=the_case().pk, verdict=Verdict(act="keep"))
    settled = report_note(reporter=charlie, note_id=note.pk, reason="spam")
    assert settled.settled_at is not None
    Note.objects.filter(pk=note.pk).update(edited_at=timezone.now())
    assert report_note(reporter=charlie, note_id=note.pk, reason="spam").settled_at is None


def test_reports_are_limited_and_saying_it_better_is_not(settings, alice, charlie, make_note):
    settings.REPORT_RATE = "2/1h"
    notes = [make_note(alice) for _ in range(3)]
    for note in notes[:2] * 3:
        report_note(reporter=charlie, note_id=note.pk, reason="spam")
    with pytest.raises(TooOften):
        report_note(reporter=charlie, note_id=notes[2].pk, reason="spam")
    assert Report.objects.count() == 2


def test_what_was_handed_over_is_kept_and_each_of_it_is_a_report(alice, charlie):
    for number in (1, 2, 2):
        report_person(
            reporter=charlie, person_id=alice.pk, reason="abuse", about=f"message {number}",
            excerpt="You are a fool",
        )  # fmt: skip
    assert Report.objects.count() == 2
    assert {report.excerpt for report in Report.objects.all()} == {"You are a fool"}
    assert the_case().reporters == 1


# ---------------------------------------------------------------- in hand
def test_one_moderator_has_a_case_in_hand_until_the_lease_ends(
    alice, charlie, make_note, make_moderator
):
    morgan, nadia = make_moderator("morgan"), make_moderator("nadia")
    report_note(reporter=charlie, note_id=make_note(alice).pk, reason="spam")
    case, now = the_case(), timezone.now()
    cases.take(by=morgan, case_id=case.pk, now=now)
    for act in (
        lambda at: cases.take(by=nadia, case_id=case.pk, now=at),
        lambda at: decide_case(by=nadia, case_id=case.pk, verdict=HIDE, now=at),
    ):
        with pytest.raises(InOtherHands) as refusal:
            act(now + timedelta(minutes=3))
        assert "morgan" in str(refusal.value)
        assert "7" in str(refusal.value)
    assert LogLine.objects.get(act="refused", actor=nadia).about == f"case {case.pk}"
    later = now + timedelta(minutes=10)
    assert cases.take(by=nadia, case_id=case.pk, now=later).leased_by == nadia
    assert not cases.let_go(by=morgan, case_id=case.pk, now=later)
    assert cases.let_go(by=nadia, case_id=case.pk, now=later)
    assert cases.take(by=morgan, case_id=case.pk, now=later).leased_by == morgan


def test_who_may_not_decide_takes_nothing(alice, charlie, make_note):
    report_note(reporter=charlie, note_id=make_note(alice).pk, reason="spam")
    with pytest.raises(NotAllowed):
        cases.take(by=charlie, case_id=the_case().pk, now=timezone.now())


def test_the_log_is_only_added_to(alice, charlie, make_note, moderator):
    report_note(reporter=charlie, note_id=make_note(alice).pk, reason="spam")
    cases.take(by=moderator, case_id=the_case().pk, now=timezone.now())
    line = LogLine.objects.get()
    for change in (
        line.save,
        line.delete,
        LogLine.objects.all().delete,
        lambda: LogLine.objects.update(words=""),
    ):
        with pytest.raises(TypeError):
            change()
    User.objects.filter(pk=moderator.pk).delete()
    assert LogLine.objects.get().actor is None
