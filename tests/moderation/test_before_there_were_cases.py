"""What was reported and decided before is kept, and stands in cases."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from community.models import Note
from community.moderation.models import Case, CaseThing, Decision, Guideline, Report

step = import_module("community.moderation.migrations.0003_first_rules")


@pytest.fixture
def before(alice, bob, charlie, make_note):
    """Rows as the earlier code wrote them."""
    now = timezone.now()
    open_note, hidden, back = (make_note(alice) for _ in range(3))
    for reporter in (bob, charlie):
        Report.objects.create(reporter=reporter, note=open_note, reason="spam", created_at=now)
    for note, acts in ((hidden, ["hide"]), (back, ["hide", "restore"])):
        for number, act in enumerate(acts):
            Decision.objects.create(
                note=note, act=act, reason="Because", decided_at=now + timedelta(hours=number)
            )
        Report.objects.create(
            reporter=bob, note=note, reason="spam", created_at=now, settled_at=now
        )
    Note.objects.filter(pk=hidden.pk).update(hidden_at=now)
    return open_note, hidden, back


def test_open_reports_are_of_one_case_and_settled_ones_know_how_they_ended(before, charlie):
    open_note, _hidden, _back = before
    step.keep_reports(apps, None)
    case = Case.objects.get()
    assert CaseThing.objects.get().note == open_note
    assert case.reports.count() == 2
    assert case.reports.first().excerpt.startswith(open_note.title)
    outcomes = Report.objects.exclude(settled_at=None).values_list("outcome", flat=True)
    assert set(outcomes) == {"upheld"}


def test_decisions_know_their_author_and_hold_where_nothing_followed(before, alice):
    _open, hidden, back = before
    step.keep_decisions(apps, None)
    assert set(Decision.objects.values_list("author", "about")) == {(alice.pk, "note")}
    assert [row.note for row in Decision.objects.in_force()] == [hidden]
    ended = Decision.objects.get(note=back, act="hide")
    assert (ended.ended_as, ended.ended_at) == (
        "restored", Decision.objects.get(act="restore").decided_at,
    )  # fmt: skip


def test_a_community_starts_with_rules_in_both_languages(db):
    assert set(Guideline.objects.values_list("code", flat=True)) == set(Report.Reason.values)
    step.write_rules(apps, None)
    for rule in Guideline.objects.all():
        assert all((rule.name_en, rule.name_zh, rule.text_en, rule.text_zh))
