"""A rule tried on what was written: hits, decisions of staff, reach, in batches, twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import Conflict, Invalid, NotAllowed
from community.moderation.models import Decision
from community.outbox import jobs
from community.rules import dry_runs, services
from community.rules.models import DryHit, DryRun, Hit, RuleChange
from community.services.comments import add_comment
from feeds.models import NoteHour


def run_to_the_end(version, by):
    run = dry_runs.start(by=by, version_id=version.pk, now=timezone.now())
    while dry_runs.go_on(run.pk, now=timezone.now()):
        pass
    return DryRun.objects.get(pk=run.pk)


def decide(note, act, by):
    Decision.objects.create(
        note=note, act=act, reason="Looked", moderator=by, decided_at=timezone.now()
    )


def test_a_dry_run_tells_what_the_rule_would_have_done_and_does_nothing(
    write, senior, alice, bob, make_note, monkeypatch
):
    monkeypatch.setattr(dry_runs, "AT_ONCE", 2)
    bad, worse = make_note(alice, "spam one"), make_note(alice, "spam two")
    good, plain = make_note(bob, "spam three"), make_note(bob, "Clay")
    make_note(alice, "spam long ago", ago=timedelta(days=40))
    make_note(senior, "spam by staff")
    add_comment(author=bob, note_id=plain.pk, body="s p a m")
    decide(bad, "hide", senior)
    decide(good, "keep", senior)
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for note, seen in ((bad, 30), (worse, 12), (plain, 99)):
        NoteHour.objects.create(note_id=note.pk, hour=hour, impressions=seen)
    version = write("words", words="spam", places=("note", "comment"))
    run = run_to_the_end(version, senior)
    assert run.state == DryRun.State.DONE
    assert run.read == run.total == 6
    assert run.results == {
        "notes": 3, "comments": 1, "authors": 2, "reach": 42,
        "hidden": 1, "kept": 1, "undecided": 2,
    }  # fmt: skip
    assert not Hit.objects.exists()
    assert Decision.objects.count() == 2


def test_each_batch_twice_finds_nothing_twice(write, senior, alice, make_note, work):
    make_note(alice, "spam one")
    version = write("words", words="spam")
    run = dry_runs.start(by=senior, version_id=version.pk, now=timezone.now())
    for _ in range(2):
        jobs.enqueue("rules.dry_run", run=run.pk)
    work()
    run.refresh_from_db()
    assert (run.state, run.hits, DryHit.objects.count()) == (DryRun.State.DONE, 1, 1)
    before = run.finished_at
    assert dry_runs.go_on(run.pk, now=timezone.now()) is False
    run.refresh_from_db()
    assert run.finished_at == before


def test_two_dry_runs_of_one_version_do_not_run_at_once(write, senior):
    version = write("words", words="spam")
    dry_runs.start(by=senior, version_id=version.pk, now=timezone.now())
    with pytest.raises(Conflict):
        dry_runs.start(by=senior, version_id=version.pk, now=timezone.now())


def test_a_burst_of_the_past_is_found_as_it_would_have_been(write, senior, make_person, make_note):
    body = "Best clay in town, call Mister Kiln now and get a second bag for nothing!"
    for n in range(3):
        make_note(make_person(f"p{n}"), body=body, ago=timedelta(days=2))
    make_note(make_person("late"), body=body, ago=timedelta(days=1))
    run = run_to_the_end(write("burst", accounts=3, minutes=60), senior)
    assert run.hits >= 1


def test_rates_of_the_past_are_counted_at_their_time(write, senior, alice, make_note):
    for minutes in (60, 59, 58, 3):
        make_note(alice, ago=timedelta(minutes=minutes))
    run = run_to_the_end(write("rate", most=2, minutes=10), senior)
    assert run.hits == 1


# ---------------------------------------------------------------- states
def test_nothing_goes_live_untried(write, senior):
    version = write("words", words="spam")
    with pytest.raises(Conflict):
        services.go_live(by=senior, version_id=version.pk, now=timezone.now())


def test_the_former_version_stays_live_until_the_next_one_is(live, senior):
    first = live("words", words="spam")
    draft = services.Draft(act="hold", places=("note",), settings={"words": "junk"}, why="More")
    now = timezone.now()
    second = services.rewrite_rule(by=senior, rule_id=first.rule_id, draft=draft, now=now)
    first.refresh_from_db()
    assert (first.state, second.state, second.number) == ("live", "draft", 2)
    run_to_the_end(second, senior)
    services.go_live(by=senior, version_id=second.pk, now=now)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "live")


def test_of_two_who_roll_back_one_does(live, senior):
    version = live("words", words="spam")
    facts = {"by": senior, "version_id": version.pk, "why": "Wrong", "now": timezone.now()}
    services.roll_back(**facts)
    with pytest.raises(Conflict):
        services.roll_back(**facts)


def test_the_history_names_who_did_what_and_is_never_changed(live, senior):
    version = live("words", words="spam")
    services.roll_back(by=senior, version_id=version.pk, why="Wrong", now=timezone.now())
    history = RuleChange.objects.filter(version=version).order_by("pk")
    assert [(row.what, row.by) for row in history] == [
        ("written", senior), ("tried", senior), ("live", senior), ("rolled_back", senior),
    ]  # fmt: skip
    with pytest.raises(TypeError):
        history.update(why="Never")
    with pytest.raises(TypeError):
        history.delete()


def test_who_has_no_right_does_nothing(write, live, alice):
    version = write("words", words="spam")
    draft = services.Draft(act="hold", places=("note",), settings={"words": "spam"})
    now = timezone.now()
    for refused in (
        lambda: services.write_rule(by=alice, name="Mine", kind="words", draft=draft, now=now),
        lambda: services.rewrite_rule(by=alice, rule_id=version.rule_id, draft=draft, now=now),
        lambda: services.shadow(by=alice, version_id=version.pk, now=now),
        lambda: services.go_live(by=alice, version_id=version.pk, now=now),
        lambda: services.roll_back(by=alice, version_id=version.pk, why="x", now=now),
        lambda: dry_runs.start(by=alice, version_id=version.pk, now=now),
    ):
        with pytest.raises(NotAllowed):
            refused()


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        ("words", {"words": ""}, "words"),
        ("words", {"words": "***"}, "words"),
        ("words", {"words": "spam,maybe"}, "words"),
        ("words", {"words": "spam", "exceptions": "!!"}, "exceptions"),
        ("links", {"domains": ""}, "domains"),
        ("links", {"domains": "not a domain"}, "domains"),
        ("links", {"domains": "", "most": 101}, "most"),
        ("rate", {"most": 0, "minutes": 5}, "most"),
        ("rate", {"most": 5, "minutes": None}, "minutes"),
        ("newcomers", {"first": 0}, "first"),
        ("burst", {"accounts": 1, "minutes": 5}, "accounts"),
        ("pictures", {"hashes": "xyz", "bits": 3}, "hashes"),
        ("pictures", {"hashes": "0" * 16, "bits": 8}, "bits"),
        ("words", {"words": "spam", "places": ()}, "places"),
        ("words", {"words": "spam", "places": ("profile",)}, "act"),
        ("words", {"words": "spam", "act": "explode"}, "act"),
        ("words", {"words": "spam", "act": "limit", "places": ("comment",)}, "act"),
        ("words", {"words": "spam", "words_to_author": "x" * 301}, "words"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(write, kind, given, field):
    with pytest.raises(Invalid) as refusal:
        write(kind, **given)
    assert refusal.value.field == field


def test_bad_lines_are_told_by_number(write):
    with pytest.raises(Invalid) as refusal:
        write("words", words="spam\n\n???\nok,yes,perhaps\n" + "y" * 61)
    assert str(refusal.value).split("\n") == [
        "Line 3: no letter in it (???)",
        "Line 4: neither yes nor no (ok,yes,perhaps)",
        f"Line 5: too long for a word ({'y' * 60})",
    ]
