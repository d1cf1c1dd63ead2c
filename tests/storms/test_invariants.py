"""The audit finds each kind of difference that is planted, and nothing where all is well."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Profile, User
from accounts.services import follow_user
from accounts.wallet import services as wallet
from accounts.wallet.models import Account
from community.brands.models import Brand
from community.messaging.models import Conversation, Member, Message
from community.messaging.services import Said, write_to
from community.models import Comment, Note, NoteStats, Share
from community.moderation.by_rule import decide_by_rule
from community.moderation.models import Case, Decision
from community.moderation.reports import report_note
from community.notifications.models import (
    DigestMail,
    Notification,
    PushMessage,
    PushSubscription,
)
from community.outbox.models import Job
from community.services.comments import add_comment
from community.services.reactions import like_comment, like_note
from community.services.sharing import share_note
from feeds.boosts.models import Boost, BoostDelivery
from feeds.collaborations.models import Collaboration
from feeds.covers.models import CoverTest
from feeds.invariants import audit, rules
from feeds.models import LiveNote, PoolDelivery, PoolEngagement, PoolEntry, TimelineEntry


@pytest.fixture
def community(alice, bob, charlie, make_note, work_off):
    """Small and in order: a note that was seen, liked and talked about."""
    note = make_note(alice, ago=timedelta(minutes=5))
    like_note(person=bob, note_id=note.pk)
    comment = add_comment(author=charlie, note_id=note.pk, body="Lovely")
    like_comment(person=bob, comment_id=comment.pk)
    follow_user(follower=charlie, followed=alice)
    work_off()
    now = timezone.now()
    PoolDelivery.objects.create(note=note, tier=0, person=charlie, reserved_at=now, seen_at=now)
    PoolDelivery.objects.create(note=note, tier=0, person=bob, reserved_at=now)
    PoolEngagement.objects.create(note=note, tier=0, person=charlie, kind=8, score=4)
    PoolEntry.objects.filter(note=note).update(delivered=1, engagement=4)
    assert PoolEntry.objects.get(note=note).state == "running"
    boosted(note, bob, now)
    write_to(sender=charlie, username="bob", said=Said(body="Have you seen this?"))
    return note


def boosted(note, reader, now):
    """A boost of the note that reached somebody, and was charged for it."""
    wallet.top_up(person=note.author, amount=500, key="first", source="staff", now=now)
    hold = wallet.hold(person=note.author, amount=300, key="boost", about="boost:1", now=now)
    wallet.earn(hold=hold, amount=3, key="boost:upto:1", now=now)
    boost = Boost.objects.create(
        buyer=note.author, note=note, title=str(note), state="running", impressions=100,
        starts_at=now, ends_at=now + timedelta(days=1), zone="UTC", per_thousand=3_000, total=300,
        hold=hold, charged=3, delivered=1, created_at=now, runs_from=now,
    )  # fmt: skip
    BoostDelivery.objects.create(
        boost=boost, note=note, person=reader, matched="all", reserved_at=now, seen_at=now,
        counted=True,
    )  # fmt: skip


def plant_lost_like(note):
    NoteStats.objects.filter(note=note).update(likes=0)


def plant_double_collect(note):
    NoteStats.objects.filter(note=note).update(collects=1)


def plant_share(note):
    NoteStats.objects.filter(note=note).update(shares=3)


def plant_sign_up(note):
    share = share_note(person=note.author, note_id=note.pk)
    Share.objects.filter(pk=share.pk).update(signups=2)


def plant_uncounted_removal(note):
    Comment.objects.filter(note=note).update(hidden_at=timezone.now())


def plant_comment_like(note):
    Comment.objects.filter(note=note).update(likes=5)


def plant_follower(note):
    Profile.objects.filter(person=note.author_id).update(followers_count=9)


def plant_following(note):
    Profile.objects.filter(person__username="charlie").update(following_count=0)


def plant_missing_counters(note):
    NoteStats.objects.filter(note=note).delete()


def plant_missing_profile(note):
    User.objects.bulk_create([User(username="ghost", username_key="ghost", email="")])


def plant_delivery(note):
    PoolDelivery.objects.filter(note=note).update(seen_at=timezone.now())


def plant_engagement(note):
    PoolEngagement.objects.filter(note=note).delete()


def plant_discounted_act(note):
    PoolEngagement.objects.filter(note=note).update(weight=0.5, full=8)


def plant_discounted_view(note):
    PoolEntry.objects.filter(note=note).update(discounted_views=3)


def plant_hidden_but_live(note):
    Note.objects.filter(pk=note.pk).update(visibility="private")


def plant_running_without_note(note):
    LiveNote.objects.filter(note=note).delete()


def plant_unasked_look(community):
    waiting = PoolEntry.objects.filter(state="running").values_list("pk", flat=True)[:1]
    PoolEntry.objects.filter(pk=waiting[0]).update(state="look")


def plant_free_impression(note):
    BoostDelivery.objects.update(counted=False)


def plant_uncharged_end(note):
    Boost.objects.update(state="finished", refunded=1)


def plant_lost_money(note):
    Account.objects.filter(kind="earned").update(balance=7)


def plant_second_cover(note):
    note.images.update(second_cover="shown")


def plant_cover_kept_for_nothing(note):
    nobody = {"seen": 0, "opens": 0, "engagement": 0}
    CoverTest.objects.create(
        note=note, first=1, second=2, state="decided", kept="second", started_at=timezone.now(),
        ended_at=timezone.now(),
        figures={"first": nobody, "second": nobody, "least_impressions": 30, "alpha": 0.1},
    )  # fmt: skip


def plant_deal_that_kept_the_money(note):
    brand = Brand.objects.create(
        name="Kettle", slug="kettle", slug_key="k", created_at=timezone.now()
    )
    hold = wallet.hold(
        person=note.author, amount=9, key="deal", about="collaboration:1", now=timezone.now()
    )
    Collaboration.objects.create(
        brand=brand, creator=note.author, payer=note.author, title="Tea", brief="Tea", price=9,
        draft_by=timezone.now().date(), state="cancelled", hold=hold, created_at=timezone.now(),
    )  # fmt: skip


def plant_limit_without_decision(note):
    Note.objects.filter(pk=note.pk).update(limited_at=timezone.now())


def plant_hidden_no_more(note):
    Decision.objects.create(
        note=note, about="note", author=note.author, act="hide", reason="Because",
        decided_at=timezone.now(),
    )  # fmt: skip


def plant_open_account(note):
    Decision.objects.create(
        person=note.author, about="person", author=note.author, act="ban", reason="Because",
        decided_at=timezone.now(),
    )  # fmt: skip


def plant_closed_account(note):
    User.objects.filter(pk=note.author_id).update(suspended_at=timezone.now())


def plant_lost_report(note):
    reporter = User.objects.get(username="charlie")
    report = report_note(reporter=reporter, note_id=note.pk, reason="spam")
    Case.objects.filter(pk=report.case_id).update(state="closed")


def plant_held_by_no_hit(note):
    decision = decide_by_rule(thing=note, act="hide", words="Because", now=timezone.now())
    assert decision is not None


def plant_digest_nobody_sends(note):
    now = timezone.now()
    DigestMail.objects.create(
        person=note.author, slot=now.date(), due_at=now - timedelta(hours=2)
    )  # fmt: skip


def plant_digest_sent_at_no_time(note):
    now = timezone.now()
    DigestMail.objects.create(person=note.author, slot=now.date(), due_at=now, state="sent")


def plant_push_to_somebody_else(note):
    now, reader = timezone.now(), User.objects.get(username="bob")
    browser = PushSubscription.objects.create(
        person=reader, endpoint="https://push.example.org/1", hashed="1", created_at=now
    )
    told = Notification.objects.create(person=note.author, kind="pool", note=note, created_at=now)
    PushMessage.objects.create(
        subscription=browser, notification=told, about="pool", created_at=now, due_at=now
    )


def conversation_of(note):
    """Between the note's author, who wrote, and Bob, who has not answered."""
    return write_to(sender=note.author, username="bob", said=Said(body="Hello")).conversation


