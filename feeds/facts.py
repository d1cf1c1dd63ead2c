"""What filters and rankers know of a candidate: its LiveNote row and tags, in two queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from accounts.prepared import Ids, Prepared
from community.models import TaggedNote

from .models import LiveNote
from .pipeline import Candidate
from .ranking.totals import COUNTS

NOTHING_YET = (0.0,) * len(COUNTS)


class Facts(NamedTuple):
    author_id: int
    channel_id: int
    root_channel_id: int
    published_at: datetime
    quality: float
    recommended: bool
    popularity: float
    boost: float
    latitude: float | None = None
    longitude: float | None = None
    language: str = ""
    place_id: int | None = None
    author_followers: int = 0
    # What happened to the note so far, in the order of ranking.totals.COUNTS.
    counts: tuple[float, ...] = NOTHING_YET
    tags: tuple[int, ...] = ()


COLUMNS = (
    "note_id", "author_id", "channel_id", "root_channel_id", "published_at", "quality",
    "recommended", "popularity", "boost", "latitude", "longitude", "language", "note__place_id",
    "author__profile__followers_count", *(f"note__totals__{name}" for name in COUNTS),
)  # fmt: skip
LIVE = Prepared(lambda ids: LiveNote.objects.filter(note__in=ids).values_list(*COLUMNS), Ids)
# (note, tag) of any number of notes.
tags_of = Prepared(
    lambda ids: TaggedNote.objects.filter(content_object__in=ids).values_list(
        "content_object_id", "tag_id"
    ),
    Ids,
)


def hydrate(
    candidates: list[Candidate], *, known: dict[int, Facts] | None = None
) -> list[Candidate]:
    """Give each candidate its facts; those that are no longer live are dropped.

    `known` holds facts looked up a moment ago and takes what is looked up now.
    """
    known = {} if known is None else known
    known.update(facts_of([c.note_id for c in candidates if c.note_id not in known]))
    return [c.with_facts(known[c.note_id]) for c in candidates if c.note_id in known]


def facts_of(note_ids: Sequence[int]) -> dict[int, Facts]:
    tags: dict[int, list[int]] = defaultdict(list)
    for note_id, tag_id in tags_of(note_ids):
        tags[note_id].append(tag_id)
    return {row[0]: _facts(row, tuple(tags[row[0]])) for row in LIVE(note_ids)}


def _facts(row: tuple[Any, ...], tags: tuple[int, ...]) -> Facts:
    """A row of COLUMNS as facts; a note that nothing happened to has no totals."""
    split = len(COLUMNS) - len(COUNTS)
    _pk, *known, followers = row[:split]
    counts = NOTHING_YET if row[split] is None else row[split:]
    return Facts(*known, followers or 0, counts, tags)  # type: ignore[call-arg]
