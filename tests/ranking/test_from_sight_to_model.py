"""From lists served and cards seen to a ranker in force, with nothing replaced on the way."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from community.artefacts import registry
from feeds.models import Event, Impression
from feeds.pipeline import Taste
from feeds.policies import publish
from feeds.policy import Policy
from feeds.rankers import LearntRanker, serving
from feeds.ranking import logged, training

from .conftest import NOW, with_ranking

PEOPLE, PLACES = 60, 40
POLICY = with_ranking(Policy(), log_share=1.0, least_impressions=1_000, least_positives=100)


@pytest.fixture
def month(db, request_of, candidate):
    """Sixty readers who open what this sitting is about, and little else."""
    chance = random.Random(2)
    seen, acts = [], []
    for person in range(1, PEOPLE + 1):
        at = NOW + timedelta(hours=12 * person)
        tags = {tag: chance.random() for tag in range(8)}
        request = request_of(
            person, now=at, taste=Taste(tags={t: chance.random() for t in tags}, recent_tags=tags)
        )
        notes = chance.sample(range(1, 400), PLACES)
        ordered = [candidate(note, facts={"tags": (note % 8,)}) for note in notes]
        logged.log_list(
            list_id=person, request=request, ordered=ordered, policy_version=0, ranker="formula"
        )
        for note in notes:
            seen.append(
                Impression(person_id=person, note_id=note, feed="discover", list_id=person, at=at)
            )
            if chance.random() < 0.02 + 0.6 * tags[note % 8] ** 2:
                acts.append(Event(person_id=person, note_id=note, kind=Event.Kind.OPEN, at=at))
    Impression.objects.bulk_create(seen)
    Event.objects.bulk_create(acts)
    publish(values=POLICY.to_dict(), by=None)


def test_a_month_of_reading_becomes_a_ranker_that_serves(month, request_of, candidate):
    now = NOW + timedelta(days=32)
    policy = with_ranking(POLICY, log_days=40)
    publish(values=policy.to_dict(), by=None)
    outcome = training.train(now=now)
    assert outcome.refused == ""
    assert outcome.trained_on["impressions"] == PEOPLE * PLACES
    assert outcome.figures["against_formula"]["open"]["gain"] > 0.1
    registry.forget()
    request = request_of(
        1, now=now, policy=policy, taste=Taste(tags={1: 1.0, 2: 1.0}, recent_tags={2: 1.0})
    )
    [first, _second] = LearntRanker().rank(
        request, [candidate(1, facts={"tags": (1,)}), candidate(2, facts={"tags": (2,)})]
    )
    assert first.note_id == 2
    assert ("recent", 2) in [signal[:2] for signal in first.signals]
    assert serving(request) == "ranker 1"
