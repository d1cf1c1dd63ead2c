"""How much somebody may write in a while, less while their account is new; counted in rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from accounts.limits import TooManyWritten
from accounts.models import User
from accounts.rates import rate_at_age
from community.models import Comment, Note


def check_notes(author: User, *, now: datetime) -> None:
    """The note that was just published counts. Raises TooManyWritten."""
    published = Note.objects.filter(author=author, state=Note.State.PUBLISHED)
    _check(author, settings.NOTE_RATES, published, "published_at", now)


def check_comments(author: User, *, now: datetime) -> None:
    """The comment that was just written counts. Raises TooManyWritten."""
    _check(author, settings.COMMENT_RATES, Comment.objects.filter(author=author), "created_at", now)


def check_room_for_comment(author: User, *, now: datetime) -> None:
    """Whether one more would be let through, before it is typed. Raises TooManyWritten."""
    rows = Comment.objects.filter(author=author)
    _check(author, settings.COMMENT_RATES, rows, "created_at", now, coming=1)


def _check(
    author: User, rates: str, rows: QuerySet[Any], column: str, now: datetime, *, coming: int = 0
) -> None:
    if author.is_staff:
        return
    rate = rate_at_age(rates, now - author.date_joined)
    recent = rows.filter(**{f"{column}__gt": now - rate.window, f"{column}__lte": now})
    # When this one, the oldest of those that fill the window, leaves it, there is room again.
    last = rate.times - coming
    fills = recent.order_by(f"-{column}").values_list(column, flat=True)[last : last + 1].first()
    if fills is not None:
        raise TooManyWritten(opens_at=fills + rate.window, now=now)
