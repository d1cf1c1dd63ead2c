"""The four feeds as pages and programs ask for them: precomputed or live, then the gate."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from accounts.models import User
from accounts.services import was_here
from community.models import Channel

from . import pool_slots
from .boosts import slots as boost_slots
from .following import timeline_page
from .gate import Shown, recommended_to, shown_to
from .geo import Point, shown_km
from .hot import build_hot
from .hot_reasons import hot_texts
from .lists import Item, Snapshot, list_of_reading, mark_stale, newest_list
from .models import LiveNote
from .nearby import build_cell, cell_for, in_order, unseen_first
from .one_builder import built_by_one
from .pages import FeedPage, Placed, make_page, viewer_id_of
from .policies import current
from .reading import TOO_OLD, open_reading, slots_for, slots_on_page, with_slots
from .tokens import cursor_token, from_micros, micros, read_cursor, read_position

# Cells that somebody asks for are built every minute; the list of another one is not trusted long.
CELL_IS_FRESH = timedelta(minutes=5)
# How many places of a list are passed through the gate for one page: seen and hidden ones fall out.
LOOK_AHEAD = 2


# ---------------------------------------------------------------- discover and channels
def serve_discover(
    *,
    viewer: User | None,
    cursor: str | None = None,
    channel: Channel | None = None,
    now: datetime | None = None,
) -> FeedPage:
    """A page of discover, or of one channel's feed. Raises Invalid for a bad cursor."""
    now = now or timezone.now()
    _version, policy = current()
    me = viewer_id_of(viewer)
    if me and viewer is not None:
        was_here(viewer, now=now)
    feed = "discover" if channel is None else "channel"
    reading = open_reading(feed, me, channel, cursor, now)
    size = policy.discover.page_size
    window = [
        (place, item)
        for place, item in reading.snapshot.window(reading.offset, size * LOOK_AHEAD)
        if item.note_id not in reading.slotted
    ]
    slots = slots_for(me, reading, window, policy, now) if channel is None else []
    paid = boost_slots.open_places(viewer, reading, size=size, channel=channel, now=now)
    asked = [item.note_id for _place, item in window] + [slot.note_id for slot in slots]
    shown = recommended_to(viewer, asked + paid.note_ids)
    chosen = [s for s in slots if s.note_id in shown and shown[s.note_id].is_new]
    chosen = chosen[: slots_on_page(policy)]
    if me:
        chosen = pool_slots.reserve(chosen, viewer_id=me, policy=policy, now=now)
    # What was seen does not come back to discover; a channel's page is a shelf and keeps it.
    back = {pk for pk, row in shown.items() if row.is_new or channel is not None}
    paid = paid.passed(shown, taken={slot.note_id for slot in chosen})
    room = size - len(chosen) - len(paid)
    ranked = [row for row in window if row[1].note_id in back][:room]
    placed = [Placed(i.note_id, i.source, i.detail) for _place, i in ranked]
    placed = with_slots(placed, chosen, policy)
    placed, sent = paid.among(placed)
    boost_slots.reserve(sent, viewer_id=me or 0, now=now)
    offset = ranked[-1][0] + 1 if ranked else reading.offset + size * LOOK_AHEAD
    slotted = [*reading.slotted, *(s.note_id for s in chosen), *(o.note_id for o in sent)]
    more = offset < len(reading.snapshot)
    position = (reading.snapshot.pk, offset, reading.served + len(placed), *slotted)
    next_cursor = cursor_token(feed, *position) if more else None
    if not placed and next_cursor:  # all of this stretch was seen: go on behind it
        return serve_discover(viewer=viewer, cursor=next_cursor, channel=channel, now=now)
    return make_page(
        feed,
        placed,
        viewer=viewer,
        now=now,
        next_cursor=next_cursor,
        first_position=reading.served,
        shown=shown,
        list_id=reading.snapshot.pk,
    )


# ---------------------------------------------------------------- follow
def serve_following(
    *, viewer: User, cursor: str | None = None, now: datetime | None = None
) -> FeedPage:
    """A page of the viewer's timeline, newest first: what they did not see yet, and behind that,
    from a page that says so, what they had seen when this reading began."""
    now = now or timezone.now()
    was_here(viewer, now=now)
    before, served, began, again = None, 0, now, False
    if cursor is not None:
        when, note_id, served, stamp, phase = read_position(cursor, feed="follow", parts=5)
        before = (from_micros(when), note_id) if note_id else None
        began, again = from_micros(stamp), bool(phase)
    size = current()[1].discover.page_size
    rows = timeline_page(
        viewer.pk, before=before, limit=size * LOOK_AHEAD, seen_before=began if again else None
    )
    if not rows and not again:
        return serve_following(viewer=viewer, cursor=_seen_again(served, began), now=now)
    shown = shown_to(viewer, [note_id for note_id, _at in rows])
    kept = [row for row in rows if row[0] in shown][:size]
    last = kept[-1] if len(kept) == size else rows[-1] if len(rows) == size * LOOK_AHEAD else None
    served += len(kept)
    next_cursor = None if again else _seen_again(served, began)
    if last:
        next_cursor = cursor_token("follow", micros(last[1]), last[0], served, micros(began), again)
    elif next_cursor and not timeline_page(viewer.pk, before=None, limit=1, seen_before=began):
        next_cursor = None
    placed = [Placed(note_id, "followed") for note_id, _at in kept]
    return make_page(
        "follow",
        placed,
        viewer=viewer,
        now=now,
        next_cursor=next_cursor,
        first_position=served - len(kept),
        shown=shown,
        seen_before=again and before is None,
    )


