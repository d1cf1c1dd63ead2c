"""Jobs under two workers, kills, repeats, and a world that changed before they ran."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from accounts.safety.sealing import seal
from accounts.services import block_user, follow_user, unfollow_user
from community.albums.members import follow_album
from community.albums.services import AlbumContent, add_to_album, create_album
from community.models import Channel, NoteImage
from community.notifications.models import Notification
from community.outbox import jobs
from community.outbox.models import Job
from community.schedules.models import Schedule
from community.services.comments import add_comment, delete_comment
from community.services.reactions import collect_note, like_comment, like_note, unlike_note
from community.services.writing import NoteContent, delete_note, publish_note, save_draft
from feeds import serving
from feeds.invariants import audit
from feeds.models import Event, LiveNote, TimelineEntry
from tests.rows import changed, contents

QUEUES = ("fanout", "feeds", "default")
MANY = 60
# A list written again is a new snapshot with the same content; looks have their time.
SNAPSHOTS = {"feeds.FeedList", "feeds.QualityVerdict", "ranking.RankedList"}
# Work in child processes: tests/media, tests/videos and tests/demo run them twice.
DRAWING = {
    "pictures.process", "videos.process", "demo.draw", "demo.draw_product",
    "importing.draw_cards", "feeds.read_demo",
}  # fmt: skip


# ---------------------------------------------------------------- two workers, and kills
@pytest.fixture
def counting(file_database, monkeypatch):
    """A handler that leaves one row for each time it is done, slowly."""
    monkeypatch.setattr(jobs, "HANDLERS", {})

    @jobs.handler("test.count")
    def count(*, number):
        Channel.objects.create(slug=f"done-{number}-{threading.get_ident()}-{timezone.now():%f}")

    return lambda: list(
        Channel.objects.filter(slug__startswith="done-").values_list("slug", flat=True)
    )


def numbers(slugs):
    return sorted(int(slug.split("-")[1]) for slug in slugs)


@pytest.mark.letter("B7")
def test_two_workers_at_once_do_each_job_exactly_once(counting, at_once):
    jobs.enqueue_many("test.count", [(n, {"number": n}) for n in range(MANY)])
    together = threading.Barrier(2)

    def work():
        # Each has one in hand before either begins: a busy machine may start the second one late.
        first = jobs.lease("default", limit=1, now=timezone.now())
        together.wait()
        return sum(jobs.do(job) for job in first) + jobs.work_off("default")

    done = at_once([work, work], threads=2)
    assert numbers(counting()) == list(range(MANY))
    assert sum(done) == MANY
    assert len({slug.split("-")[2] for slug in counting()}) == 2  # both really worked
    assert not Job.objects.exists()


def test_what_two_workers_lease_at_once_never_overlaps(counting, at_once):
    jobs.enqueue_many("test.count", [(n, {"number": n}) for n in range(MANY)])
    together = threading.Barrier(4)

    def lease():
        together.wait()
        return [job.pk for job in jobs.lease("default", limit=25, now=timezone.now())]

    held = [pk for taken in at_once([lease] * 4, threads=4) for pk in taken]
    assert len(held) == len(set(held)) == MANY


def test_a_worker_killed_between_lease_and_end_loses_nothing_and_doubles_nothing(counting):
    jobs.enqueue_many("test.count", [(n, {"number": n}) for n in range(6)])
    now = timezone.now()
    forgotten = jobs.lease("default", limit=3, now=now)
    assert jobs.work_off("default") == 3
    assert jobs.retake_expired(now=now + timedelta(seconds=1)) == 0  # may still live
    assert jobs.retake_expired(now=now + jobs.LEASE + timedelta(seconds=1)) == 3
    with time_machine.travel(now + jobs.LEASE + timedelta(minutes=1), tick=True):
        assert jobs.work_off("default") == 3
    for job in forgotten:  # the dead worker was only slow
        jobs.do(job)
    assert numbers(counting()) == list(range(6))


@pytest.mark.letter("B6")
def test_a_worker_that_dies_each_time_sets_the_job_aside_at_last(counting):
    jobs.enqueue("test.count", number=1)
    now = timezone.now()
    for _ in range(jobs.MAX_TRIES):
        assert len(jobs.lease("default", limit=1, now=now)) == 1
        now += jobs.LEASE + timedelta(hours=1)
        jobs.retake_expired(now=now)
        now += timedelta(hours=1)
    assert Job.objects.get().state == Job.State.ASIDE


def test_the_same_work_noted_again_while_its_worker_died_is_done_once_more_only(counting):
    for _ in range(2):
        jobs.enqueue("test.count", key="same", number=1)
        assert len(jobs.lease("default", limit=1, now=timezone.now())) == 1
    jobs.enqueue("test.count", key="same", number=1)
    later = timezone.now() + jobs.LEASE + timedelta(seconds=1)
    assert jobs.retake_expired(now=later) == 2
    assert Job.objects.count() == 1
    assert jobs.work_off("default") == 1


# ---------------------------------------------------------------- every handler twice (B7)
@pytest.fixture
def populated(alice, bob, charlie, make_note, make_person, settings):
    """A small community in which something of everything happened; its jobs kept, then done."""
    dora = make_person("dora", city="上海", latitude=31.2, longitude=121.5)
    note = make_note(alice, body="Ash and feldspar with @bob and @charlie, dipped twice at night.")
    other = make_note(dora, "另一只碗", visibility="followers")
    follow_user(follower=charlie, followed=alice)
    follow_user(follower=dora, followed=alice)
    Event.objects.create(person=dora, note=note, kind=Event.Kind.OPEN, at=timezone.now())
    like_note(person=bob, note_id=note.pk)
    collect_note(person=charlie, note_id=note.pk)
    like_note(person=charlie, note_id=note.pk)
    unlike_note(person=charlie, note_id=note.pk)
    comment = add_comment(author=bob, note_id=note.pk, body="Lovely, @charlie must see this")
    add_comment(author=alice, note_id=note.pk, body="Thank you", reply_to=comment.pk)
    like_comment(person=alice, comment_id=comment.pk)
    unfollow_user(follower=dora, followed=alice)
    # Waits for its picture: published, it would ask for more work than the list of a test holds.
    planned = make_note(alice, "Tomorrow's bowl", publish=False)
    Schedule.objects.create(note=planned, publish_at=timezone.now(), made_at=timezone.now())
    NoteImage.objects.create(note=planned, position=0, token="waits", created_at=timezone.now())
    album = create_album(owner=alice, content=AlbumContent(title="Bowls"))
    follow_album(person=bob, album_id=album.pk)
    add_to_album(actor=alice, album_id=album.pk, note_id=note.pk)
    people = [alice, bob, charlie, dora]
    return {
        "note": note, "other": other, "planned": planned, "album": album, "people": people,
    }  # fmt: skip


LETTER = {"subject": "Tide", "text": "High", "html": "", "from": None, "to": ["c@example.org"]}


def extra_jobs(populated):
    """Kinds that no act above asks for, with arguments that they could have."""
    person, note = populated["people"][0].pk, populated["note"].pk
    return {
        "feeds.refresh_author": {"author": person},
        "feeds.rebuild_discover": {"person": person},
        "feeds.rebuild_discover_of": {"people": [p.pk for p in populated["people"]]},
        "feeds.backfill_pairs": {"pairs": [[populated["people"][3].pk, person]]},
        "feeds.first_lists": {},
        "webhooks.send": {},
        "brands.process_picture": {"picture": 1},
        "campaigns.process_banner": {"banner": 1},
        "messaging.process_picture": {"picture": 1},
        "archives.build": {"archive": 1},
        "archives.take_in": {"intake": 1},
        "departures.leave": {"departure": 1},
        "feeds.digest": {},
        "search.index": {"notes": [note]},
        "originality.compare": {"notes": [note]},
        "quality.judge_channel": {"channel": populated["note"].channel_id},
        "quality.judge_all": {},
        "searches.digest": {},
        "searches.gather": {},
        "lexicon.learn": {},
        "boosts.settle": {"boost": 1},
        "notify.transfer": {"transfer": 1},
        "notify.sign_in": {
            "person": person,
            "device": "Firefox",
            "network": "",
            "at": "2026-01-02T03:04:05+00:00",
        },
        "mail.letter": {
            "letter": seal(
                '{"subject": "a", "text": "b", "html": "", "from": null, "to": ["c@d.e"]}'
            )
        },
        "mail.newcomer": {"person": person, "accepted": True},
        "mail.address": {"change": 1, "letter": "made-old"},
        "mail.sign_in": {
            "person": person,
            "device": "Firefox",
            "network": "",
            "at": "2026-01-02T03:04:05+00:00",
        },
        "notify.account": {
            "person": person,
            "what": "password",
            "at": "2026-01-02T03:04:05+00:00",
        },
        "notify.send_digests": {},
        "notify.send_pushes": {},
        "trust.weigh_again": {"people": [person]},
        "albums.tell": {"album": populated["album"].pk},
        "moderation.gather": {"notes": [note]},
        "moderation.write_to_suspended": {"decision": 1},
        "rules.dry_run": {"run": 1},
        "rules.catch_up": {"version": 1},
        "rules.look_again": {"place": "note", "pk": note},
        "rules.undo": {"version": 1},
        "schedules.publish": {"note": populated["planned"].pk},
    }


def noted_jobs(populated):
    """(kind, arguments) of everything that waits and of what may be asked for."""
    known = list(Job.objects.order_by("pk").values_list("kind", "arguments"))
    seen = {kind for kind, _arguments in known}
    return known + [row for row in extra_jobs(populated).items() if row[0] not in seen]


# Needs a store of files: tests/departures/test_forgotten_files.py runs it twice.
IN_A_STORE = {"files.remove"}
# Moves the revision of an author's cards once more, each time: more work, nothing else.
COUNTS_UP = {"cards.refresh"}


@pytest.mark.letter("B7")
def test_every_handler_that_runs_twice_changes_nothing_the_second_time(populated):
    noted = noted_jobs(populated)
    untried = set(jobs.HANDLERS) - DRAWING - IN_A_STORE - COUNTS_UP - {kind for kind, _ in noted}
    assert untried == set(), "give this test a job of that kind"
    with time_machine.travel(timezone.now(), tick=False):
        for kind, arguments in noted:
            if kind in DRAWING:
                continue
            jobs.HANDLERS[kind].run(**arguments)
            before = contents(without=SNAPSHOTS)
            jobs.HANDLERS[kind].run(**arguments)
            after = contents(without=SNAPSHOTS)
            assert changed(before, after) == {}, (kind, arguments)


@pytest.mark.letter("B7")
def test_all_jobs_done_twice_in_a_row_leave_the_same_community(populated):
    noted = noted_jobs(populated)
    with time_machine.travel(timezone.now(), tick=False):
        states = []
        for _ in range(2):
            for kind, arguments in noted:
                if kind not in DRAWING:
                    jobs.HANDLERS[kind].run(**arguments)
            states.append(contents(without=SNAPSHOTS))
    assert changed(*states) == {}


def test_repeating_a_card_refresh_only_moves_revisions(populated):
    alice = populated["people"][0]
    before = contents(without={"community.Note"})
    for _ in range(2):
        jobs.HANDLERS["cards.refresh"].run(author=alice.pk)
    assert changed(before, contents(without={"community.Note"})) == {}


# ---------------------------------------------------------------- overtaken jobs (B8)
def overtake_by_deleting(populated):
    delete_note(author=populated["people"][0], note_id=populated["note"].pk)


def overtake_by_blocking(populated):
    alice, *others = populated["people"]
    for other in others:
        block_user(blocker=alice, blocked=other)


def overtake_by_suspending(populated):
    User.objects.filter(username="alice").update(is_active=False)


def overtake_by_removing_the_person(populated):
    """Rows and all, as a superuser's shell would."""
    populated["people"][0].delete()


