"""Promises of the pools under forged, repeated, late and foreign reports, and under a rush."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.errors import Conflict, DomainError, Invalid
from accounts.models import Profile, User
from accounts.services import block_user, follow_user, unblock_user
from community.models import Channel, Note, NoteImage
from community.moderation import services as staff
from community.outbox.jobs import work_off
from community.services import reactions
from community.services.writing import NoteContent, publish_note, save_draft
from feeds import catalogue, impressions, pool_keeper, pool_slots, second_look, serving
from feeds.invariants import audit
from feeds.models import (
    Event,
    Impression,
    LiveNote,
    PoolDelivery,
    PoolEntry,
    PoolTransition,
    SecondLook,
)
from feeds.policies import forget, publish
from feeds.policy import Policy
from feeds.qualification import SHORTEST_LOOK
from feeds.remembered import Remembered
from feeds.tokens import ServedCard, page_token, read_page_token
from tests.rows import changed, contents

SUBSTANCE = (
    "I mixed ash and feldspar, dipped twice and waited a whole night for the kiln to cool. The rim"
    " turned sea green where the glaze ran thin, and I would do it all again."
)
# Everybody but the author: what the community can give, so that no tick raises it.
READERS, NOTES = 12, 3
PROMISED = READERS - 1
POOLS = ["feeds.PoolEntry", "feeds.PoolTransition", "feeds.SecondLook", "feeds.LiveNote"]
reader = st.integers(0, READERS - 1)
note = st.integers(0, NOTES - 1)


def community(readers, notes, promised):
    """People who came today, and notes by the first of them that were promised so many readers."""
    people = [User.objects.create_user(f"reader{n}") for n in range(readers)]
    Profile.objects.update(active_on=timezone.now().date())
    people = list(User.objects.select_related("profile").order_by("pk"))
    channel = Channel.objects.get(slug="pottery")
    ids = []
    for n in range(notes):
        content = NoteContent(
            title=f"Bowl number {n}", body=SUBSTANCE, channel=channel, tags=["pottery", "glaze"]
        )
        draft = save_draft(author=people[0], content=content)
        publish_note(author=people[0], note_id=draft.pk)
        ids.append(draft.pk)
    NoteImage.objects.update(state=NoteImage.State.READY)
    work()
    assert PoolEntry.objects.filter(state="running").count() == notes
    PoolEntry.objects.update(promised=promised)
    return people, ids


def work():
    for queue in ("fanout", "feeds", "default"):
        work_off(queue)


def seen(page, ids=None):
    return {"token": page.token, "seen": [{"note": i.note_id} for i in page.items
                                         if ids is None or i.note_id in ids]}  # fmt: skip


def intake(*, now, **report):
    """Reported as soon as a card can have been seen."""
    return impressions.intake(now=now + SHORTEST_LOOK, **report)


class Pools(RuleBasedStateMachine):
    """Readers, cheats, staff and the clock, in any order."""

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        Remembered.forget_everything()

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def a_community(self):
        rules = replace(Policy().pools, second_look_from=1, second_look_hours=2, prior_notes=1)
        publish(values=replace(Policy(), pools=rules).to_dict(), by=None)
        forget()
        self.people, self.notes = community(READERS, NOTES, PROMISED)
        may = Permission.objects.filter(codename__in=["add_decision", "decide_secondlook"])
        self.people[0].user_permissions.add(*may)
        self.people[0] = User.objects.get(pk=self.people[0].pk)
        self.now = timezone.now()
        self.pages = []  # (whose, page, when)
        self.reported = []  # (whose, batch)
        self.farthest = dict.fromkeys(self.notes, 0)
        self.promises = {}  # (note, tier) -> the largest so far

    @rule(r=reader)
    def opens_discover(self, r):
        self.now += timedelta(seconds=3)
        Remembered.forget_everything()
        page = serving.serve_discover(viewer=self.people[r], now=self.now)
        self.pages.append((r, page, self.now))

    @rule()
    def sees_the_last_page(self):
        if self.pages:
            r, page, at = self.pages[-1]
            if self.now - at < timedelta(hours=1):
                batch = seen(page)
                intake(viewer=self.people[r], batch=batch, now=self.now)
                self.reported.append((r, batch))

    @rule(readers=st.sets(reader, min_size=4))
    def many_come_and_look(self, readers):
        """All open the page before any of them has seen it."""
        pages = [(r, serving.serve_discover(viewer=self.people[r], now=self.now)) for r in readers]
        for r, page in pages:
            intake(viewer=self.people[r], batch=seen(page), now=self.now)

    @rule(n=note, likes=st.booleans())
    def a_crowd_meets_one_note(self, n, likes):
        """Its promise is kept at once if it was not yet, and judged after its rest."""
        cards = [ServedCard(self.notes[n], 0, "pool0")]
        for r, person in enumerate(self.people):
            token = page_token(viewer_id=person.pk, feed="discover", now=self.now, cards=cards)
            batch = {"token": token, "seen": [{"note": self.notes[n]}]}
            intake(viewer=person, batch=batch, now=self.now)
            if likes:
                self.likes(r, n)
        self.now += timedelta(minutes=20)
        self.workers_and_clock(late=0)

    @rule()
    def a_report_comes_again(self):
        if self.reported:
            r, batch = self.reported[0]
            before = self.delivered()
            try:
                answer = intake(viewer=self.people[r], batch=batch, now=self.now)
            except Invalid:
                answer = {"seen": 0, "delivered": 0}  # late by now
            assert (answer["seen"], answer["delivered"]) == (0, 0)
            assert self.delivered() == before

    @rule(r=reader)
    def a_page_of_somebody_else_is_reported(self, r):
        foreign = [page for owner, page, _at in self.pages if owner != r]
        if foreign:
            with pytest.raises(Invalid):
                intake(viewer=self.people[r], batch=seen(foreign[0]), now=self.now)

    @rule(r=reader)
    def a_page_is_made_up(self, r):
        if self.pages:
            token = self.pages[0][1].token
            forged = {"token": token[:-4] + "AAAA", "seen": [{"note": self.notes[0]}]}
            with pytest.raises(Invalid):
                intake(viewer=self.people[r], batch=forged, now=self.now)

    @rule()
    def a_page_is_reported_too_late(self):
        if self.pages:
            r, page, at = self.pages[-1]
            with pytest.raises(Invalid):
                intake(
                    viewer=self.people[r], batch=seen(page),
                    now=max(self.now, at) + timedelta(minutes=61),
                )  # fmt: skip

    @rule(r=reader, n=note)
    def reports_a_note_that_was_not_on_the_page(self, r, n):
        mine = [page for owner, page, _at in self.pages if owner == r]
        if mine and self.notes[n] not in [item.note_id for item in mine[-1].items]:
            batch = {"token": mine[-1].token, "seen": [{"note": self.notes[n]}]}
            try:
                assert intake(viewer=self.people[r], batch=batch, now=self.now)["seen"] == 0
            except Invalid:
                pass

    @rule(r=reader, n=note)
    def likes(self, r, n):
        try:
            reactions.like_note(person=self.people[r], note_id=self.notes[n], now=self.now)
        except DomainError:
            pass

    @rule(n=note, act=st.sampled_from([staff.hide_note, staff.restore_note]))
    def staff_decides(self, n, act):
        try:
            act(moderator=self.people[0], note_id=self.notes[n], reason="Because", now=self.now)
        except DomainError:
            pass

    @rule(r=reader, act=st.sampled_from([block_user, unblock_user]))
    def author_blocks(self, r, act):
        if r:
            act(blocker=self.people[0], blocked=self.people[r])

    @rule(minutes=st.sampled_from([1, 20, 24 * 60]))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(late=st.sampled_from([0, 0, 10, 600]))
    def workers_and_clock(self, late):
        """A tick, and the same one again; of a worker whose clock may be behind."""
        work()
        now = self.now - timedelta(minutes=late)
        pool_keeper.advance(now=now)
        before = contents(POOLS)
        pool_keeper.advance(now=now)
        assert changed(before, contents(POOLS)) == {}

    @rule(n=note, rises=st.booleans())
    def a_moderator_looks(self, n, rises):
        look = SecondLook.objects.filter(note=self.notes[n]).last()
        if look is not None:
            try:
                second_look.decide(
                    look_id=look.pk, by=self.people[0], rises=rises, words="Seen", now=self.now
                )
            except Conflict:
                assert look.state != "waiting"

    def delivered(self):
        return dict(PoolEntry.objects.values_list("note_id", "delivered"))

    @invariant()
    def never_more_than_promised(self):
        for entry in PoolEntry.objects.all():
            assert entry.delivered <= int(entry.promised * 1.05)

    @invariant()
    def delivered_is_what_was_seen(self):
        for entry in PoolEntry.objects.all():
            rows = PoolDelivery.objects.filter(note=entry.pk, tier=entry.tier)
            assert entry.delivered == rows.filter(seen_at__isnull=False, counts=True).count()
            assert not rows.filter(person=entry.author_id).exists()
        assert not Impression.objects.filter(person=self.people[0]).exists()

    @invariant()
    def a_note_goes_forward_only_and_no_promise_is_lost(self):
        tiers = dict(PoolEntry.objects.values_list("note_id", "tier"))
        assert tiers.keys() == self.farthest.keys()
        assert all(tiers[n] >= self.farthest[n] for n in self.notes)
        self.farthest = tiers
        for n, tier, promised in PoolEntry.objects.values_list("note_id", "tier", "promised"):
            assert promised >= self.promises.get((n, tier), 1)
            self.promises[n, tier] = promised

    @invariant()
    def a_note_that_waits_is_in_the_queue_once(self):
        waiting = SecondLook.objects.filter(state="waiting").values_list("note_id", flat=True)
        entries = PoolEntry.objects.filter(state="look").values_list("note_id", flat=True)
        assert sorted(waiting) == sorted(entries)

    @invariant()
    def each_stage_is_left_once(self):
        steps = list(
            PoolTransition.objects.filter(from_tier__isnull=False, to_tier__isnull=False)
            .values_list("note_id", "from_tier")
        )  # fmt: skip
        assert len(steps) == len(set(steps))


@pytest.mark.letter("C1")
@pytest.mark.drill
@pytest.mark.django_db
def test_promises_hold_whatever_is_reported():
    run_state_machine_as_test(
        Pools, settings=settings(max_examples=12, stateful_step_count=25, deadline=None)
    )


@pytest.mark.django_db
def test_the_machine_would_see_a_sight_that_is_counted_twice():
    """The control."""

    class Careless(Pools):
        @rule(n=note)
        def counts_again(self, n):
            entry = PoolEntry.objects.get(note=self.notes[n])
            PoolEntry.objects.filter(pk=entry.pk).update(delivered=entry.delivered + 1)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            Careless,
            settings=settings(
                max_examples=80, stateful_step_count=10, deadline=None, phases=[Phase.generate]
            ),
        )


# ---------------------------------------------------------------- single cases
@pytest.fixture
def rush(db):
    people, ids = community(40, 1, 10)
    return SimpleNamespace(author=people[0], readers=people[1:], note=ids[0], now=timezone.now())


def entry_of(rush):
    return PoolEntry.objects.get(note=rush.note)


@pytest.mark.letter("C1")
def test_a_rush_within_one_look_at_the_rows_does_not_give_more_than_was_promised(rush):
    """Everybody comes in the two seconds for which a process remembers the open notes."""
    policy = serving.current()[1]
    for person in rush.readers:
        (*chosen,) = pool_slots.choose(
            1, viewer_id=person.pk, taste={}, exclude=(), policy=policy, now=rush.now
        )
        pool_slots.reserve(chosen, viewer_id=person.pk, policy=policy, now=rush.now)
    assert PoolDelivery.objects.filter(note=rush.note).count() == 10


def test_pages_opened_by_everybody_and_seen_late_deliver_what_was_promised(rush):
    pages = [(p, serving.serve_discover(viewer=p, now=rush.now)) for p in rush.readers]
    for person, page in pages:
        intake(viewer=person, batch=seen(page), now=rush.now + timedelta(minutes=5))
    assert entry_of(rush).delivered == 10
    assert {rule: rows for rule, rows in audit(now=rush.now).items() if rows} == {}


def test_a_slot_given_up_goes_to_the_next_reader(rush):
    """Ten pages served and never looked at: after ten minutes their slots are free again."""
    first, later = rush.readers[:10], rush.readers[10:20]
    for person in first:
        serving.serve_discover(viewer=person, now=rush.now)
    Remembered.forget_everything()
    after = rush.now + timedelta(minutes=11)
    pages = [(p, serving.serve_discover(viewer=p, now=after)) for p in later]
    for person, page in pages:
        intake(viewer=person, batch=seen(page), now=after)
    assert entry_of(rush).delivered == 10


def test_the_authors_own_page_never_counts(rush):
    cards = [ServedCard(rush.note, 0, "pool0")]
    token = page_token(viewer_id=rush.author.pk, feed="discover", now=rush.now, cards=cards)
    batch = {"token": token, "seen": [{"note": rush.note}]}
    assert intake(viewer=rush.author, batch=batch, now=rush.now)["seen"] == 0
    assert entry_of(rush).delivered == 0


def test_what_a_follower_met_as_a_follower_does_not_count(rush):
    person = rush.readers[0]
    follow_user(follower=person, followed=rush.author)
    cards = [ServedCard(rush.note, 0, "followed")]
    token = page_token(viewer_id=person.pk, feed="discover", now=rush.now, cards=cards)
    answer = intake(viewer=person, batch={"token": token, "seen": [{"note": rush.note}]},
                    now=rush.now)  # fmt: skip
    assert (answer["seen"], answer["delivered"]) == (1, 0)


@pytest.mark.parametrize("minutes", [-10, 61, 60 * 24])
def test_a_token_from_the_future_or_the_past_is_refused(rush, minutes):
    person = rush.readers[0]
    page = serving.serve_discover(viewer=person, now=rush.now)
    with pytest.raises(Invalid):
        intake(viewer=person, batch=seen(page), now=rush.now + timedelta(minutes=minutes))
    assert entry_of(rush).delivered == 0


def test_every_change_of_a_token_is_noticed(rush):
    person = rush.readers[0]
    token = serving.serve_discover(viewer=person, now=rush.now).token
    for place in range(0, len(token), 7):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(Invalid):
            read_page_token(
                token[:place] + other + token[place + 1 :], viewer_id=person.pk, now=rush.now
            )


def test_a_batch_sent_again_with_its_key_counts_once_and_with_another_body_is_refused(rush):
    person = rush.readers[0]
    page = serving.serve_discover(viewer=person, now=rush.now)
    batch = seen(page)
    first = intake(viewer=person, batch=batch, key="k", now=rush.now)
    events = Event.objects.count()
    assert intake(viewer=person, batch=batch, key="k", now=rush.now) == first
    assert Event.objects.count() == events
    with pytest.raises(Conflict):
        intake(viewer=person, batch=batch | {"seen": []}, key="k", now=rush.now)


def test_a_note_withdrawn_holds_its_place_and_goes_on_when_it_returns(rush):
    rush.readers[7].user_permissions.add(Permission.objects.get(codename="add_decision"))
    moderator = User.objects.get(pk=rush.readers[7].pk)
    pages = [(p, serving.serve_discover(viewer=p, now=rush.now)) for p in rush.readers[:6]]
    for person, page in pages[:3]:
        intake(viewer=person, batch=seen(page), now=rush.now)
    staff.hide_note(moderator=moderator, note_id=rush.note, reason="Look again")
    for person, page in pages[3:]:  # on their way when it was hidden
        assert intake(viewer=person, batch=seen(page), now=rush.now)["seen"] == 0
    work()
    assert (entry_of(rush).state, entry_of(rush).delivered) == ("held", 3)
    assert pool_keeper.advance(now=rush.now + timedelta(days=2)) == 0  # no verdict while held
    staff.restore_note(moderator=moderator, note_id=rush.note, reason="It was fine")
    work()
    assert (entry_of(rush).state, entry_of(rush).delivered) == ("running", 3)
    person, page = pages[4]
    assert intake(viewer=person, batch=seen(page), now=rush.now)["delivered"] == 1
    reasons = list(PoolTransition.objects.values_list("reason", flat=True))
    assert reasons == ["admitted", "withdrawn", "returned"]


def test_a_note_edited_below_the_bar_gets_no_more_slots(rush):
    """Promised for what it was: an advertisement put in later takes no new reader's slot."""
    good = Note.objects.get(pk=rush.note)
    Note.objects.filter(pk=rush.note).update(title="Buy", body="加微信 wx12345678 低价代购 加微信")
    catalogue.refresh([rush.note], now=rush.now)
    Remembered.forget_everything()
    for person in rush.readers[:5]:
        page = serving.serve_discover(viewer=person, now=rush.now)
        assert rush.note not in [item.note_id for item in page.items]
    assert entry_of(rush).state == "held"
    Note.objects.filter(pk=rush.note).update(title=good.title, body=good.body)
    catalogue.refresh([rush.note], now=rush.now)
    assert entry_of(rush).state == "running"
    reasons = list(PoolTransition.objects.values_list("reason", flat=True))
    assert reasons == ["admitted", "below_bar", "returned"]


def test_notes_admitted_by_two_workers_at_once_have_one_line_each(file_database, at_once):
    now = timezone.now()
    LiveNote.objects.bulk_create(
        LiveNote(
            note_id=n, author_id=1, channel_id=1, root_channel_id=1, published_at=now,
            recommended=True,
        )
        for n in range(1, 401)
    )  # fmt: skip
    together = threading.Barrier(4)

    def tick():
        together.wait()
        return pool_keeper.advance(now=now)

    assert sum(at_once([tick] * 4, threads=4)) == 400
    assert PoolTransition.objects.count() == PoolEntry.objects.count() == 400


def test_liking_before_seeing_is_credited_to_no_gate_and_after_it_once(rush):
    early, late = rush.readers[:2]
    reactions.like_note(person=early, note_id=rush.note)
    work()
    page = serving.serve_discover(viewer=late, now=rush.now)
    intake(viewer=late, batch=seen(page), now=rush.now)
    for act in (reactions.like_note, reactions.unlike_note, reactions.like_note):
        act(person=late, note_id=rush.note)
    work()
    assert entry_of(rush).engagement == pytest.approx(1)
    reactions.unlike_note(person=late, note_id=rush.note)
    work()
    assert entry_of(rush).engagement == pytest.approx(0)
