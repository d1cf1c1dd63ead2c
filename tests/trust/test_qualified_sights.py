"""Which sights count, and what rings and farms count for less."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.services import block_user
from community.services.reactions import like_note, unlike_note
from feeds.impressions import intake
from feeds.invariants import audit
from feeds.models import Impression, PoolDelivery, PoolEngagement, PoolEntry, PoolTransition
from feeds.pool_keeper import advance
from feeds.qualification import SHORTEST_LOOK, qualified
from feeds.tokens import ServedCard, page_token, read_page_token
from feeds.trust.models import Circle, Member, Reader
from feeds.trust.weights import weights_of


@pytest.fixture
def note(alice, make_note, work_off):
    note = make_note(alice)
    work_off()
    return note


def page_of(viewer, note, *, now, source="pool0"):
    cards = [ServedCard(note.pk, 0, source)]
    return page_token(viewer_id=viewer.pk, feed="discover", now=now, cards=cards)


def sees(viewer, note, *, now, source="pool0"):
    token = page_of(viewer, note, now=now - SHORTEST_LOOK, source=source)
    return intake(viewer=viewer, batch={"token": token, "seen": [note.pk]}, now=now)


def entry_of(note):
    return PoolEntry.objects.get(note=note)


def make_ring(*people, weight=0.0, kind="ring"):
    now = timezone.now()
    circle = Circle.objects.create(
        kind=kind, size=len(people), weight=weight, fingerprint="f", found_at=now, seen_at=now
    )
    for person in people:
        Member.objects.create(circle=circle, person=person)
    return circle


@pytest.mark.parametrize("milliseconds", [0, 1, 400, 999])
def test_a_card_reported_within_a_second_of_being_served_was_not_seen(charlie, note, milliseconds):
    now = timezone.now().replace(microsecond=700_000)
    token = page_of(charlie, note, now=now)
    batch = {"token": token, "seen": [note.pk]}
    early = intake(viewer=charlie, batch=batch, now=now + timedelta(milliseconds=milliseconds))
    assert (early["seen"], Impression.objects.count()) == (0, 0)
    # Nothing is lost for the honest: the same card reported after a second counts.
    assert intake(viewer=charlie, batch=batch, now=now + SHORTEST_LOOK)["seen"] == 1


def test_a_server_whose_clock_is_a_little_behind_takes_sights_all_the_same(charlie, note):
    now = timezone.now()
    page = read_page_token(page_of(charlie, note, now=now), viewer_id=charlie.pk, now=now)
    for other_clock in (now - timedelta(seconds=2), now - timedelta(minutes=4)):
        assert qualified(viewer=charlie, page=page, note_ids=[note.pk], now=other_clock)


def test_what_counts_is_on_the_page_not_ones_own_not_blocked_and_each_once(
    alice, charlie, make_note, note
):
    now = timezone.now()
    elsewhere = make_note(alice, "Not on this page")
    own = make_note(charlie, "My own")
    cards = [ServedCard(n.pk, at, "tag") for at, n in enumerate((note, own))]
    token = page_token(viewer_id=charlie.pk, feed="discover", now=now, cards=cards)
    page = read_page_token(token, viewer_id=charlie.pk, now=now)
    reported = [note.pk, note.pk, own.pk, elsewhere.pk, 2**60]

    def counted():
        sights = qualified(viewer=charlie, page=page, note_ids=reported, now=now + SHORTEST_LOOK)
        return [(sight.card.note_id, sight.author_id, sight.counts) for sight in sights]

    assert counted() == [(note.pk, alice.pk, True)]
    block_user(blocker=alice, blocked=charlie)
    assert counted() == []


def test_what_a_farm_saw_is_noted_and_taken_from_no_promise(bob, charlie, note):
    now = timezone.now()
    Reader.objects.create(person=charlie, weight=0, signs=["farm"], since=now)
    assert sees(charlie, note, now=now) == {"seen": 1, "delivered": 0, "events": 0}
    assert sees(bob, note, now=now)["delivered"] == 1
    entry = entry_of(note)
    assert (entry.delivered, entry.discounted_views) == (1, 1)
    assert not PoolDelivery.objects.get(note=note, person=charlie).counts
    assert not any(audit(now=now).values())


def test_a_like_within_a_ring_is_credited_by_its_weight_and_the_rest_is_recorded(
    alice, bob, charlie, note, work_off
):
    now = timezone.now()
    make_ring(alice, charlie, weight=0.25)
    for person in (bob, charlie):
        sees(person, note, now=now)
        like_note(person=person, note_id=note.pk, now=now)
    work_off()
    entry = entry_of(note)
    assert entry.engagement == pytest.approx(1.25)
    assert (entry.discounted_acts, entry.discounted_score) == (1, pytest.approx(0.75))
    act = PoolEngagement.objects.get(note=note, person=charlie)
    assert (act.full, act.score, act.weight, act.reason) == (1, 0.25, 0.25, "ring")
    assert not any(audit(now=now).values())
    unlike_note(person=charlie, note_id=note.pk, now=now)
    work_off()
    entry = entry_of(note)
    assert entry.engagement == pytest.approx(1)
    assert (entry.discounted_acts, entry.discounted_score) == (0, pytest.approx(0))


def test_a_ring_counts_in_full_for_authors_outside_it_and_a_lifted_one_for_all(alice, bob, charlie):
    circle = make_ring(alice, bob)
    pairs = {(bob.pk, alice.pk), (bob.pk, charlie.pk), (charlie.pk, alice.pk)}
    assert weights_of(pairs) == {(bob.pk, alice.pk): (0.0, "ring")}
    Circle.objects.filter(pk=circle.pk).update(state=Circle.State.LIFTED)
    assert weights_of(pairs) == {}


def test_the_step_at_a_gate_names_what_was_discounted_there(alice, bob, charlie, note, work_off):
    now = timezone.now()
    make_ring(alice, charlie)
    PoolEntry.objects.filter(note=note).update(promised=2)
    for person in (bob, charlie):
        sees(person, note, now=now)
        like_note(person=person, note_id=note.pk, now=now)
    work_off()
    advance(now=now + timedelta(days=4))
    step = PoolTransition.objects.filter(note=note).last()
    # A ring's member saw the note and is no part of its promise; the one like left is Bob's.
    assert step.figures["discounted_acts"] == step.figures["discounted_views"] == 1
    assert (step.figures["delivered"], step.figures["engagement"]) == (1, 1)
    assert step.figures["discounted_score"] == pytest.approx(1)
