"""Probes of the recommender: one list, all lists, a profile's update, the head made varied."""

from __future__ import annotations

import time
from statistics import median
from typing import Any


def one_list(people: str) -> dict[str, float]:
    """Milliseconds to build discover for people drawn evenly, the first one in a cold process."""
    from django.utils import timezone

    from feeds.discover import build_discover

    taken = []
    for person in _readers(int(people)):
        began = time.perf_counter()
        snapshot = build_discover(person, now=timezone.now())
        taken.append((time.perf_counter() - began) * 1000)
        assert len(snapshot) > 0
    return {"first": taken[0], "median": median(taken[1:]), "slowest": max(taken[1:])}


def all_lists() -> dict[str, float]:
    """Seconds to build discover anew for everybody, in one process, as the worker's jobs do."""
    from accounts.models import Profile
    from feeds.models import FeedList
    from feeds.tasks import PEOPLE_AT_ONCE, rebuild_discover_of

    FeedList.objects.filter(kind="discover").delete()
    people = list(Profile.objects.order_by("person").values_list("person_id", flat=True))
    began = time.perf_counter()
    for start in range(0, len(people), PEOPLE_AT_ONCE):
        rebuild_discover_of(people=people[start : start + PEOPLE_AT_ONCE])
    seconds = time.perf_counter() - began
    assert FeedList.objects.filter(kind="discover").count() == len(people)
    return {"seconds": seconds, "people": len(people)}


def profile_update(acts: str) -> dict[str, float]:
    """Milliseconds to learn one act, each of another person and note."""
    from django.db import transaction
    from django.utils import timezone

    from feeds import interests
    from feeds.models import Event, LiveNote
    from feeds.policies import current

    notes = list(LiveNote.objects.values_list("note_id", flat=True)[: int(acts)])
    rules, now, taken = current()[1].interests, timezone.now(), []
    with transaction.atomic():
        for person, note in zip(_readers(int(acts)), notes, strict=True):
            began = time.perf_counter()
            interests.learn([interests.Act(person, note, Event.Kind.LIKE, 1, now)], rules)
            taken.append((time.perf_counter() - began) * 1000)
        transaction.set_rollback(True)
    return {"median": median(taken), "slowest": max(taken)}


def varied_head(rounds: str) -> dict[str, float]:
    """Milliseconds to re-rank 300 candidates to 50 by relevance and difference."""
    from dataclasses import replace

    from django.utils import timezone

    from feeds.facts import hydrate
    from feeds.models import LiveNote
    from feeds.pipeline import Candidate, FeedRequest
    from feeds.policies import current
    from feeds.rankers import FormulaRanker
    from feeds.rerankers import MakeVaried

    policy = current()[1]
    policy = replace(policy, discover=replace(policy.discover, diverse_head=50, diverse_pool=300))
    request = FeedRequest(None, timezone.now(), policy, personal=False)
    ids = LiveNote.objects.filter(recommended=True).values_list("note_id", flat=True)[:300]
    pool = FormulaRanker().rank(request, hydrate([Candidate(pk, "fresh") for pk in ids]))
    assert len(pool) == 300
    taken = []
    for _ in range(int(rounds)):
        began = time.perf_counter()
        MakeVaried().rerank(request, pool)
        taken.append((time.perf_counter() - began) * 1000)
    return {"median": median(taken), "slowest": max(taken)}


def _readers(count: int) -> list[int]:
    """People drawn evenly from all."""
    from accounts.models import Profile

    people = list(Profile.objects.order_by("person").values_list("person_id", flat=True))
    return people[:: max(1, len(people) // count)][:count]


PROBES: dict[str, Any] = {
    function.__name__: function for function in (one_list, all_lists, profile_update, varied_head)
}
