"""The receipt of a card: what brought it, whether a pool or money did, and what moved it up.

Written down when the list was made (the source its reason, the ranker its signals) and only read
here; nothing is guessed afterwards.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User

from .boosts.receipts import paid_place
from .discover import list_name
from .lists import Item, Snapshot, list_address, list_of_reading, receipts_of
from .pages import viewer_id_of
from .reasons import Reason, reasons_for, signal_texts


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that spoke for a card: its share of all that did, 0 to 1."""

    code: str
    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Receipt:
    reason: Reason
    source: str
    paid: bool
    signals: list[Signal]


def signals_of(list_id: int, note_ids: Collection[int]) -> dict[int, list[Signal]]:
    """What moved these notes to their places in that list, strongest first."""
    rows = receipts_of(list_id, note_ids) if list_id else {}
    texts = signal_texts({(code, detail) for row in rows.values() for code, detail, _ in row})
    return {
        note_id: [Signal(code, texts[code, detail], round(share, 3)) for code, detail, share in row]
        for note_id, row in rows.items()
    }


def receipt_for(
    viewer: User | None, *, note_id: int, feed: str, list_id: int, source: str
) -> Receipt | None:
    """The receipt of a card of a page served lately; None when its list is no longer kept.

    `source` is what the card says brought it: a new note on a reserved slot stands in no list.
    """
    if source == "pool0":
        return Receipt(_new_here(), "pool", False, [])
    if source == "boost":
        return _paid_for(viewer, note_id)
    item = _item_in(viewer, feed, list_id, note_id)
    if item is None:
        return None
    [reason] = reasons_for([(item.source, item.detail)], viewer_id=viewer_id_of(viewer))
    signals = signals_of(list_id, [note_id]).get(note_id, [])
    return Receipt(reason, item.source, False, signals)


def _item_in(viewer: User | None, feed: str, list_id: int, note_id: int) -> Item | None:
    snapshot = _snapshot(viewer, feed, list_id)
    rows: list[Any] = snapshot.rows if snapshot else []
    return next((Item(*row) for row in rows if row[0] == note_id), None)


def _snapshot(viewer: User | None, feed: str, list_id: int) -> Snapshot | None:
    """The viewer's own list of that number; nobody reads another's."""
    kind, key = list_address(list_id)
    me = viewer_id_of(viewer)
    is_theirs = (kind, key) == list_name(me) or (
        kind == "channel" and key.partition(":")[2] == str(me or 0)
    )
    return list_of_reading(kind, key, list_id) if kind == feed and is_theirs else None


def _paid_for(viewer: User | None, note_id: int) -> Receipt | None:
    """Who paid for the place, and which rule of their audience the viewer met."""
    found = paid_place(viewer, note_id)
    if found is None:
        return None
    return Receipt(Reason("boost", found.matched, found.text), "boost", True, [])


def _new_here() -> Reason:
    text = _("New here: every note is promised its first readers, and you are asked to be one.")
    return Reason("pool", None, text)
