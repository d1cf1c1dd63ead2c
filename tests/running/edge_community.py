"""A note five impressions short of its promise, another five short of what was paid for, and two
hundred readers who have both before their eyes: `python -m tests.running.edge_community STEP`.

`fill` prints the readers' tokens and what is left, `settle` does what a worker would and prints
what was counted and charged. Each in a process of its own, on the folder in ROCKPOOL_DATA.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

import django

RUSH, LEFT, ORDERED = 200, 5, 100
SUBSTANCE = (
    "I mixed ash and feldspar, dipped twice and waited a whole night for the kiln to cool. The rim"
    " turned sea green where the glaze ran thin, and I would do it all again. "
)


def fill() -> dict[str, Any]:
    from django.utils import timezone
    from knox.models import AuthToken

    from accounts.models import Profile, User
    from feeds.impressions import intake
    from feeds.models import PoolEntry
    from feeds.tokens import ServedCard, page_token

    author, staff = User.objects.create_user("author"), User.objects.create_user("keeper")
    names = [f"reader{n}" for n in range(2 * RUSH)]
    people = [User.objects.create_user(name) for name in names]
    Profile.objects.update(active_on=timezone.now().date())
    pooled, boosted = (publish(author, words) for words in ("Ash glaze", "Celadon"))
    boost = bought(author, staff, boosted)
    promised = PoolEntry.objects.values_list("promised", flat=True).get(pk=pooled)
    served_at = timezone.now() - timedelta(seconds=5)

    def page(person: User, *cards: ServedCard) -> str:
        return page_token(viewer_id=person.pk, feed="discover", now=served_at, cards=list(cards))

    def sees(person: User, *cards: ServedCard) -> None:
        batch = {"token": page(person, *cards), "seen": [{"note": c.note_id} for c in cards]}
        intake(viewer=person, batch=batch, now=timezone.now())

    new, paid = ServedCard(pooled, 4, "pool0"), ServedCard(boosted, 5, "boost")
    send(boost, people, served_at)
    for number, person in enumerate(people[RUSH:]):
        cards = [new] if number < promised - LEFT else []
        sees(person, *cards, *([paid] if number < ORDERED - LEFT else []))
    return {
        "pooled": pooled, "boosted": boosted, "boost": boost, "promised": promised,
        "readers": [
            {"token": AuthToken.objects.create(user=person)[1], "page": page(person, new, paid)}
            for person in people[:RUSH]
        ],
    }  # fmt: skip


def publish(author: Any, title: str) -> int:
    from community.models import Channel, NoteImage
    from community.services.writing import NoteContent, publish_note, save_draft

    content = NoteContent(
        title=title, body=SUBSTANCE + title, channel=Channel.objects.get(slug="pottery"),
        tags=["pottery", title.lower()],
    )  # fmt: skip
    note = save_draft(author=author, content=content)
    publish_note(author=author, note_id=note.pk)
    NoteImage.objects.update(state=NoteImage.State.READY)
    work()
    return note.pk


def bought(author: Any, staff: Any, note_id: int) -> int:
    from django.contrib.auth.models import Permission
    from django.utils import timezone

    from accounts.models import User
    from accounts.wallet import services as wallet
    from feeds.boosts import services

    now = timezone.now()
    staff.user_permissions.add(Permission.objects.get(codename="review_boost"))
    wallet.top_up(person=author, amount=100_000, key="first", source="staff", now=now)
    wanted = services.Wanted(ORDERED, starts_at=now, ends_at=now + timedelta(days=2))
    boost = services.save_order(buyer=author, note_id=note_id, wanted=wanted, now=now)
    services.pay(buyer=author, boost_id=boost.pk, seen_total=None, now=now)
    services.approve(boost_id=boost.pk, by=User.objects.get(pk=staff.pk), now=now)
    return int(boost.pk)


def send(boost_id: int, people: list[Any], at: Any) -> None:
    """More cards than were ordered are on their way: as many processes sent them that did not
    know of each other."""
    from feeds.boosts.models import Boost, BoostDelivery

    note_id = Boost.objects.values_list("note_id", flat=True).get(pk=boost_id)
    BoostDelivery.objects.bulk_create(
        BoostDelivery(
            boost_id=boost_id, note_id=note_id, person=person, matched="all", reserved_at=at
        )
        for person in people
    )


def work() -> None:
    from community.outbox import jobs

    for queue in ("fanout", "feeds", "default") * 2:
        jobs.work_off(queue)


def settle() -> dict[str, Any]:
    """Everything a worker and the clock do, twice."""
    from django.utils import timezone

    from feeds.boosts import keeper
    from feeds.boosts.models import Boost, BoostDelivery
    from feeds.boosts.rules import price_of
    from feeds.models import Impression, PoolDelivery

    for _ in range(2):
        work()
        keeper.advance(now=timezone.now())
    boost = Boost.objects.get()
    pooled = Impression.objects.exclude(note=boost.note_id).values_list("note_id", flat=True)[0]
    reached = PoolDelivery.objects.filter(note=pooled, tier=0, seen_at__isnull=False)
    return {
        "sights": {
            str(note): Impression.objects.filter(note=note).count()
            for note in (pooled, boost.note_id)
        },
        "reached": reached.count(),
        "paid": {
            "delivered": boost.delivered,
            "counted": BoostDelivery.objects.filter(counted=True).count(),
            "state": boost.state,
            "charged": boost.charged,
            "price": price_of(boost.impressions, boost.per_thousand),
            "refunded": boost.refunded,
        },
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps({"fill": fill, "settle": settle}[sys.argv[1]]()))
