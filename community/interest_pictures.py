"""A picture for each interest one may choose: the cover of a note that people like there."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.cache import cache
from django.db.models import Q

from accounts.models import User
from community.models import Channel, Note, NoteImage
from community.pictures_shown import CoverPicture, picture_of

# Of the newest notes of a channel, those most liked; more than one, as a viewer may not meet all.
NEWEST, BEST = 30, 3
KEPT_FOR_SECONDS = 600


def pictures_of_interests(tops: Sequence[Channel], viewer: User) -> dict[int, CoverPicture]:
    """First-level channel → a cover that the viewer may see; none where there is no picture yet.

    Which notes are best is remembered, whether they may be seen is asked each time.
    """
    best: dict[int, list[int]] | None = cache.get("interest_pictures")
    if best is None:
        best = {top.pk: _best_covers(top) for top in tops}
        cache.set("interest_pictures", best, KEPT_FOR_SECONDS)
    seen = NoteImage.objects.filter(note__in=Note.objects.listed_for(viewer)).in_bulk(
        [pk for covers in best.values() for pk in covers]
    )
    return {
        channel: picture_of(next(seen[pk] for pk in covers if pk in seen))
        for channel, covers in best.items()
        if not seen.keys().isdisjoint(covers)
    }


def _best_covers(top: Channel) -> list[int]:
    inside = Q(channel=top) | Q(channel__parent=top)
    notes = Note.objects.listed_for(None).filter(inside, label="", disclosure="")
    covers = NoteImage.objects.filter(
        note__in=notes.order_by("-published_at").values("pk")[:NEWEST],
        position=0,
        state=NoteImage.State.READY,
        is_text_card=False,
    )
    return list(covers.order_by("-note__stats__likes", "-note").values_list("pk", flat=True)[:BEST])
