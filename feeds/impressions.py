"""Intake of what readers' pages report: qualified impressions, opens, dwell.

What counts as an impression is decided in qualification.py; it is counted once a viewer and note.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict, Invalid
from accounts.models import User
from accounts.prepared import Ids, Prepared
from community.outbox.jobs import enqueue
from community.rows import insert_rows

from . import pool_delivery
from .attribution import feeds_of, name_of
from .boosts import delivery as boost_delivery
from .events import RECORDED
from .gate import shown_to
from .lists import mark_stale
from .models import Event, EventBatch, Impression
from .qualification import Sight, qualified
from .tokens import ServedPage, read_page_token

MOST_IN_BATCH = 100
# Dwell beyond this is a forgotten tab.
LONGEST_DWELL = timedelta(minutes=30).total_seconds()
# A device's clock may be off by this much before its times are replaced by ours.
CLOCK_SLACK = timedelta(minutes=2)
OLDEST_EVENT = timedelta(days=1)
SEEN_BEFORE = Prepared(
    lambda person, ids: Impression.objects.filter(person=person, note__in=ids).values_list(
        "note_id", flat=True
    ),
    int,
    Ids,
)
# What pages may report; likes and comments have services of their own.
REPORTABLE = {"open": Event.Kind.OPEN, "dwell": Event.Kind.DWELL}


@dataclass(frozen=True, slots=True)
class ReportedEvent:
    note_id: int
    kind: int
    value: float
    at: datetime


def intake(
    *, viewer: User, batch: dict[str, Any], key: str | None = None, now: datetime
) -> dict[str, int]:
    """Take in one batch; returns what was counted. Raises Invalid, and Conflict when a key comes
    again with another body. The same key and body get the first answer and change nothing."""
    if not isinstance(batch, dict):
        raise Invalid(_("A batch is an object."), field="batch")
    if key is not None and not key.isprintable():
        raise Invalid(_("This key cannot be kept: it holds what is no letter."), field="key")
    try:
        digest = hashlib.sha256(orjson.dumps(batch, option=orjson.OPT_SORT_KEYS)).hexdigest()
    except (TypeError, ValueError, RecursionError):  # nested deeper than anything we ask for
        raise Invalid(_("This batch cannot be read."), field="batch") from None
    with transaction.atomic():
        # First of all: a batch sent again after its token's hour is still answered as before.
        if key is not None and (answer := _answered(viewer, key, digest)) is not None:
            return answer
        page, seen, events = _parse(batch, viewer, now)
        shown = shown_to(viewer, list({*seen, *(event.note_id for event in events)}))
        foreign = {note_id for note_id, row in shown.items() if row.author_id != viewer.pk}
        counted = (
            _count_seen(
                viewer,
                page,
                qualified(viewer=viewer, page=page, note_ids=seen, now=now, shown=shown),
                now,
            )
            if page
            else (0, 0)
        )
        kept = [event for event in events if event.note_id in foreign]
        feed = page.feed if page else ""
        known = feeds_of(viewer.pk, [e.note_id for e in kept]) if kept else {}
        insert_rows(
            Event,
            RECORDED,
            (
                (viewer.pk, e.note_id, e.kind, e.value, known.get(e.note_id, feed), e.at)
                for e in kept
            ),
        )
        answer = {"seen": counted[0], "delivered": counted[1], "events": len(kept)}
        if kept:  # what was read moves the very next page
            mark_stale("discover", [str(viewer.pk)])
        if counted[0] or kept:
            enqueue("feeds.digest", key="soon")
        if key is not None:
            EventBatch.objects.create(
                person_id=viewer.pk,
                key=key[:64],
                body_digest=digest,
                answer=answer,
                received_at=now,
            )
    return answer


def _answered(viewer: User, key: str, digest: str) -> dict[str, int] | None:
    known = EventBatch.objects.filter(person=viewer.pk, key=key[:64]).first()
    if known is None:
        return None
    if known.body_digest != digest:
        raise Conflict(_("This key was used for another batch."), field="key")
    return known.answer


def _count_seen(
    viewer: User, page: ServedPage, sights: list[Sight], now: datetime
) -> tuple[int, int]:
    """(first sights, impressions that a pool counted)."""
    known = set(SEEN_BEFORE(viewer.pk, [sight.card.note_id for sight in sights]))
    first = [sight for sight in sights if sight.card.note_id not in known]
    if not first:
        return 0, 0
    me, feed = viewer.pk, page.feed
    insert_rows(
        Impression,
        ("person", "note", "feed", "position", "source", "list_id", "at"),
        (
            (me, card.note_id, feed, min(card.position, 32_000), card.source, list_id, now)
            for card in (sight.card for sight in first)
            for list_id in [None if card.source == boost_delivery.SOURCE else page.list_id or None]
        ),
    )
    insert_rows(
        Event,
        RECORDED,
        (
            (me, card.note_id, Event.Kind.IMPRESSION, 1.0, name_of(feed, card.source), now)
            for card in (sight.card for sight in first)
        ),
    )
    paid = [sight for sight in first if sight.card.source == boost_delivery.SOURCE]
    for sight in paid:
        boost_delivery.confirm(sight, viewer_id=me, now=now)
    others = [sight for sight in first if sight not in paid] if feed == "discover" else []
    return len(first), pool_delivery.confirm(others, viewer_id=me, now=now)


# ---------------------------------------------------------------- parsing
def _parse(
    batch: dict[str, Any], viewer: User, now: datetime
) -> tuple[ServedPage | None, list[int], list[ReportedEvent]]:
    seen, events, token = batch.get("seen") or [], batch.get("events") or [], batch.get("token")
    for name, rows in (("seen", seen), ("events", events)):
        if not isinstance(rows, list) or len(rows) > MOST_IN_BATCH:
            raise Invalid(
                _("This must be a list of at most %(count)d.") % {"count": MOST_IN_BATCH},
                field=name,
            )
    page = read_page_token(token, viewer_id=viewer.pk, now=now) if token else None
    if seen and page is None:
        raise Invalid(_("Impressions need the token of their page."), field="token")
    ids = [_note_id(row, "seen") for row in seen]
    on_page = [note_id for note_id in dict.fromkeys(ids) if page and note_id in page.cards]
    return page, on_page, [_event(row, now) for row in events]


def _note_id(row: Any, field: str) -> int:
    value = row.get("note") if isinstance(row, dict) else row
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        raise Invalid(_("Name the note by its number."), field=field)
    return value


def _event(row: Any, now: datetime) -> ReportedEvent:
    note_id = _note_id(row, "events")
    kind = REPORTABLE.get(str(row.get("kind"))) if isinstance(row, dict) else None
    if kind is None:
        raise Invalid(
            _("An event is one of: %(kinds)s.") % {"kinds": ", ".join(REPORTABLE)}, field="events"
        )
    value = row.get("value", 1)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value < 1e9:
        raise Invalid(_("Seconds are a number of at least 0."), field="events")
    return ReportedEvent(note_id, kind, min(float(value), LONGEST_DWELL), _when(row.get("at"), now))


def _when(value: Any, now: datetime) -> datetime:
    """The device's time where it is credible; ours where its clock is off or nothing is said."""
    if value is None:
        return now
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Invalid(_("Times are written like 2026-01-31T12:00:00Z."), field="events") from None
    if at.tzinfo is None or not now - OLDEST_EVENT <= at <= now + CLOCK_SLACK:
        return now
    return at
