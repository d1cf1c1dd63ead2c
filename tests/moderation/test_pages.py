"""What people read: their reports, decisions about them, the public log and its figures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community.moderation import public
from community.moderation.appeals import appeal, review
from community.moderation.deciding import decide_case
from community.moderation.models import Appeal, Case, Report
from community.moderation.reports import report_note
from community.moderation.verdicts import Verdict

HIDE = Verdict(act="hide", guideline="spam")


@pytest.fixture
def decision(alice, charlie, moderator, make_note):
    report_note(reporter=charlie, note_id=make_note(alice, "A bowl").pk, reason="spam", words="Ad")
    return decide_case(by=moderator, case_id=Case.objects.get().pk, verdict=HIDE)[0]


def test_somebody_is_reported_from_their_profile(alice, charlie, client):
    client.force_login(charlie)
    assert f"/report/?person={alice.pk}" in client.get("/people/alice/").content.decode()
    assert "Report alice" in client.get(f"/report/?person={alice.pk}").content.decode()
    sent = client.post("/report/", {"person": alice.pk, "reason": "abuse"})
    assert (sent.status_code, sent["Location"]) == (303, "/people/alice/")
    assert Report.objects.get().person == alice
    assert client.get("/report/?person=99999999").status_code == 404


def test_reports_are_listed_with_their_outcome_and_withdrawn_while_open(
    alice, charlie, make_note, client, decision
):
    open_one = report_note(reporter=charlie, note_id=make_note(alice, "Open").pk, reason="false")
    client.force_login(charlie)
    page = client.get("/reports/").content.decode()
    assert "Staff acted on it" in page
    assert page.count("/withdraw/") == 1
    assert client.post(f"/reports/{open_one.pk}/withdraw/").status_code == 303
    assert "Withdrawn by you" in client.get("/reports/").content.decode()
    client.force_login(alice)
    assert client.post(f"/reports/{open_one.pk}/withdraw/").status_code == 404


def test_the_page_of_a_decision_has_the_rule_the_words_and_the_appeal(alice, client, decision):
    client.force_login(alice)
    assert decision.get_absolute_url() in client.get("/decisions/").content.decode()
    address = decision.get_absolute_url()
    page = client.get(address).content.decode()
    assert "No spam" in page
    assert decision.reason in page
    assert "Send the appeal" in page
    assert client.post(address, {"words": " "}).status_code == 400
    assert client.post(address, {"words": "It is mine"}).status_code == 303
    assert "It is mine" in client.get(address).content.decode()
    assert client.post(address, {"words": "Again"}).status_code == 409
    assert Appeal.objects.count() == 1


def test_nobody_else_reads_it(bob, charlie, client, decision):
    for person in (bob, charlie):
        client.force_login(person)
        assert client.get(decision.get_absolute_url()).status_code == 404
    client.logout()
    assert client.get(decision.get_absolute_url()).status_code == 302


def test_the_public_log_has_rule_act_kind_day_and_outcome_and_nothing_else(
    alice, moderator, senior, client, decision
):
    made = appeal(by=alice, decision_id=decision.pk, words="No")
    review(by=senior, appeal_id=made.pk, overturn=True, words="Right")
    page = client.get("/moderation-log/").content.decode()
    for said in ("No spam", "Hidden", "a note", "Overturned on appeal"):
        assert said in page
    for kept in ("alice", "charlie", "morgan", "selma", "A bowl", decision.reason, ">Ad<"):
        assert kept not in page


def test_figures_hide_what_is_a_few(alice, charlie, moderator, make_note, client, decision):
    figures = public.figures(now=timezone.now())
    assert (figures.reports, figures.waiting, figures.hours_to_decision) == (None, 0, None)
    assert "fewer than 5" in client.get("/moderation-log/figures/").content.decode()
    for _ in range(5):
        note = make_note(alice)
        report_note(
            reporter=charlie, note_id=note.pk, reason="spam",
            now=timezone.now() - timedelta(hours=3),
        )  # fmt: skip
        case = Case.objects.get(state="open")
        decide_case(by=moderator, case_id=case.pk, verdict=HIDE)
    figures = public.figures(now=timezone.now())
    assert figures.reports == 6
    assert figures.hours_to_decision == pytest.approx(3, abs=0.1)
    assert figures.upheld_share == 1.0
    page = client.get("/moderation-log/figures/").content.decode()
    assert "3 hours" in page


def test_old_lines_are_no_part_of_the_figures(decision):
    later = timezone.now() + timedelta(days=public.DAYS + 1)
    assert public.figures(now=later).reports == 0


@pytest.mark.parametrize("page", ["x", "-1", "0", "9" * 30])
def test_odd_pages_are_answered(client, db, page):
    assert client.get("/moderation-log/", {"page": page}).status_code == 200
