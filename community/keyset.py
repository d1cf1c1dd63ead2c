"""Where a page of a list by time ended, in the address of the next one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from django.db.models import Q

from accounts.asking import whole_number
from accounts.errors import Invalid

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Microseconds since then that a date can say, with room.
LATEST = 10**17


class Dated(Protocol):
    pk: Any
    created_at: Any


def cursor_of(row: Dated) -> str:
    """Microseconds since 1970 and the id."""
    return f"{(row.created_at - EPOCH) // timedelta(microseconds=1)}-{row.pk}"


def behind(cursor: str) -> Q:
    """What comes after it where the newest come first. Raises Invalid for what is no cursor."""
    typed, _, last = cursor.partition("-")
    moment, pk = whole_number(typed), whole_number(last)
    if moment is None or pk is None or moment >= LATEST:
        raise Invalid(field="cursor")
    at = EPOCH + timedelta(microseconds=moment)
    return Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk)
