"""What is written while rules watch: held, refused, counted; mended and shown again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import Invalid
from accounts.models import User
from accounts.services import edit_profile
from community.models import Comment, Note, NoteStats
from community.moderation.models import Decision
from community.notifications.models import Notification
from community.outbox import jobs
from community.rules import book, services
from community.rules.errors import RefusedByRule
from community.rules.models import Hit, RuleVersion
from community.services.comments import add_comment
from community.services.writing import NoteContent, edit_note, publish_note, save_draft
from feeds.invariants import audit

NOW = timedelta(0)


def is_seen(note, by):
    return Note.objects.listed_for(by).filter(pk=note.pk).exists()


def test_a_note_with_a_listed_word_is_held_from_the_first_moment(live, alice, bob, make_note, work):
    live("words", words="spam")
    note = make_note(alice, "Buy s p a m", ago=NOW)
    assert note.hidden_at is not None
    assert not is_seen(note, bob)
    work()
    assert not is_seen(note, bob)
    assert list(Note.objects.visible_to(alice).filter(pk=note.pk)) == [note]
    assert not any(audit(now=timezone.now()).values())


def test_its_author_is_told_why_and_how_to_mend_it(live, alice, make_note):
    live("words", words="微信", words_to_author="No contact details, please.")
    note = make_note(alice, "加 wei信 聊", ago=NOW)
    told = Notification.objects.get(person=alice, kind="hidden")
    assert told.note_id == note.pk
    assert told.words == (
        "No contact details, please. “wei信” Change them and save: it is looked at again at once."
    )


def test_what_is_told_is_in_the_authors_language(live, make_person, make_note):
    live("words", words="spam")
    mei = make_person("mei", language="zh-hans")
    make_note(mei, "spam", ago=NOW)
    assert Notification.objects.get(person=mei, kind="hidden").words.startswith("其中有")


def content(title, **fields):
    return NoteContent(title=title, body="A bowl.", **fields)


def test_mending_a_held_note_shows_it_again(live, alice, bob, make_note, work):
    live("words", words="spam")
    note = make_note(alice, "spam", ago=NOW)
    edit_note(author=alice, note_id=note.pk, content=content("sp*am still"))
    assert not is_seen(note, bob)
    edit_note(author=alice, note_id=note.pk, content=content("Clay"))
    assert is_seen(note, bob)
    assert [d.act for d in Decision.objects.filter(note=note).order_by("pk")] == ["hide", "restore"]
    assert not Hit.objects.filter(note=note, done="hold", undone_at=None).exists()
    work()
    assert not any(audit(now=timezone.now()).values())


def test_mending_brings_nothing_back_that_staff_hid_since(live, alice, bob, make_note, senior):
    live("words", words="spam")
    note = make_note(alice, "spam", ago=NOW)
    Decision.objects.create(
        note=note, act="hide", reason="Worse", moderator=senior, decided_at=timezone.now()
    )
    edit_note(author=alice, note_id=note.pk, content=content("Clay"))
    assert not is_seen(note, bob)


def test_an_edit_is_looked_at_as_well(live, alice, bob, make_note):
    live("words", words="spam")
    note = make_note(alice, "Clay")
    edit_note(author=alice, note_id=note.pk, content=content("spam"))
    assert not is_seen(note, bob)


@pytest.mark.parametrize("field", ["tags", "body", "title"])
def test_tags_are_read_like_title_and_text(live, alice, channel, field):
    live("words", words="spam")
    given = {field: ["spam"] if field == "tags" else "about spam"}
    note = save_draft(author=alice, content=NoteContent(**({"title": "Clay"} | given)))
    publish_note(author=alice, note_id=note.pk)
    assert Note.objects.get(pk=note.pk).hidden_at is not None


def test_a_rule_that_refuses_leaves_nothing_behind(live, alice, channel):
    live("words", words="spam", act="refuse")
    note = save_draft(author=alice, content=content("spam"))
    with pytest.raises(RefusedByRule) as refusal:
        publish_note(author=alice, note_id=note.pk)
    assert str(refusal.value) == (
        "It holds words that are not used here. “spam” Change them and try again."
    )
    assert refusal.value.field == "title"
    assert Note.objects.get(pk=note.pk).state == Note.State.DRAFT
    assert not jobs.Job.objects.filter(kind="feeds.fan_out").exists()


def test_a_refused_edit_leaves_the_former_text(live, alice, make_note):
    live("words", words="spam", act="refuse")
    note = make_note(alice, "Clay")
    with pytest.raises(Invalid):
        edit_note(author=alice, note_id=note.pk, content=content("spam"))
    assert Note.objects.get(pk=note.pk).title == "Clay"


def test_a_held_comment_is_not_counted(live, alice, bob, make_note):
    live("words", words="spam", places=("comment",))
    note = make_note(alice)
    comment = add_comment(author=bob, note_id=note.pk, body="spam spam")
    assert Comment.objects.get(pk=comment.pk).hidden_at is not None
    assert NoteStats.objects.get(note=note).comments == 0
    assert Notification.objects.filter(person=bob, kind="hidden", comment=comment).exists()
    assert not any(audit(now=timezone.now()).values())


def test_a_profile_is_refused(live, alice):
    live("words", words="spam", act="refuse", places=("profile",))
    with pytest.raises(RefusedByRule):
        edit_profile(person=alice, bio="spam here")
    edit_profile(person=alice, bio="clay here")
    assert User.objects.get(pk=alice.pk).profile.bio == "clay here"


def test_a_rule_in_shadow_counts_and_does_nothing(write, senior, alice, bob, make_note):
    version = write("words", words="spam")
    services.shadow(by=senior, version_id=version.pk, now=timezone.now())
    note = make_note(alice, "spam", ago=NOW)
    assert is_seen(note, bob)
    hit = Hit.objects.get(version=version)
    assert (hit.note_id, hit.done, hit.spans) == (note.pk, "", [["title", 0, 4]])


def test_a_draft_looks_at_nothing(write, alice, make_note):
    write("words", words="spam")
    make_note(alice, "spam", ago=NOW)
    assert not Hit.objects.exists()


def test_what_staff_writes_is_not_judged(live, senior, make_note, charlie):
    live("words", words="spam")
    assert is_seen(make_note(senior, "spam", ago=NOW), charlie)


def test_private_notes_are_not_judged_until_others_may_see_them(live, alice, make_note):
    live("words", words="spam")
    note = make_note(alice, "spam", ago=NOW, visibility="private")
    assert not Hit.objects.exists()
    edit_note(author=alice, note_id=note.pk, content=content("spam", visibility="public"))
    assert Note.objects.get(pk=note.pk).hidden_at is not None


# ---------------------------------------------------------------- other kinds
@pytest.mark.parametrize(
    ("given", "body", "is_held"),
    [
        ({"domains": "bad.example"}, "see https://www.bad.example/x", True),
        ({"domains": "bad.example"}, "see BAD.EXAMPLE", True),
        ({"domains": "bad.example"}, "see ｂad。example", True),
        ({"domains": "bad.example"}, "see notbad.example", False),
        ({"domains": "bad.example"}, "see bad.example.org", False),
        ({"domains": "", "shorteners": True}, "https://bit.ly/3x", True),
        ({"domains": "", "shorteners": True}, "https://orbit.ly/3x", False),
        ({"domains": "", "most": 1}, "https://a.org http://b.org", True),
        ({"domains": "", "most": 1}, "https://a.org, once", False),
        ({"domains": "", "most": 0}, "www.a.org", True),
    ],
)
def test_links(live, alice, make_note, given, body, is_held):
    live("links", **given)
    assert (make_note(alice, body=body, ago=NOW).hidden_at is not None) == is_held


def test_too_many_in_a_short_time_by_a_young_account(live, alice, make_person, make_note):
    live("rate", most=2, minutes=60, younger_than=7)
    old = make_person("old")
    User.objects.filter(pk=old.pk).update(date_joined=timezone.now() - timedelta(days=8))
    old.refresh_from_db()
    held = [make_note(alice, ago=NOW).hidden_at is not None for _ in range(3)]
    assert held == [False, False, True]
    assert [make_note(old, ago=NOW).hidden_at is not None for _ in range(3)] == [False] * 3


def test_first_notes_with_links_wait_for_staff(live, alice, make_note):
    live("newcomers", first=2, only_links=True)
    link = "look at https://example.org"
    held = [make_note(alice, body=b, ago=NOW).hidden_at is not None for b in (link, "no", link)]
    assert held == [True, False, False]


def test_the_same_text_by_several_accounts_is_held_with_those_before_it(
    live, make_person, make_note, work, charlie
):
    live("burst", accounts=3, minutes=60)
    body = "Best clay in town, call Mister Kiln now and get a second bag for nothing!"
    notes = [make_note(make_person(f"p{n}"), body=f"{body} {'!' * n}", ago=NOW) for n in range(3)]
    work()
    assert Note.objects.filter(pk__in=[n.pk for n in notes], hidden_at=None).count() == 0
    assert Decision.objects.filter(act="hide").count() == 3


def test_one_account_repeating_itself_is_no_burst(live, alice, make_note, work):
    live("burst", accounts=2, minutes=60)
    body = "Best clay in town, call Mister Kiln now and get a second bag for nothing!"
    notes = [make_note(alice, body=body, ago=NOW) for _ in range(4)]
    work()
    assert Note.objects.filter(pk__in=[n.pk for n in notes], hidden_at=None).count() == 4


def test_a_known_picture_is_held_when_its_hash_is_there(live, alice, make_note):
    from community import signals
    from tests.originality.conftest import MEASURES

    live("pictures", hashes="00000000ffffffff", bits=4)
    note = make_note(alice, ago=NOW)
    image = note.images.get()
    type(image).objects.filter(pk=image.pk).update(
        is_text_card=False, phash="00000000fffffff0", measures=MEASURES
    )
    signals.note_pictures_ready.send(sender=Note, note=note, now=timezone.now())
    assert Note.objects.get(pk=note.pk).hidden_at is not None


# ---------------------------------------------------------------- by the means of moderation
def test_what_is_held_is_a_case_that_staff_may_find_in_order(
    live, alice, bob, make_note, make_moderator, work
):
    from community.moderation import cases, deciding
    from community.moderation.models import Case
    from community.moderation.verdicts import Verdict

    live("words", words="spam")
    note = make_note(alice, "spam", ago=NOW)
    case = Case.objects.waiting().get()
    assert case.priority > 0
    cases.weigh_all(now=timezone.now())
    assert Case.objects.waiting().get() == case
    moderator = make_moderator()
    deciding.decide_case(by=moderator, case_id=case.pk, verdict=Verdict(act="keep"))
    assert is_seen(note, bob)
    assert not Case.objects.waiting().exists()
    work()
    assert not any(audit(now=timezone.now()).values())


def test_staff_may_confirm_what_is_held_and_then_no_rule_brings_it_back(
    live, senior, alice, bob, make_note, make_moderator, work
):
    from community.moderation.services import hide_note

    version = live("words", words="spam")
    note = make_note(alice, "spam", ago=NOW)
    hide_note(moderator=make_moderator(), note_id=note.pk, reason="Spam indeed")
    services.roll_back(by=senior, version_id=version.pk, why="Too wide", now=timezone.now())
    work()
    assert not is_seen(note, bob)
    assert not any(audit(now=timezone.now()).values())


def test_mending_takes_the_case_from_the_queue(live, alice, make_note):
    from community.moderation.models import Case

    live("words", words="spam")
    note = make_note(alice, "spam", ago=NOW)
    edit_note(author=alice, note_id=note.pk, content=content("Clay"))
    assert not Case.objects.waiting().exists()


def test_a_rule_that_reports_lets_it_be_and_asks_staff(live, alice, bob, make_note):
    from community.moderation.models import Case, CaseThing

    live("words", words="spam", act="report")
    note = make_note(alice, "spam", ago=NOW)
    assert is_seen(note, bob)
    assert CaseThing.objects.get(case=Case.objects.waiting().get()).note_id == note.pk


@pytest.mark.parametrize(
    ("act", "label", "column", "value"),
    [("limit", "", "limited_at", None), ("label", "sensitive", "label", "sensitive")],
)
def test_rules_limit_and_label_and_take_it_back(
    live, senior, alice, bob, make_note, work, act, label, column, value
):
    version = live("words", words="spam", act=act, label=label)
    note = make_note(alice, "spam", ago=NOW)
    assert is_seen(note, bob)
    now_is = getattr(Note.objects.get(pk=note.pk), column)
    assert now_is == value if value else now_is is not None
    services.roll_back(by=senior, version_id=version.pk, why="Too wide", now=timezone.now())
    work()
    assert not getattr(Note.objects.get(pk=note.pk), column)
    assert not any(audit(now=timezone.now()).values())


# ---------------------------------------------------------------- undone
def test_rolling_back_shows_again_what_the_rule_hid_and_nothing_else(
    live, senior, alice, bob, make_note, work
):
    version = live("words", words="spam")
    other = live("words", words="junk")
    mine, both = make_note(alice, "spam", ago=NOW), make_note(alice, "spam junk", ago=NOW)
    staff = make_note(alice, "spam too", ago=NOW)
    comment_note = make_note(alice, "Clay")
    Decision.objects.create(
        note=staff, act="hide", reason="Worse", moderator=senior, decided_at=timezone.now()
    )
    services.roll_back(by=senior, version_id=version.pk, why="Too wide", now=timezone.now())
    work()
    assert is_seen(mine, bob)
    assert not is_seen(both, bob)
    assert not is_seen(staff, bob)
    assert is_seen(comment_note, bob)
    told = Notification.objects.filter(person=alice, kind="restored")
    assert [row.note_id for row in told] == [mine.pk]
    assert "Too wide" in told[0].words
    assert not any(audit(now=timezone.now()).values())
    before = Decision.objects.count()
    jobs.enqueue("rules.undo", version=version.pk)
    work()
    assert Decision.objects.count() == before
    services.roll_back(by=senior, version_id=other.pk, why="Too wide", now=timezone.now())
    work()
    assert is_seen(both, bob)
    assert not any(audit(now=timezone.now()).values())


def test_a_rule_rolled_back_looks_no_more(live, senior, alice, bob, make_note):
    version = live("words", words="spam")
    services.roll_back(by=senior, version_id=version.pk, why="Too wide", now=timezone.now())
    assert is_seen(make_note(alice, "spam", ago=NOW), bob)
    assert book.current().watching == ()


def test_what_was_written_as_the_rule_went_live_is_caught_once(
    write, senior, alice, bob, make_note, work
):
    """A note committed by a process that had not read the book yet."""
    from community.rules import catching_up, dry_runs

    version = write("words", words="spam")
    now = timezone.now()
    run = dry_runs.start(by=senior, version_id=version.pk, now=now)
    while dry_runs.go_on(run.pk, now=now):
        pass
    early = make_note(alice, "spam early", ago=timedelta(minutes=1))
    RuleVersion.objects.filter(pk=version.pk).update(state="live", since=now)
    late = make_note(alice, "spam late", ago=timedelta(seconds=-1))
    assert is_seen(late, bob)  # this process still has the former book
    book.forget()
    for _ in range(2):
        catching_up.keep(now=timezone.now())
    assert is_seen(early, bob)
    assert not is_seen(late, bob)
    assert Decision.objects.filter(note=late).count() == 1
