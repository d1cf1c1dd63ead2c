"""Follow: what followed people publish, newest first.

Written to each follower's timeline on publish by one statement (fan-out). Authors with more than
`follow.big_author` followers are merged when a timeline is read. The gate comes after both, so rows
that outlive a block or an edit are harmless and are tidied later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import NegatedExpression

from accounts.models import Follow, Profile
from community.models import Note

from .models import Impression, TimelineEntry
from .policies import current
from .remembered import Remembered

_big: Remembered[bool] = Remembered(most=1, seconds=60)

FAN_OUT = """
INSERT INTO feeds_timelineentry (owner_id, note_id, author_id, published_at)
SELECT follow.follower_id, note.id, note.author_id, note.published_at
FROM community_note note
JOIN accounts_profile author ON author.person_id = note.author_id AND author.followers_count <= %s
JOIN accounts_follow follow ON follow.followed_id = note.author_id
WHERE note.id IN ({marks}) AND note.state = 'published' AND note.deleted_at IS NULL
  AND note.visibility <> 'private'
ON CONFLICT (owner_id, note_id) DO NOTHING
"""

BACKFILL = """
INSERT INTO feeds_timelineentry (owner_id, note_id, author_id, published_at)
SELECT %s, note.id, note.author_id, note.published_at
FROM community_note note
WHERE note.author_id = %s AND note.state = 'published' AND note.deleted_at IS NULL
  AND note.visibility <> 'private'
  AND EXISTS (SELECT 1 FROM accounts_follow f WHERE f.follower_id = %s AND f.followed_id = %s)
ORDER BY note.published_at DESC LIMIT %s
ON CONFLICT (owner_id, note_id) DO NOTHING
"""

TRIM = """
DELETE FROM feeds_timelineentry WHERE id IN (
  SELECT id FROM (
    SELECT id, ROW_NUMBER() OVER (
      PARTITION BY owner_id ORDER BY published_at DESC, note_id DESC) AS place
    FROM feeds_timelineentry WHERE owner_id IN (
      SELECT owner_id FROM feeds_timelineentry GROUP BY owner_id HAVING COUNT(*) > %s LIMIT 1000
    )
  ) ranked WHERE place > %s
)
"""


def fan_out(note_ids: Sequence[int]) -> int:
    """Write notes to their authors' followers' timelines; rows written. Repeating writes none."""
    if not note_ids:
        return 0
    marks = ", ".join(["%s"] * len(note_ids))
    return _execute(FAN_OUT.format(marks=marks), [current()[1].follow.big_author, *note_ids])


def backfill(*, owner_id: int, author_id: int) -> int:
    """Bring the newest notes of a newly followed author into a timeline."""
    if is_big(author_id):
        return 0
    keep = current()[1].follow.backfill
    return _execute(BACKFILL, [owner_id, author_id, owner_id, author_id, keep])


def remove_author(*, owner_id: int, author_id: int) -> int:
    """Take an author out of a timeline, unless followed again meanwhile."""
    if Follow.objects.filter(follower=owner_id, followed=author_id).exists():
        return 0
    return TimelineEntry.objects.filter(owner=owner_id, author=author_id).delete()[0]


def tidy() -> int:
    """Cut timelines to the policy's cap; rows removed."""
    cap = current()[1].follow.cap
    return _execute(TRIM, [cap, cap])


def is_big(author_id: int) -> bool:
    """Whether this author's notes are merged on read instead of written to everybody."""
    limit = current()[1].follow.big_author
    return Profile.objects.filter(person=author_id, followers_count__gt=limit).exists()


def timeline_page(
    owner_id: int,
    *,
    before: tuple[datetime, int] | None,
    limit: int,
    seen_before: datetime | None = None,
) -> list[tuple[int, datetime]]:
    """(note id, published at), newest first, after a keyset position; big authors merged in.

    What the owner never saw; with `seen_before`, what they saw before that time instead.
    """
    written = TimelineEntry.objects.filter(owner=owner_id).order_by("-published_at", "-note")
    written = written.filter(_ledger(owner_id, "note", seen_before))
    merged = Note.objects.filter(author__in=_big_authors_of(owner_id)).published().newest()
    merged = merged.filter(_ledger(owner_id, "pk", seen_before))
    if before is not None:
        when, note_id = before
        written = written.filter(Q(published_at__lt=when) | Q(published_at=when, note__lt=note_id))
        merged = merged.filter(Q(published_at__lt=when) | Q(published_at=when, pk__lt=note_id))
    rows = set(written.values_list("note_id", "published_at")[:limit])
    if _has_big_authors():
        found = merged.values_list("pk", "published_at")[:limit]
        rows |= {(pk, at) for pk, at in found if at is not None}
    return sorted(rows, key=lambda row: (row[1], row[0]), reverse=True)[:limit]


def _ledger(owner_id: int, key: str, seen_before: datetime | None) -> Exists | NegatedExpression:
    """Whether the owner's seen ledger holds a row's note."""
    seen = Impression.objects.filter(person=owner_id, note=OuterRef(key))
    return ~Exists(seen) if seen_before is None else Exists(seen.filter(at__lt=seen_before))


def _big_authors_of(owner_id: int) -> QuerySet[Follow, Any]:
    limit = current()[1].follow.big_author
    return Follow.objects.filter(
        follower=owner_id, followed__profile__followers_count__gt=limit
    ).values("followed")


def _has_big_authors() -> bool:
    """Whether anybody is that big: remembered, because the answer is No nearly everywhere."""
    known = _big.get("any")
    if known is None:
        limit = current()[1].follow.big_author
        known = _big.put("any", Profile.objects.filter(followers_count__gt=limit).exists())
    return known


def _execute(sql: str, params: Sequence[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return max(0, cursor.rowcount)