def overtake_by_removing_the_note(populated):
    populated["note"].delete()


OVERTAKING = [overtake_by_deleting, overtake_by_blocking, overtake_by_suspending,
              overtake_by_removing_the_person, overtake_by_removing_the_note]  # fmt: skip


@pytest.mark.letter("B8")
@pytest.mark.parametrize("overtake", OVERTAKING, ids=lambda f: f.__name__)
def test_jobs_that_were_overtaken_raise_nothing_and_show_nothing(populated, overtake):
    note_id = populated["note"].pk
    bob, charlie = populated["people"][1:3]
    overtake(populated)
    for queue in QUEUES:
        jobs.work_off(queue)
    assert not Job.objects.exclude(last_error="").exists(), Job.objects.values_list("last_error")
    gone = overtake is not overtake_by_blocking  # visitors and strangers still meet it then
    for viewer in (bob, charlie):
        for page in (
            serving.serve_discover(viewer=viewer),
            serving.serve_following(viewer=viewer),
            serving.serve_hot(viewer=viewer),
        ):
            assert note_id not in [item.note_id for item in page.items]
        told = Notification.objects.visible_to(viewer).filter(note=note_id)
        assert not told.exists()
    if gone:
        hot = serving.serve_hot(viewer=None)
        assert note_id not in [item.note_id for item in hot.items]
        assert not LiveNote.objects.filter(note=note_id).exists()