def plant_third_person_in_a_conversation_of_two(note):
    talk, third = conversation_of(note), User.objects.get(username="charlie")
    Member.objects.create(conversation=talk, person=third, state="active", joined_at=timezone.now())


def plant_conversation_below_its_newest_message(note):
    long_ago = timezone.now() - timedelta(days=2)
    Conversation.objects.filter(pk=conversation_of(note).pk).update(last_at=long_ago)


def plant_message_of_nobody_there(note):
    talk, third = conversation_of(note), User.objects.get(username="charlie")
    Message.objects.create(conversation=talk, sender=third, body="Hi", created_at=talk.last_at)


def plant_message_that_stayed(note):
    conversation_of(note)
    Message.objects.update(taken_back_at=timezone.now())


def plant_note_to_a_stranger(note):
    conversation_of(note)
    Message.objects.update(note=note, has_note=True)


def plant_twice_in_timeline(note):
    """The database forbids it: so in a table of the same name without the constraint."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE feeds_timelineentry AS SELECT * FROM feeds_timelineentry")
        cursor.execute("INSERT INTO feeds_timelineentry SELECT * FROM feeds_timelineentry")
    assert TimelineEntry.objects.count() == 4


def plant_not_indexed(note):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM community_notesearch")


def plant_indexed_draft(note):
    Note.objects.filter(pk=note.pk).update(state="draft")


def plant_forgotten_task(note):
    long_ago = timezone.now() - timedelta(hours=2)
    Job.objects.create(kind="feeds.digest", run_at=long_ago, created_at=long_ago)


MESSAGES = "messages: of members, gone when taken back, words to strangers"
PLANTS = {
    plant_lost_like: "count: likes of notes",
    plant_double_collect: "count: collects of notes",
    plant_share: "count: shares of notes",
    plant_uncounted_removal: "count: comments of notes",
    plant_comment_like: "count: likes of comments",
    plant_follower: "count: followers",
    plant_following: "count: following",
    plant_missing_counters: "every note has its counters",
    plant_missing_profile: "every person has a profile",
    plant_delivery: "pools: delivered = sights of the tier",
    plant_engagement: "pools: engagement = credits of the tier",
    plant_discounted_act: "pools: discounts = acts and sights discounted",
    plant_discounted_view: "pools: discounts = acts and sights discounted",
    plant_hidden_but_live: "feeds choose from public notes only",
    plant_running_without_note: "pools run for live notes only",
    plant_unasked_look: "pools: notes that wait for a look are in its queue",
    plant_free_impression: "boosts: delivered = counted sights",
    plant_uncharged_end: "boosts: the hold is what was charged, given back and left",
    plant_deal_that_kept_the_money: ("collaborations: held, then paid or given back"),
    plant_lost_money: "wallet: balances and holds are sums of entries",
    plant_sign_up: "count: sign-ups of share links",
    plant_second_cover: "covers: two are shown while a test runs",
    plant_cover_kept_for_nothing: "covers: decisions follow from their figures",
    plant_limit_without_decision: (
        "moderation: what is hidden, limited, labelled = decisions in force"
    ),
    plant_hidden_no_more: "moderation: what is hidden, limited, labelled = decisions in force",
    plant_open_account: "moderation: suspended accounts = decisions in force",
    plant_closed_account: "moderation: suspended accounts = decisions in force",
    plant_lost_report: "moderation: an open report is in an open case",
    plant_held_by_no_hit: "rules: what they hold = their hits",
    plant_digest_nobody_sends: "digests: sent at some time, or on their way",
    plant_digest_sent_at_no_time: "digests: sent at some time, or on their way",
    plant_push_to_somebody_else: "pushes: sent at some time, or on their way, to their person",
    plant_third_person_in_a_conversation_of_two: "messages: two people, and the newest first",
    plant_conversation_below_its_newest_message: "messages: two people, and the newest first",
    plant_message_of_nobody_there: MESSAGES,
    plant_message_that_stayed: MESSAGES,
    plant_note_to_a_stranger: MESSAGES,
    plant_twice_in_timeline: "a timeline holds a note once",
    plant_not_indexed: "search knows the published notes",
    plant_indexed_draft: "search knows the published notes",
    plant_forgotten_task: "no task waits longer than an hour",
}


def test_a_community_in_order_passes(community, capsys):
    assert {rule: rows for rule, rows in audit(now=timezone.now()).items() if rows} == {}
    call_command("audit_invariants")
    assert capsys.readouterr().out.count(" holds\n") == len(rules())


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_what_is_planted_is_found(community, plant):
    plant(community)
    assert audit(now=timezone.now())[PLANTS[plant]]
    said = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("audit_invariants", "--json", stdout=said)
    assert end.value.code == 1
    answer = json.loads(said.getvalue())
    found = {rule["name"]: rule for rule in answer["rules"]}
    assert answer["ok"] is False
    assert found[PLANTS[plant]]["differences"] >= 1
    assert found[PLANTS[plant]]["examples"][0]["subject"]


def test_every_rule_has_a_plant():
    assert set(PLANTS.values()) == rules().keys()


def test_work_that_still_waits_is_no_difference(community, make_note, bob):
    make_note(bob)
    now = timezone.now()
    assert not audit(now=now)["search knows the published notes"]
    Job.objects.all().delete()
    assert audit(now=now)["search knows the published notes"]
