"""Which feed brought a person to a note: the one in which they first saw its card.

What somebody does on a note's page says nothing of how they came there; the sight before it does.
"""

from __future__ import annotations

from collections.abc import Collection

from accounts.prepared import Ids, Prepared

from .boosts.delivery import SOURCE as PAID
from .models import Impression

# Acts that an import brought.
IMPORTED = "import"
SIGHTS = Prepared(
    lambda person, ids: Impression.objects.filter(person=person, note__in=ids).values_list(
        "note_id", "feed", "source"
    ),
    int,
    Ids,
)


def name_of(feed: str, source: str) -> str:
    """A place that was paid for is no merit of the feed it stood in."""
    return PAID if source == PAID else feed


def feeds_of(person_id: int, note_ids: Collection[int]) -> dict[int, str]:
    """The feed that brought the person to each note, of those whose card they saw."""
    return {note: name_of(feed, source) for note, feed, source in SIGHTS(person_id, note_ids)}


def feed_of(person_id: int | None, note_id: int) -> str:
    """The same for one note; "" where no feed did."""
    return feeds_of(person_id, [note_id]).get(note_id, "") if person_id is not None else ""
