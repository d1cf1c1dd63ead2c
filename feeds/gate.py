"""The visibility gate as the feed path asks it: once a page, with the viewer's own state.

The rule is `Note.objects.listed_for(viewer)` and stands only there. Building that query costs more
than running it, so its SQL is compiled once with marker values and run with real ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.fields import BooleanField

from accounts.models import User
from community.models import Collect, Like, Note

from .models import Impression

# Ids asked for at once; shorter lists are padded with an id that no note has.
WIDTH = 64
NO_NOTE = 0
_VIEWER = -900_000_000_001
_IDS = range(-900_000_001_000, -900_000_001_000 + WIDTH)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page needs of a note that passed the gate."""

    note_id: int
    author_id: int
    revision: int
    likes: int
    collects: int
    liked: bool
    collected: bool
    seen: bool

    @property
    def is_new(self) -> bool:
        """Whether the viewer neither saw its card nor kept it from wherever they met it."""
        return not (self.seen or self.liked or self.collected)


def shown_to(viewer: User | None, note_ids: Sequence[int]) -> dict[int, Shown]:
    """Those of the notes (any number) that this viewer may be shown, by id."""
    viewer_id = viewer.pk if viewer is not None and viewer.is_authenticated else None
    found: dict[int, Shown] = {}
    for start in range(0, len(note_ids), WIDTH):
        chunk = list(note_ids[start : start + WIDTH])
        for row in _ask(viewer_id, chunk):
            note_id, author_id, revision, likes, collects, liked, collected, seen = row
            found[note_id] = Shown(
                note_id,
                author_id,
                revision,
                likes,
                collects,
                bool(liked),
                bool(collected),
                bool(seen),
            )
    return found


def _ask(viewer_id: int | None, ids: list[int]) -> list[tuple[Any, ...]]:
    sql, template = _compiled(connection.vendor, viewer_id is not None)
    padded = ids + [NO_NOTE] * (WIDTH - len(ids))
    params = [
        padded[value - _IDS.start] if value in _IDS else viewer_id if value == _VIEWER else value
        for value in template
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@cache
def _compiled(vendor: str, for_person: bool) -> tuple[str, tuple[Any, ...]]:
    """SQL and parameter template of the gate, for people and for visitors."""
    return _query(User(pk=_VIEWER) if for_person else None).query.sql_with_params()


def _query(viewer: User | None) -> QuerySet[Any]:
    notes = Note.objects.listed_for(viewer).filter(pk__in=list(_IDS))
    own: dict[str, Value | Exists]
    if viewer is None:
        own = {name: Value(False, BooleanField()) for name in ("liked", "collected", "seen")}
    else:
        own = {
            "liked": Exists(Like.objects.filter(person=viewer.pk, note=OuterRef("pk"))),
            "collected": Exists(Collect.objects.filter(person=viewer.pk, note=OuterRef("pk"))),
            "seen": Exists(Impression.objects.filter(person=viewer.pk, note=OuterRef("pk"))),
        }
    return notes.annotate(**own).values_list(  # type: ignore[misc]
        "pk",
        "author_id",
        "revision",
        "stats__likes",
        "stats__collects",
        "liked",
        "collected",
        "seen",
    )
