"""Each verdict: what it does, whom it tells, how it ends by itself, what it leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.errors import Invalid, NotAllowed
from accounts.models import User
from community.models import Note, NoteStats
from community.moderation import ending, tasks
from community.moderation.deciding import decide_case, decide_thing
from community.moderation.errors import AlreadyDecided, OwnCase
from community.moderation.models import Case, Decision, Report, Strike
from community.moderation.reports import report_comment, report_note, report_person
from community.moderation.verdicts import Verdict
from community.notifications.models import Notification
from community.originality.models import Likeness
from community.services.comments import add_comment
from community.services.writing import delete_note
from feeds.models import LiveNote, PoolEntry, PoolTransition

DAY = timedelta(days=1)


@pytest.fixture
def reported(alice, charlie, make_note):
    note = make_note(alice)
    report_note(reporter=charlie, note_id=note.pk, reason="spam")
    return Case.objects.get(), note


def told(person):
    rows = Notification.objects.filter(person=person, actor=None).order_by("pk")
    return list(rows.values_list("kind", "words", "path"))


def sees(viewer, note):
    return Note.objects.visible_to(viewer).filter(pk=note.pk).exists()


def test_no_action_dismisses_the_reports_and_tells_the_reporter_alone(
    reported, alice, charlie, moderator
):
    case, note = reported
    [decision] = decide_case(by=moderator, case_id=case.pk, verdict=Verdict(act="keep"))
    case.refresh_from_db()
    assert (case.state, decision.act) == ("decided", "keep")
    assert Report.objects.get().outcome == "dismissed"
    assert told(alice) == []
    [(kind, words, path)] = told(charlie)
    assert (kind, path) == ("report", "/reports/")
    assert "no breach" in words
    assert sees(None, note)
    assert not Strike.objects.exists()


def test_hiding_by_a_rule_tells_the_author_in_their_language_and_the_reporter(
    reported, alice, charlie, moderator
):
    alice.profile.language = "zh-hans"
    alice.profile.save()
    case, note = reported
    [decision] = decide_case(
        by=moderator, case_id=case.pk, verdict=Verdict(act="hide", guideline="spam")
    )
    assert not sees(None, note)
    assert told(alice) == [("hidden", decision.reason, f"/decisions/{decision.pk}/")]
    assert "垃圾" in decision.reason or "广告" in decision.reason
    assert told(charlie)[0][0] == "report"
    assert Report.objects.get().outcome == "upheld"
    assert Strike.objects.get(person=alice).points == 1
    assert decision.excerpt.startswith(note.title)


def test_a_label_is_on_the_card_and_on_the_page_and_goes_when_its_time_is_over(
    reported, moderator, client
):
    case, note = reported
    now = timezone.now()
    verdict = Verdict(act="label", guideline="false", label="disputed", days=2)
    decide_case(by=moderator, case_id=case.pk, verdict=verdict, now=now)
    page = client.get(note.get_absolute_url()).content.decode()
    assert "Disputed" in page
    assert "Disputed" in client.get("/people/alice/").content.decode()
    assert client.get(f"/api/v1/notes/{note.pk}/").json()["label"] == "disputed"
    assert ending.end_what_is_over(now=now + 2 * DAY - timedelta(seconds=1)) == 0
    assert [ending.end_what_is_over(now=now + 2 * DAY) for _ in range(2)] == [1, 0]
    assert Note.objects.get(pk=note.pk).label == ""
    assert "Disputed" not in client.get("/people/alice/").content.decode()
    assert Decision.objects.get().ended_as == "expired"


def test_a_note_of_limited_reach_is_recommended_to_nobody_and_pauses_in_its_pool(
    reported, alice, bob, moderator, work_off, client
):
    case, note = reported
    work_off()
    assert LiveNote.objects.get(pk=note.pk).recommended
    now = timezone.now()
    verdict = Verdict(act="limit", guideline="spam", days=3)
    [decision] = decide_case(by=moderator, case_id=case.pk, verdict=verdict, now=now)
    work_off()
    assert not LiveNote.objects.get(pk=note.pk).recommended
    assert PoolEntry.objects.get(pk=note.pk).state == "held"
    assert PoolTransition.objects.filter(note=note).last().reason == "limited"
    assert sees(bob, note)
    assert told(alice)[0][0] == "limited"
    client.force_login(alice)
    page = client.get(f"/notes/{note.pk}/pool/").content.decode()
    assert decision.get_absolute_url() in page
    assert "No spam" in page
    assert client.get(f"/api/v1/notes/{note.pk}/").json()["limited"] is True
    client.logout()
    assert client.get(f"/api/v1/notes/{note.pk}/").json()["limited"] is False
    ending.end_what_is_over(now=now + 3 * DAY)
    work_off()
    assert LiveNote.objects.get(pk=note.pk).recommended
    assert PoolEntry.objects.get(pk=note.pk).state == "running"


def test_what_is_judged_anew_stays_limited(reported, moderator, work_off):
    from feeds.quality.judging import judge_again

    case, note = reported
    work_off()
    verdict = Verdict(act="limit", guideline="spam")
    decide_case(by=moderator, case_id=case.pk, verdict=verdict)
    work_off()
    note.quality.refresh_from_db()
    type(note.quality).objects.filter(note=note).update(score=0, passes=False)
    assert judge_again([note.pk], now=timezone.now()) == 1
    assert not LiveNote.objects.get(pk=note.pk).recommended


def test_what_is_removed_is_gone_for_its_author_too_and_can_come_back(
    reported, alice, moderator, senior
):
    case, note = reported
    verdict = Verdict(act="remove", guideline="spam")
    with pytest.raises(NotAllowed):
        decide_case(by=moderator, case_id=case.pk, verdict=verdict)
    [decision] = decide_case(by=senior, case_id=case.pk, verdict=verdict)
    assert not sees(alice, note)
    with pytest.raises(NotAllowed):
        ending.take_back(by=moderator, decision_id=decision.pk, words="No")
    ending.take_back(by=senior, decision_id=decision.pk, words="A mistake")
    assert sees(None, note)
    assert Strike.objects.counting(timezone.now()).count() == 0
    with pytest.raises(AlreadyDecided):
        ending.take_back(by=senior, decision_id=decision.pk, words="Again")


def test_two_decisions_about_one_note_end_one_by_one(reported, moderator):
    case, note = reported
    now = timezone.now()
    decide_case(
        by=moderator, case_id=case.pk, verdict=Verdict(act="limit", guideline="spam", days=9),
        now=now,
    )  # fmt: skip
    decide_thing(
        by=moderator, kind="note", pk=note.pk,
        verdict=Verdict(act="hide", words="And worse", days=2), now=now + timedelta(hours=1),
    )  # fmt: skip
    ending.end_what_is_over(now=now + 3 * DAY)
    note = Note.objects.get(pk=note.pk)
    assert (note.hidden_at, note.limited_at is None) == (None, False)
    ending.end_what_is_over(now=now + 9 * DAY)
    assert Note.objects.get(pk=note.pk).limited_at is None


def test_a_warning_changes_nothing_but_counts_for_a_time(reported, alice, moderator):
    case, note = reported
    now = timezone.now()
    verdict = Verdict(act="warn", guideline="spam", words="Please do not")
    decide_case(by=moderator, case_id=case.pk, verdict=verdict, now=now)
    assert sees(None, note)
    assert told(alice)[0][:2] == ("warned", "Please do not")
    strikes = Strike.objects.filter(person=alice)
    assert strikes.counting(now + 89 * DAY).count() == 1
    assert strikes.counting(now + 90 * DAY).count() == 0


# ---------------------------------------------------------------- accounts
def test_a_suspended_person_is_out_with_all_they_wrote_and_back_when_it_is_over(
    reported, alice, bob, senior, work_off, client
):
    case, note = reported
    other = add_comment(author=alice, note_id=note.pk, body="Mine")
    work_off()
    client.force_login(alice, backend="accounts.backends.PersonBackend")
    now = timezone.now()
    verdict = Verdict(act="suspend", guideline="spam", days=7)
    hidden, suspended = decide_case(by=senior, case_id=case.pk, verdict=verdict, now=now)
    assert (hidden.act, suspended.act) == ("hide", "suspend")
    assert client.get("/settings/").status_code == 302  # the session is over
    work_off()
    assert not LiveNote.objects.filter(author=alice).exists()
    assert not Note.objects.visible_to(bob).filter(author=alice).exists()
    assert [message.to for message in mail.outbox] == [[alice.email]]
    address = mail.outbox[0].body.split("http://localhost:8000")[1].split()[0]
    page = client.get(address)
    assert page.status_code == 200
    assert "No spam" in page.content.decode()
    assert [ending.end_what_is_over(now=now + 7 * DAY) for _ in range(2)] == [1, 0]
    work_off()
    alice.refresh_from_db()
    assert (alice.is_active, alice.suspended_at) == (True, None)
    note.refresh_from_db()
    assert note.hidden_at is not None  # what it was about stays hidden
    assert other.pk in type(other).objects.visible_to(bob).values_list("pk", flat=True)


def test_who_logs_in_to_a_suspended_account_reads_why(reported, alice, senior, client):
    case, _note = reported
    decide_case(
        by=senior, case_id=case.pk, verdict=Verdict(act="suspend", guideline="spam", days=1)
    )
    sent = {"login": "alice", "password": "tide-and-rock-9"}
    answer = client.post("/account/login/", sent, follow=True)
    assert "Your account is suspended" in answer.content.decode()
    wrong = client.post("/account/login/", sent | {"password": "another one 7"}, follow=True)
    assert "suspended" not in wrong.content.decode()


def test_a_seal_that_was_altered_opens_nothing(reported, alice, senior, client):
    from community.moderation.sealed import address_of

    case, _note = reported
    verdict = Verdict(act="ban", guideline="spam")
    decision = decide_case(by=senior, case_id=case.pk, verdict=verdict)[-1]
    address = address_of(decision)
    assert client.get(address).status_code == 200
    assert client.get(address[:-3] + "xx/").status_code == 404
    assert client.get("/decisions/sealed/nonsense/").status_code == 404


def test_two_suspensions_end_with_the_later_one(alice, charlie, senior):
    now = timezone.now()
    for days in (2, 5):
        verdict = Verdict(act="suspend", words="Twice", days=days)
        decide_thing(by=senior, kind="person", pk=alice.pk, verdict=verdict, now=now)
    ending.end_what_is_over(now=now + 2 * DAY)
    assert not User.objects.get(pk=alice.pk).is_active
    ending.end_what_is_over(now=now + 5 * DAY)
    assert User.objects.get(pk=alice.pk).is_active


def test_what_its_owner_closed_is_not_opened_by_an_end(alice, senior):
    now = timezone.now()
    verdict = Verdict(act="suspend", words="A day", days=1)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    with pytest.raises(AlreadyDecided):
        decide_thing(by=senior, kind="person", pk=alice.pk, verdict=verdict, now=now)


def test_staff_is_suspended_by_operators_only(senior, make_moderator, keeper):
    morgan = make_moderator("morgan")
    verdict = Verdict(act="suspend", words="Out", days=1)
    with pytest.raises(NotAllowed):
        decide_thing(by=senior, kind="person", pk=morgan.pk, verdict=verdict)
    with pytest.raises(NotAllowed):
        decide_thing(by=senior, kind="person", pk=keeper.pk, verdict=verdict)
    decide_thing(by=keeper, kind="person", pk=morgan.pk, verdict=verdict)
    assert not User.objects.get(pk=morgan.pk).is_active


# ---------------------------------------------------------------- cases of several things
def test_one_decision_settles_the_whole_case_and_tells_each_reporter_once(
    alice, bob, charlie, moderator, make_note
):
    comments = [
        add_comment(author=bob, note_id=make_note(alice).pk, body="Buy at buy.example")
        for _ in range(3)
    ]
    for comment in comments:
        report_comment(reporter=charlie, comment_id=comment.pk, reason="spam")
    case = Case.objects.get()
    verdict = Verdict(act="hide", guideline="spam")
    assert len(decide_case(by=moderator, case_id=case.pk, verdict=verdict)) == 3
    assert [kind for kind, *_rest in told(charlie)] == ["report"]
    assert sum(NoteStats.objects.values_list("comments", flat=True)) == 0


def test_copies_that_nobody_reported_are_decided_on_when_asked(
    reported, bob, charlie, moderator, make_note
):
    case, note = reported
    copy, stranger = make_note(bob), make_note(bob)
    Likeness.objects.create(
        note=copy, original=note, what="text", own=False, share=0.9, found_at=timezone.now()
    )
    decide_case(
        by=moderator, case_id=case.pk, verdict=Verdict(act="hide", guideline="spam"),
        also=[copy.pk, stranger.pk],
    )  # fmt: skip
    assert not sees(None, copy)
    assert sees(None, stranger)  # is not nearly the same, whatever was asked


def test_a_case_about_a_person_cannot_be_hidden(alice, charlie, moderator):
    report_person(reporter=charlie, person_id=alice.pk, reason="abuse")
    with pytest.raises(Invalid):
        decide_case(
            by=moderator, case_id=Case.objects.get().pk,
            verdict=Verdict(act="hide", guideline="abuse"),
        )  # fmt: skip


def test_what_its_author_deleted_meanwhile_can_only_be_closed(reported, alice, moderator):
    case, note = reported
    delete_note(author=alice, note_id=note.pk)
    with pytest.raises(AlreadyDecided) as refusal:
        decide_case(by=moderator, case_id=case.pk, verdict=Verdict(act="hide", guideline="spam"))
    assert "deleted" in str(refusal.value)
    decide_case(by=moderator, case_id=case.pk, verdict=Verdict(act="keep"))
    assert Case.objects.get().state == "decided"


def test_nobody_decides_about_their_own(moderator, charlie, make_note):
    note = make_note(moderator)
    report_note(reporter=charlie, note_id=note.pk, reason="spam")
    with pytest.raises(OwnCase):
        decide_case(by=moderator, case_id=Case.objects.get().pk, verdict=Verdict(act="keep"))


def test_hiding_a_note_from_its_own_page_settles_its_case(reported, moderator):
    from community.moderation.services import hide_note

    case, note = reported
    hide_note(moderator=moderator, note_id=note.pk, reason="advertising")
    case.refresh_from_db()
    assert case.state == "decided"
    assert Report.objects.get().outcome == "upheld"


@pytest.mark.parametrize(
    ("verdict", "field"),
    [
        (Verdict(act="hide"), "guideline"),
        (Verdict(act="hide", guideline="no-such"), "guideline"),
        (Verdict(act="hide", guideline="spam", words="x" * 501), "reason"),
        (Verdict(act="hide", guideline="spam", days=0), "days"),
        (Verdict(act="limit", guideline="spam", days=366), "days"),
        (Verdict(act="label", guideline="spam"), "label"),
        (Verdict(act="label", guideline="spam", label="funny"), "label"),
    ],
)
def test_a_verdict_that_makes_no_sense_names_its_field(reported, moderator, verdict, field):
    case, _note = reported
    with pytest.raises(Invalid) as refusal:
        decide_case(by=moderator, case_id=case.pk, verdict=verdict)
    assert refusal.value.field == field
    assert not Decision.objects.exists()


def test_a_suspension_has_an_end(reported, senior):
    case, _note = reported
    with pytest.raises(Invalid) as refusal:
        decide_case(by=senior, case_id=case.pk, verdict=Verdict(act="suspend", guideline="spam"))
    assert refusal.value.field == "days"


def test_the_clock_ends_what_is_over_once(reported, moderator):
    case, note = reported
    now = timezone.now() - 3 * DAY
    verdict = Verdict(act="hide", guideline="spam", days=2)
    decide_case(by=moderator, case_id=case.pk, verdict=verdict, now=now)
    assert [tasks.end_decisions.once() for _ in range(2)] == [1, 0]
    assert sees(None, note)