def _seen_again(served: int, began: datetime) -> str:
    """Where a reading of the timeline goes on with what was seen before it began."""
    return cursor_token("follow", 0, 0, served, micros(began), True)


# ---------------------------------------------------------------- nearby
def serve_nearby(
    *,
    viewer: User | None,
    point: Point | None,
    cursor: str | None = None,
    order: str = "bands",
    now: datetime | None = None,
) -> FeedPage:
    """A page of notes around a point (blurred at once and not kept), each with its distance.

    Without a point: around the viewer's city; without one: nothing, and the page asks.
    """
    now = now or timezone.now()
    here = point.blurred() if point else _city_of(viewer)
    if here is None:
        return make_page("nearby", [], viewer=viewer, now=now, next_cursor=None)
    rules = current()[1].nearby
    offset, cell, snapshot, began = 0, cell_for(here), None, now
    if cursor is not None:
        pk, offset, order, stamp = read_cursor(cursor, feed="nearby")
        snapshot, began = list_of_reading("nearby", cell, int(pk)), from_micros(int(stamp))
    if snapshot is None:
        snapshot = _list_of_cell(cell, now)
    ordered = in_order([i.note_id for i in snapshot.items], point=here, order=order, rules=rules)
    ordered, fresh = unseen_first(ordered, viewer_id_of(viewer), began)
    size = current()[1].discover.page_size
    # A page does not mix what is new to the viewer with what they saw before.
    window = ordered[offset : min(offset + size * LOOK_AHEAD, fresh if offset < fresh else 10**9)]
    shown = recommended_to(viewer, [note_id for note_id, _km in window])
    kept = [row for row in window if row[0] in shown][:size]
    next_offset = offset + (window.index(kept[-1]) + 1 if kept else len(window))
    next_cursor = (
        cursor_token("nearby", snapshot.pk, next_offset, order, micros(began))
        if next_offset < len(ordered)
        else None
    )
    placed = _measured([note_id for note_id, _km in kept], here)
    return make_page(
        "nearby",
        placed,
        viewer=viewer,
        now=now,
        next_cursor=next_cursor,
        first_position=offset,
        shown=shown,
        seen_before=len(ordered) > 0 and offset == fresh < len(ordered),
    )


def _list_of_cell(cell: str, now: datetime) -> Snapshot:
    """The newest list of a cell, and a mark on it that somebody asked: clocks build those anew."""

    def look() -> Snapshot | None:
        found = newest_list("nearby", cell)
        if found is None or now - found.built_at > CELL_IS_FRESH:
            return None
        return found

    build = partial(build_cell, cell, now=now)
    snapshot = built_by_one(f"nearby:{cell}", look=look, build=build)
    if not snapshot.stale:
        mark_stale("nearby", [cell])
    return snapshot


def _measured(note_ids: list[int], here: Point) -> list[Placed]:
    """The notes of a page with their geodesic distance, in their order."""
    where = {
        note_id: Point(lat, lon)
        for note_id, lat, lon in LiveNote.objects.filter(note__in=note_ids).values_list(
            "note_id", "latitude", "longitude"
        )
        if lat is not None and lon is not None
    }
    placed = []
    for note_id in note_ids:
        km = round(shown_km(here, where[note_id]), 2) if note_id in where else None
        placed.append(Placed(note_id, "near", km or 0.0, distance_km=km))
    return placed


def _city_of(viewer: User | None) -> Point | None:
    profile = viewer.profile if viewer is not None and viewer.is_authenticated else None
    if profile is None or profile.latitude is None or profile.longitude is None:
        return None
    return Point(profile.latitude, profile.longitude)


# ---------------------------------------------------------------- hot
def serve_hot(
    *,
    viewer: User | None,
    channel: Channel | None = None,
    cursor: str | None = None,
    now: datetime | None = None,
) -> FeedPage:
    """A page of the hot list of the site or of a channel."""
    now = now or timezone.now()
    key = str(channel.pk) if channel else "site"
    snapshot, offset = newest_list("hot", key), 0
    if cursor is not None:
        pk, offset = read_position(cursor, feed="hot", parts=2)
        snapshot = list_of_reading("hot", key, pk) or snapshot
    if snapshot is None or now - snapshot.built_at > TOO_OLD:
        build_hot(now=now)
        snapshot = newest_list("hot", key)
    if snapshot is None:
        return make_page("hot", [], viewer=viewer, now=now, next_cursor=None)
    page, next_offset, shown = _gated(snapshot, offset, viewer)
    more = next_offset < len(snapshot)
    next_cursor = cursor_token("hot", snapshot.pk, next_offset) if more else None
    said = hot_texts(snapshot.taste, [item.note_id for item in page], now=now)
    placed = [
        Placed(i.note_id, "hot", (i.detail if channel is None else channel.pk, said[i.note_id]))
        for i in page
    ]
    return make_page(
        "hot",
        placed,
        viewer=viewer,
        now=now,
        next_cursor=next_cursor,
        first_position=offset,
        shown=shown,
    )


def _gated(
    snapshot: Snapshot, offset: int, viewer: User | None
) -> tuple[list[Item], int, dict[int, Shown]]:
    """(items of one page that pass the gate, offset behind the last, gate's answer)."""
    size = current()[1].discover.page_size
    window = snapshot.window(offset, size * LOOK_AHEAD)
    shown = recommended_to(viewer, [item.note_id for _place, item in window])
    kept = [row for row in window if row[1].note_id in shown][:size]
    behind = kept[-1][0] + 1 if kept else offset + size * LOOK_AHEAD
    return [item for _place, item in kept], behind, shown
