"""Orders that run and want readers now, as a process knows them: looked up once in a while."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from community.models import TaggedNote
from feeds.languages import things_of_language
from feeds.models import LessOf, LiveNote
from feeds.policies import current
from feeds.policy import Boosts
from feeds.remembered import Remembered

from . import rules
from .audiences import with_parts
from .checking import local_day
from .models import Boost, BoostDelivery

# For how long a process goes by what it looked up.
LOOK_AGAIN = 2.0

_open: Remembered[list[Order]] = Remembered(most=1, seconds=LOOK_AGAIN)
# Cards this process sent for each order since it looked: what is at hand does not know of them.
_given: Counter[int] = Counter()


@dataclass(frozen=True, slots=True)
class Order:
    """An order that wants readers now."""

    boost_id: int
    note_id: int
    author_id: int
    audience: rules.Audience
    ordered: int
    room: int
    channels: frozenset[int]
    tags: frozenset[int]
    # What somebody may want less of: (kind of LessOf, target).
    things: frozenset[tuple[int, int]]


def running(now: datetime) -> list[Order]:
    known = _open.get("running")
    if known is None:
        known = _open.put("running", _look_up(now))
        _given.clear()
    return known


def _look_up(now: datetime) -> list[Order]:
    """Orders that are due and have room, of notes that are recommended at this moment."""
    boosts = list(
        Boost.objects.filter(
            state=rules.State.RUNNING, runs_from__lte=now, ends_at__gt=now, note__isnull=False
        )
    )
    if not boosts:
        return []
    policy = current()[1].boosts
    ids = [boost.note_id for boost in boosts if boost.note_id is not None]
    live = LiveNote.objects.filter(note__in=ids, recommended=True).select_related("note")
    notes = {row.pk: row for row in live}
    tags: dict[int, set[int]] = defaultdict(set)
    for note, tag in TaggedNote.objects.filter(content_object__in=ids).values_list(
        "content_object_id", "tag_id"
    ):
        tags[note].add(tag)
    flight = in_flight([boost.pk for boost in boosts], now=now, policy=policy)
    found = []
    for boost in boosts:
        row = notes.get(boost.note_id or 0)
        room = room_of(boost, in_flight=flight[boost.pk], now=now, policy=policy)
        if row is not None and room > 0:
            found.append(_order(boost, row, frozenset(tags[row.pk]), room))
    return found


def _order(boost: Boost, row: LiveNote, tags: frozenset[int], room: int) -> Order:
    kind, wants = LessOf.Kind, boost.wants
    channels = frozenset({row.channel_id, row.root_channel_id})
    things = {(int(kind.NOTE), row.pk), (int(kind.AUTHOR), row.author_id)}
    things |= {(int(kind.CHANNEL), pk) for pk in channels} | {(int(kind.TAG), pk) for pk in tags}
    if row.note.place_id is not None:
        things.add((int(kind.PLACE), row.note.place_id))
    things.update(things_of_language(row.note.language))
    return Order(
        boost.pk,
        row.pk,
        row.author_id,
        replace(wants, channels=with_parts(wants.channels)),
        boost.impressions,
        room,
        channels,
        tags,
        frozenset(things),
    )


def in_flight(boost_ids: Collection[int], *, now: datetime, policy: Boosts) -> Counter[int]:
    """Cards sent for these orders and neither seen nor given up."""
    since = now - timedelta(minutes=policy.reservation_minutes)
    waiting = BoostDelivery.objects.filter(
        boost__in=boost_ids, seen_at=None, reserved_at__gt=since
    ).values_list("boost_id", flat=True)
    return Counter(waiting)


def room_of(boost: Boost, *, in_flight: int, now: datetime, policy: Boosts) -> int:
    allowed = rules.allowed_by(
        ordered=boost.impressions,
        begins=boost.runs_from or boost.starts_at,
        ends=boost.ends_at,
        now=now,
        slack=policy.slack,
    )
    is_today = boost.day == local_day(boost.zone, now)
    return rules.room_for(
        allowed=allowed,
        delivered=boost.delivered,
        in_flight=in_flight,
        cap=boost.daily_cap,
        delivered_today=boost.delivered_today if is_today else 0,
    )


def has_room(order: Order) -> bool:
    return _given[order.boost_id] < order.room


def note_sent(boost_ids: Iterable[int]) -> None:
    _given.update(boost_ids)
