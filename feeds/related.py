"""Notes like this one: shared tags first, then the same channel."""

from __future__ import annotations

from collections import Counter

from django.utils import timezone

from accounts.models import User
from community.models import Note, TaggedNote

from .gate import shown_to
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
    ranked = [note_id for note_id, _count in shared.most_common(SHOWN * 3) if note_id != note.pk]
    placed = [Placed(note_id, "shares_tag", reason[note_id]) for note_id in ranked]
    known = {note.pk, *ranked}
    placed += [
        Placed(pk, "same_channel", note.channel_id) for pk in _of_channel(note) if pk not in known
    ]
    shown = shown_to(viewer, [place.note_id for place in placed])
    best = [place for place in placed if place.note_id in shown][:SHOWN]
    return make_page(
        "related", best, viewer=viewer, now=timezone.now(), next_cursor=None, shown=shown
    )


def _of_channel(note: Note) -> list[int]:
    notes = LiveNote.objects.filter(channel_id=note.channel_id, recommended=True)
    return list(notes.order_by("-published_at").values_list("note_id", flat=True)[: SHOWN * 2])
