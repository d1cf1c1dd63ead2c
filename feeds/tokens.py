"""Signed page tokens and cursors: what we served, to whom, so that nobody can make it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.core import signing
from django.utils.translation import gettext as _

from accounts.errors import Invalid

TOKEN_LIVES = timedelta(hours=1)
_pages = signing.Signer(salt="rockpool.page")
_cursors = signing.Signer(salt="rockpool.cursor")


@dataclass(frozen=True, slots=True)
class ServedCard:
    """One card of a served page: its position, and what brought it."""

    note_id: int
    position: int
    source: str


@dataclass(frozen=True, slots=True)
class ServedPage:
    viewer_id: int
    feed: str
    served_at: datetime
    cards: dict[int, ServedCard]
    # The precomputed list the ranked cards come from (a FeedList), 0 where there is none.
    list_id: int = 0


def page_token(
    *,
    viewer_id: int | None,
    feed: str,
    now: datetime,
    cards: list[ServedCard],
    list_id: int = 0,
) -> str:
    """Proof that this page was served to this viewer (0 for a visitor) at this time."""
    rows = [[card.note_id, card.position, card.source] for card in cards]
    return _sign(_pages, [viewer_id or 0, feed, int(now.timestamp() * 1000), rows, list_id])


def read_page_token(token: str, *, viewer_id: int, now: datetime) -> ServedPage:
    """What was served. Raises Invalid: forged, somebody else's, from the future, or too old."""
    owner, feed, stamp, rows, list_id = _unsign(_pages, token, field="token")
    served_at = datetime.fromtimestamp(stamp / 1000, tz=now.tzinfo)
    if owner != viewer_id:
        raise Invalid(_("This page was served to somebody else."), field="token", code="foreign")
    if not timedelta(minutes=-5) <= now - served_at <= TOKEN_LIVES:
        raise Invalid(_("This page is too old. Reload it."), field="token", code="late")
    cards = {row[0]: ServedCard(*row) for row in rows}
    return ServedPage(owner, feed, served_at, cards, list_id)


def cursor_token(*parts: Any) -> str:
    return _sign(_cursors, list(parts))


def read_cursor(token: str, *, feed: str) -> list[Any]:
    """The parts after the feed's name. Raises Invalid for anything we did not make."""
    parts = _unsign(_cursors, token, field="cursor")
    if not parts or parts[0] != feed:
        raise Invalid(_("This link does not continue this list."), field="cursor")
    return list(parts[1:])


def read_position(token: str, *, feed: str, parts: int | None) -> list[int]:
    """The whole numbers of a cursor: ids, offsets, times in microseconds; any number of them where
    `parts` is None (at least three)."""
    values = read_cursor(token, feed=feed)
    fits = len(values) >= 3 if parts is None else len(values) == parts
    if not fits or not all(isinstance(value, int) for value in values):
        raise Invalid(_("This link does not continue this list."), field="cursor")
    return values


def micros(moment: datetime) -> int:
    """A time as whole microseconds, exact in a cursor."""
    return round(moment.timestamp() * 1_000_000)


def from_micros(stamp: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=stamp)


def _sign(signer: signing.Signer, value: Any) -> str:
    return signer.sign(signing.b64_encode(orjson.dumps(value)).decode())


def _unsign(signer: signing.Signer, token: str, *, field: str) -> Any:
    try:
        return orjson.loads(signing.b64_decode(signer.unsign(token).encode()))
    except (signing.BadSignature, ValueError, AttributeError, TypeError):
        raise Invalid(_("This link is damaged. Go back and try again."), field=field) from None
