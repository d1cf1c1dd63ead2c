"""Lists are logged for those who may be learnt from, read back exactly, and forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from accounts.models import Profile
from feeds import policies
from feeds.discover import build_discover
from feeds.features import FEATURES, features
from feeds.models import Impression
from feeds.ranking import logged
from feeds.ranking.models import RankedList

from .conftest import NOW, with_ranking

pytestmark = pytest.mark.django_db


def log(request, ordered, list_id=7, **given):
    return logged.log_list(
        list_id=list_id, request=request, ordered=ordered, policy_version=2, ranker="formula",
        **given,
    )  # fmt: skip


def test_what_was_logged_is_read_back_exactly(alice, request_of, candidate):
    ordered = [candidate(pk, score=1 / pk, propensity=0.98) for pk in (5, 3, 9)]
    request = request_of(alice.pk)
    log(request, ordered)
    served = logged.read(RankedList.objects.get())
    assert (served.list_id, served.person_id, served.at) == (7, alice.pk, NOW)
    assert (served.policy_version, served.ranker) == (2, "formula")
    assert served.note_ids.tolist() == [5, 3, 9]
    assert np.array_equal(served.features, features(request, ordered))
    assert served.scores == pytest.approx([1 / 5, 1 / 3, 1 / 9])
    assert served.propensities == pytest.approx([0.98] * 3)


def test_propensities_may_be_given(alice, request_of, candidate):
    row = log(request_of(alice.pk), [candidate(1), candidate(2)], propensities=[0.5, 0.25])
    assert logged.read(row).propensities.tolist() == [0.5, 0.25]


def test_visitors_and_people_without_personalisation_are_not_logged(alice, request_of, candidate):
    assert log(request_of(None), [candidate(1)]) is None
    assert log(request_of(alice.pk, personal=False), [candidate(1)]) is None
    assert log(request_of(alice.pk), []) is None
    assert not RankedList.objects.exists()


def test_a_share_of_lists_and_the_head_of_each(alice, request_of, candidate, always_logged):
    some = with_ranking(always_logged, log_share=0.3, log_places=2)
    ordered = [candidate(pk) for pk in (1, 2, 3)]
    for seed in range(200):
        log(request_of(alice.pk, policy=some, seed=seed), ordered, list_id=seed)
    count = RankedList.objects.count()
    assert 35 < count < 85
    assert set(RankedList.objects.values_list("length", flat=True)) == {2}
    none = request_of(alice.pk, policy=with_ranking(some, log_share=0.0))
    assert log(none, ordered, list_id=999) is None


@pytest.mark.parametrize(
    "spoilt",
    [{"schema": "other"}, {"features": b""}, {"features": b"no zlib"}, {"length": 500},
     {"note_ids": logged._packed([1, 2, 3, 4], np.int64)}],
)  # fmt: skip
def test_what_does_not_fit_is_not_read(alice, request_of, candidate, spoilt):
    row = log(request_of(alice.pk), [candidate(1)])
    RankedList.objects.filter(pk=row.pk).update(**spoilt)
    row.refresh_from_db()
    with pytest.raises(logged.Unreadable):
        logged.read(row)


def test_old_lists_and_those_nobody_looked_at_are_forgotten(alice, bob, request_of, candidate):
    for list_id, days in ((1, 40), (2, 2), (3, 2), (4, 0)):
        at = NOW - timedelta(days=days)
        log(request_of(alice.pk, now=at), [candidate(1)], list_id=list_id)
    for person, note, list_id in ((alice, 1, 1), (alice, 2, 2), (bob, 3, 3)):
        Impression.objects.create(
            person_id=person.pk, note_id=note, feed="discover", list_id=list_id, at=NOW
        )
    assert logged.forget(now=NOW, days=30) == 2
    assert logged.forget(now=NOW, days=30) == 0
    # Bob's sight is not Alice's: nobody of hers looked at list 3.
    assert set(RankedList.objects.values_list("list_id", flat=True)) == {2, 4}


def test_an_unseen_list_goes_sooner_when_another_took_its_place(alice, bob, request_of, candidate):
    at = NOW - timedelta(hours=3)
    for person, list_id in ((alice, 1), (bob, 2), (alice, 3), (alice, 4)):
        log(request_of(person.pk, now=at), [candidate(1)], list_id=list_id)
    Impression.objects.create(person=alice, note_id=1, feed="discover", list_id=3, at=NOW)
    assert logged.forget(now=NOW, days=30) == 1
    assert set(RankedList.objects.values_list("list_id", flat=True)) == {2, 3, 4}
    assert logged.forget(now=NOW + timedelta(hours=6), days=30) == 2
    assert RankedList.objects.get().list_id == 3


def test_who_switches_personalisation_off_is_forgotten(alice, bob, request_of, candidate):
    for person in (alice, bob):
        log(request_of(person.pk), [candidate(1)], list_id=person.pk)
    Profile.objects.filter(person=alice).update(personalised=False)
    assert logged.forget(now=NOW, days=30) == 1
    assert RankedList.objects.get().person_id == bob.pk


def test_a_run_forgets_a_bounded_number(alice, request_of, candidate, monkeypatch):
    monkeypatch.setattr(logged, "DELETED_A_RUN", 2)
    monkeypatch.setattr(logged, "DELETED_AT_ONCE", 1)
    for list_id in range(5):
        log(request_of(alice.pk, now=NOW - timedelta(days=90)), [candidate(1)], list_id=list_id)
    assert [logged.forget(now=NOW, days=30) for _ in range(4)] == [2, 2, 1, 0]


def test_discover_is_logged_as_it_was_built(
    alice, bob, channel, make_note, work_off, always_logged
):
    policies.publish(values=always_logged.to_dict(), by=None)
    policies.forget()
    notes = {make_note(alice, title=f"Bowl {n}").pk for n in range(3)}
    work_off()
    snapshot = build_discover(bob.pk, now=timezone.now())
    served = logged.read(RankedList.objects.get())
    assert served.list_id == snapshot.pk
    assert served.note_ids.tolist() == [item.note_id for item in snapshot.items]
    assert set(served.note_ids.tolist()) == notes
    assert served.features.shape == (3, len(FEATURES))
    assert (served.propensities > 0).all()
    build_discover(None, now=timezone.now())
    build_discover(bob.pk, now=timezone.now(), channel_id=channel.pk)
    assert RankedList.objects.count() == 1


def test_lists_go_with_their_person(alice, request_of, candidate):
    log(request_of(alice.pk), [candidate(1)])
    alice.delete()
    assert not RankedList.objects.exists()
