"""What readers' pages report: batches of 20 sights, each with the signed token of its page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any

SIGHTS = 20
# One in five of a page's cards has its place from a pool that still owes views.
IN_POOLS = 5
# A page token is believed from a second after the page was served.
SERVED_AGO = timedelta(seconds=5)


def batches_to_send(count: str, turn: str) -> dict[str, Any]:
    """Bodies for /events/ and /api/v1/events/, each of another reader with a session of its own;
    `turn` names the round: each has other notes. Nothing of them was seen before."""
    found = [
        {"cookie": _session(person), "body": json.dumps(batch)}
        for person, batch in _batches(int(count), turn)
    ]
    return {"batches": found, "sights": SIGHTS}


def intake_itself(count: str) -> dict[str, float]:
    """Seconds to take in so many batches without the way there: no request, no session."""
    from django.utils import timezone

    from feeds import impressions

    from .stopwatch import measured

    batches, now = list(_batches(int(count), "itself")), timezone.now()

    def take() -> int:
        return sum(
            impressions.intake(viewer=person, batch=batch, now=now)["seen"]
            for person, batch in batches
        )

    spent, seen = measured(take)
    assert seen == SIGHTS * len(batches), f"{seen} of {SIGHTS * len(batches)} counted"
    return {"seconds": spent.seconds, "cpu": spent.cpu, "sights": seen}


def _batches(count: int, turn: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    """(person, batch) of readers in turn."""
    from django.utils import timezone

    from accounts.models import User
    from feeds.models import Impression, LiveNote, PoolEntry
    from feeds.tokens import ServedCard, page_token

    chance, now = Random(turn), timezone.now()
    notes = dict(LiveNote.objects.order_by("-pk").values_list("note_id", "author_id")[:4_000])
    running = [pk for pk in notes if pk % IN_POOLS == 0]
    PoolEntry.objects.filter(note__in=running).update(
        state="running", promised=1_000_000, delivered=0, started_at=now,
        due_at=now + timedelta(days=1),
    )  # fmt: skip
    people = list(User.objects.filter(username__regex="^(reader|seed)").order_by("-pk")[:count])
    for at in range(count):
        person = people[at % len(people)]
        seen = set(Impression.objects.filter(person=person).values_list("note_id", flat=True))
        new = [pk for pk, author in notes.items() if author != person.pk and pk not in seen]
        chosen = chance.sample(new, SIGHTS)
        cards = [ServedCard(pk, place, "fresh") for place, pk in enumerate(chosen)]
        served = now - SERVED_AGO
        token = page_token(viewer_id=person.pk, feed="discover", now=served, cards=cards)
        yield person, {"token": token, "seen": [{"note": pk} for pk in chosen]}


def _session(person: Any) -> str:
    from .probes import session_of

    return session_of(person)


PROBES: dict[str, Callable[..., Any]] = {
    "batches_to_send": batches_to_send, "intake_itself": intake_itself,
}  # fmt: skip
