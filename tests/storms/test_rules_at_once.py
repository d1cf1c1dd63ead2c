"""Two who put a rule live at once: one does it, and nothing written meanwhile slips through."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.errors import Conflict, DomainError
from accounts.models import User
from community.models import Note
from community.outbox.jobs import work_off
from community.rules import dry_runs, services
from community.rules.models import Hit, Rule, RuleBook, RuleChange, RuleVersion
from community.rules.services import Draft
from community.services.writing import NoteContent, publish_note, save_draft


@pytest.fixture
def seniors(file_database, make_person):
    people = [make_person(name) for name in ("sven", "selma")]
    for person in people:
        person.user_permissions.set(
            Permission.objects.filter(content_type__app_label="rules", codename__contains="_rule")
        )
    return list(User.objects.filter(pk__in=[person.pk for person in people]))


def tried(by, words="spam", rule=None):
    draft = Draft(act="hold", places=("note",), settings={"words": words})
    now = timezone.now()
    if rule is None:
        version = services.write_rule(by=by, name="Spam", kind="words", draft=draft, now=now)
    else:
        version = services.rewrite_rule(by=by, rule_id=rule.pk, draft=draft, now=now)
    run = dry_runs.start(by=by, version_id=version.pk, now=now)
    while dry_runs.go_on(run.pk, now=now):
        pass
    return version


def strange(answers):
    return [a for a in answers if isinstance(a, Exception) and not isinstance(a, DomainError)]


def test_of_many_who_put_a_version_live_at_once_one_does(seniors, at_once):
    version = tried(seniors[0])
    before = RuleBook.objects.get().number if RuleBook.objects.exists() else 0
    acts = [
        lambda by=by: services.go_live(by=by, version_id=version.pk, now=timezone.now())
        for by in seniors * 6
    ]
    answers = at_once(acts, threads=4)
    assert strange(answers) == []
    assert sum(isinstance(answer, Conflict) for answer in answers) == len(acts) - 1
    assert RuleChange.objects.filter(what="live").count() == 1
    assert RuleBook.objects.get().number == before + 1


def test_a_next_version_and_a_roll_back_at_once_leave_one_true_state(seniors, at_once):
    first = tried(seniors[0])
    services.go_live(by=seniors[0], version_id=first.pk, now=timezone.now())
    second = tried(seniors[0], words="junk", rule=Rule.objects.get())
    acts = [
        lambda: services.go_live(by=seniors[0], version_id=second.pk, now=timezone.now()),
        lambda: services.roll_back(
            by=seniors[1], version_id=first.pk, why="Wrong", now=timezone.now()
        ),
        lambda: services.roll_back(
            by=seniors[1], version_id=second.pk, why="Wrong", now=timezone.now()
        ),
    ] * 3
    assert strange(at_once(acts, threads=4)) == []
    states = dict(RuleVersion.objects.values_list("number", "state"))
    assert list(states.values()).count("live") <= 1
    done = list(RuleChange.objects.values_list("version__number", "what"))
    assert len(done) == len(set(done))


def test_what_is_written_while_a_rule_goes_live_does_not_slip_through(
    seniors, make_person, at_once
):
    version, author = tried(seniors[0]), make_person("alice")
    drafts = [
        save_draft(author=author, content=NoteContent(title="spam", body=f"Bowl {n}")).pk
        for n in range(12)
    ]
    acts = [
        lambda pk=pk: publish_note(author=author, note_id=pk, now=timezone.now()) for pk in drafts
    ]
    acts[6:6] = [
        lambda by=by: services.go_live(by=by, version_id=version.pk, now=timezone.now())
        for by in seniors
    ]
    answers = at_once(acts, threads=4)
    assert strange(answers) == []
    for _ in range(3):  # twice changes nothing
        while work_off("default", budget=timedelta(minutes=1)):
            pass
    live = RuleVersion.objects.get(pk=version.pk)
    after = Note.objects.filter(pk__in=drafts, published_at__gte=live.since)
    assert after.exists()
    assert not after.filter(hidden_at=None).exists()
    hit = Hit.objects.filter(version=live).values_list("note", flat=True)
    assert len(hit) == len(set(hit)) >= after.count()