@pytest.mark.letter("B8")
def test_without_overtaking_the_same_jobs_do_show_it(populated):
    """The control."""
    note_id = populated["note"].pk
    for queue in QUEUES:
        jobs.work_off(queue)
    charlie = populated["people"][2]
    assert note_id in [i.note_id for i in serving.serve_following(viewer=charlie).items]
    assert Notification.objects.visible_to(charlie).filter(note=note_id).exists()
    assert LiveNote.objects.filter(note=note_id).exists()
    assert {rule: rows for rule, rows in audit(now=timezone.now()).items() if rows} == {}


@pytest.mark.letter("B8")
def test_a_comment_taken_back_before_its_job_tells_nobody(alice, bob, make_note):
    note = make_note(alice)
    comment = add_comment(author=bob, note_id=note.pk, body="Oops, @charlie")
    delete_comment(actor=bob, comment_id=comment.pk)
    jobs.work_off("default")
    assert not Notification.objects.filter(comment=comment).exists()


@pytest.mark.letter("B8")
def test_an_unfollow_that_overtakes_the_backfill_leaves_no_timeline(alice, charlie, make_note):
    make_note(alice)
    follow_user(follower=charlie, followed=alice)
    unfollow_user(follower=charlie, followed=alice)
    for queue in QUEUES:
        jobs.work_off(queue)
    assert not TimelineEntry.objects.filter(owner=charlie).exists()


def test_a_draft_published_while_its_author_is_followed_arrives_once(alice, charlie, channel):
    content = NoteContent(title="Late", body="Ash and fire all night", channel=channel)
    draft = save_draft(author=alice, content=content)
    follow_user(follower=charlie, followed=alice)
    publish_note(author=alice, note_id=draft.pk)
    for queue in reversed(QUEUES):
        jobs.work_off(queue)
    assert TimelineEntry.objects.filter(owner=charlie, note=draft).count() == 1
