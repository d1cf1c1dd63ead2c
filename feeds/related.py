"""Notes like this one: what its readers read too, then shared tags, then the same channel."""

from __future__ import annotations

from collections import Counter

import numpy as np
from django.utils import timezone

from accounts.models import User
from community.models import Note, TaggedNote

from .gate import recommended_to
from .learning import standing
from .learning.folding import rows_of
from .models import LiveNote
from .pages import FeedPage, Placed, make_page

# Newest notes looked at per tag, and notes shown.
PER_TAG, SHOWN = 60, 8


def related_notes(note: Note, *, viewer: User | None) -> FeedPage:
    """Up to SHOWN notes for the foot of a note's page, most shared tags first."""
    shared: Counter[int] = Counter()
    reason: dict[int, int] = {}
    for tag_id in TaggedNote.objects.filter(content_object=note).values_list("tag_id", flat=True):
        newest = TaggedNote.objects.filter(tag=tag_id).order_by("-content_object_id")
        for note_id in newest.values_list("content_object_id", flat=True)[:PER_TAG]:
            shared[note_id] += 1
            reason.setdefault(note_id, tag_id)
    alike = _alike(note)
    placed = [Placed(note_id, "also_read", 0) for note_id in alike]
    known = {note.pk, *alike}
    ranked = [pk for pk, _count in shared.most_common(SHOWN * 4) if pk not in known]
    placed += [Placed(pk, "shares_tag", reason[pk]) for pk in ranked]
    known.update(ranked)
    placed += [
        Placed(pk, "same_channel", note.channel_id) for pk in _of_channel(note) if pk not in known
    ]
    shown = recommended_to(viewer, [place.note_id for place in placed])
    best = [place for place in placed if place.note_id in shown][:SHOWN]
    return make_page(
        "related", best, viewer=viewer, now=timezone.now(), next_cursor=None, shown=shown
    )


def _alike(note: Note) -> list[int]:
    """Its nearest neighbours by behaviour, where a model is in force that knows the note."""
    model = standing.neighbours()
    row = int(rows_of(model.notes, np.array([note.pk]))[0]) if model is not None else -1
    if model is None or row < 0:
        return []
    found = model.found[row]
    nearest: list[int] = model.notes[found[found >= 0]][: SHOWN * 3].tolist()
    return nearest


def _of_channel(note: Note) -> list[int]:
    notes = LiveNote.objects.filter(channel_id=note.channel_id, recommended=True)
    return list(notes.order_by("-published_at").values_list("note_id", flat=True)[: SHOWN * 2])
