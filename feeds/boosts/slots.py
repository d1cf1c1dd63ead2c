"""Which paid card a reader is sent, and the reservation.

A page that may carry one costs two statements more, a page while no order runs costs none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import CharField, Value

from accounts.models import Follow, User
from community.models import Channel
from feeds.gate import Shown
from feeds.pages import Placed
from feeds.policies import current

from . import rules
from .delivery import SOURCE
from .models import BoostDelivery
from .orders import Order, has_room, note_sent, running

if TYPE_CHECKING:
    from feeds.reading import Reading

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Offer:
    """An order for this reader: the rule of its audience that they meet."""

    boost_id: int
    note_id: int
    matched: str


# ---------------------------------------------------------------- for one reader
def offers_for(
    viewer: User,
    *,
    taste: dict[str, Any],
    exclude: Collection[int],
    count: int,
    now: datetime,
    channel: Channel | None = None,
) -> list[Offer]:
    """Orders that this reader may be sent a card of, the worthiest first, twice as many as there
    are places so that the gate may drop some."""
    unwanted = {(kind, target) for kind, target in taste.get("less", ())}
    fitting = [
        order
        for order in running(now)
        if order.author_id != viewer.pk
        and order.note_id not in exclude
        and has_room(order)
        and unwanted.isdisjoint(order.things)
        and (channel is None or channel.pk in order.channels)
    ]
    if not fitting:
        return []
    had, followed = _known_of(viewer, {order.author_id for order in fitting}, now)
    scored = []
    for order in fitting:
        matched = rules.matched(order.audience, _reader(viewer, taste, order.author_id in followed))
        if matched is not None:
            value = rules.worth(room=order.room, ordered=order.ordered, match=_fit(order, taste))
            scored.append((value, Offer(order.boost_id, order.note_id, matched)))
    scored.sort(key=lambda row: (-row[0], row[1].boost_id))
    return _within_limit([offer for _value, offer in scored], had)[: 2 * count]


def _known_of(viewer: User, authors: Collection[int], now: datetime) -> tuple[set[int], set[int]]:
    """(notes this reader was sent for money within a day, which of the authors they follow), in
    one statement."""
    text = CharField()
    sent = BoostDelivery.objects.filter(person=viewer.pk, reserved_at__gt=now - A_DAY)
    follows = Follow.objects.filter(follower=viewer.pk, followed__in=authors)
    rows = list(
        sent.values_list(Value("sent", text), "note_id").union(
            follows.values_list(Value("follows", text), "followed_id"), all=True
        )
    )
    return (
        {pk for word, pk in rows if word == "sent"},
        {pk for word, pk in rows if word == "follows"},
    )


def _within_limit(offers: Sequence[Offer], had: set[int]) -> list[Offer]:
    """At most so many paid cards a reader and day; one sent before and not seen is no other."""
    left = current()[1].boosts.most_per_reader - len(had)
    kept = []
    for offer in offers:
        if offer.note_id not in had:
            if left <= 0:
                continue
            left -= 1
        kept.append(offer)
    return kept


def _reader(viewer: User, taste: dict[str, Any], follows: bool) -> rules.Reader:
    profile = viewer.profile
    if not profile.personalised:
        return rules.Reader()
    return rules.Reader(
        personal=True,
        tags={int(pk) for pk, weight in taste.get("tags", {}).items() if weight > 0},
        channels={int(pk) for pk, weight in taste.get("channels", {}).items() if weight > 0},
        city=profile.city,
        follows=follows,
    )


def _fit(order: Order, taste: dict[str, Any]) -> float:
    """How well the note fits a taste, 0 to 1."""
    tags, channels = taste.get("tags", {}), taste.get("channels", {})
    value = sum(channels.get(str(pk), 0.0) for pk in order.channels)
    value += sum(tags.get(str(pk), 0.0) for pk in order.tags)
    return float(min(1.0, max(0.0, value)))


# ---------------------------------------------------------------- on the page
@dataclass(frozen=True, slots=True)
class PaidPlaces:
    """The places of one page that may be paid for, and the offers for them, the worthiest first."""

    places: tuple[int, ...]
    offers: tuple[Offer, ...] = ()

    def __len__(self) -> int:
        """How many of the page's cards these take at the most."""
        return min(len(self.places), len(self.offers))

    @property
    def note_ids(self) -> list[int]:
        return [offer.note_id for offer in self.offers]

    def passed(self, shown: Mapping[int, Shown], *, taken: Collection[int]) -> PaidPlaces:
        """Less what the gate does not let through, what the viewer met, and what else is sent."""
        new = {pk for pk, row in shown.items() if row.is_new} - set(taken)
        return replace(self, offers=tuple(o for o in self.offers if o.note_id in new))

    def among(self, placed: Sequence[Placed]) -> tuple[list[Placed], list[Offer]]:
        """The page with paid cards on their places, and which of the offers they are.

        A note that the reader's own list brings further up stays there and is not paid for; one
        that stood further down moves up.
        """
        cards, sent, left = list(placed), [], list(self.offers)
        for place in self.places:
            above = {card.note_id for card in cards[:place]}
            offer = next((o for o in left if o.note_id not in above), None)
            if place > len(cards) or offer is None:
                break
            left.remove(offer)
            cards = [card for card in cards if card.note_id != offer.note_id]
            cards.insert(place, Placed(offer.note_id, SOURCE, 0, paid=True))
            sent.append(offer)
        return cards, sent


def open_places(
    viewer: User | None, reading: Reading, *, size: int, channel: Channel | None, now: datetime
) -> PaidPlaces:
    """The paid places of the next page of a reading, in discover or in a channel. Visitors are
    sent none: they cannot be told apart. Teens are sent none either."""
    every = current()[1].boosts.slot_every
    places = rules.places(first=reading.served, size=size, every=every)
    if viewer is None or not viewer.is_authenticated or viewer.profile.teen or not running(now):
        return PaidPlaces(tuple(places))
    passed = {row[0] for row in reading.snapshot.rows[: reading.offset]}
    offers = offers_for(
        viewer,
        taste=reading.snapshot.taste,
        exclude=passed.union(reading.slotted),
        count=len(places),
        now=now,
        channel=channel,
    )
    return PaidPlaces(tuple(places), tuple(offers))


def reserve(offers: Iterable[Offer], *, viewer_id: int, now: datetime) -> None:
    """Note that these cards are on their way: one statement, safe to repeat."""
    rows = [(o.boost_id, o.note_id, viewer_id, o.matched, now, False) for o in offers]
    if not rows:
        return
    note_sent(row[0] for row in rows)
    marks = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO boosts_boostdelivery"  # noqa: S608
            " (boost_id, note_id, person_id, matched, reserved_at, counted)"
            f" VALUES {marks} ON CONFLICT (note_id, person_id) DO UPDATE"
            " SET boost_id = excluded.boost_id, matched = excluded.matched,"
            " reserved_at = excluded.reserved_at WHERE boosts_boostdelivery.seen_at IS NULL",
            [
                connection.ops.adapt_datetimefield_value(v) if isinstance(v, datetime) else v
                for row in rows
                for v in row
            ],
        )
