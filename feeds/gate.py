"""The visibility gate as the feed path asks it: once a page, with the viewer's own state.

The rule is `Note.objects.listed_for(viewer)` and stands only there; here it is prepared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.db.models.fields import BooleanField

from accounts.models import Follow, User
from accounts.prepared import Ids, Prepared
from community.models import Collect, Like, Note

from .languages import LANGUAGES
from .models import Dials, Impression


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
    # Whether it may be offered to this viewer unasked: see `recommended_to`.
    recommended: bool

    @property
    def is_new(self) -> bool:
        """Whether the viewer neither saw its card nor kept it from wherever they met it."""
        return not (self.seen or self.liked or self.collected)


def shown_to(viewer: User | None, note_ids: Sequence[int]) -> dict[int, Shown]:
    """Those of the notes (any number) that this viewer may be shown, by id."""
    if not note_ids:
        return {}
    viewer_id = viewer.pk if viewer is not None and viewer.is_authenticated else None
    rows = _FOR_PERSON(viewer_id, note_ids) if viewer_id else _FOR_VISITOR(note_ids)
    return {row[0]: Shown(*row) for row in rows}


def recommended_to(viewer: User | None, note_ids: Sequence[int]) -> dict[int, Shown]:
    """The same for feeds that recommend. Lists made before staff limited a note, or before its
    author left discovery, still hold it: it is kept from whom the sources would keep it now. So
    are notes in languages that the viewer said they do not read."""
    return {pk: row for pk, row in shown_to(viewer, note_ids).items() if row.recommended}


def _query(viewer: User | None, ids: Any) -> QuerySet[Any]:
    notes = Note.objects.listed_for(viewer).filter(pk__in=ids)
    own: dict[str, Value | Exists]
    reaches, reads = Q(limited_at=None), Q()
    if viewer is None:
        own = {name: Value(False, BooleanField()) for name in ("liked", "collected", "seen")}
    else:
        reaches |= Q(Exists(Follow.objects.filter(follower=viewer.pk, followed=OuterRef("author"))))
        others = Dials.objects.filter(person=viewer.pk).exclude(languages="")
        unread = others.exclude(languages__contains=OuterRef("language"))
        reads = ~Q(language__in=list(LANGUAGES)) | ~Q(Exists(unread))
        own = {
            "liked": Exists(Like.objects.filter(person=viewer.pk, note=OuterRef("pk"))),
            "collected": Exists(Collect.objects.filter(person=viewer.pk, note=OuterRef("pk"))),
            "seen": Exists(Impression.objects.filter(person=viewer.pk, note=OuterRef("pk"))),
        }
    recommended = ExpressionWrapper(
        Q(author__profile__discoverable=True) & reaches & reads, output_field=BooleanField()
    )
    return notes.annotate(**own, recommended=recommended).values_list(
        "pk",
        "author_id",
        "revision",
        "stats__likes",
        "stats__collects",
        "liked",
        "collected",
        "seen",
        "recommended",
    )


_FOR_PERSON = Prepared(lambda viewer, ids: _query(User(pk=viewer), ids), int, Ids)
_FOR_VISITOR = Prepared(lambda ids: _query(None, ids), Ids)
