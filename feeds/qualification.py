"""Which reported sights count: the one rule that pools, boosts and roll-ups go by.

The page measures that half of the card was visible for a second, which nobody else can. The server
holds what it can know: it served this page to this viewer within the hour and at least a second
ago (the signed token), the note stood on it, is not the viewer's own, and may still be shown to
them now. Whoever counts a sight holds it to once a viewer by a unique row of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User

from .gate import Shown, shown_to
from .policies import current
from .tokens import ServedCard, ServedPage
from .trust.weights import WHOLE, Weight, weights_of

# Nobody saw a card for a second on a page that was served later than that.
SHORTEST_LOOK = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Sight:
    """A card that a person had before their eyes, and what that person counts for its author."""

    card: ServedCard
    author_id: int
    weight: Weight
    served_at: datetime

    @property
    def counts(self) -> bool:
        """Whether it is part of a promise: what a farm sees is not taken from an author's."""
        return counts(self.weight)


def counts(weight: Weight) -> bool:
    return weight.value >= current()[1].trust.least_weight


def qualified(
    *,
    viewer: User,
    page: ServedPage,
    note_ids: Iterable[int],
    now: datetime,
    shown: dict[int, Shown] | None = None,
) -> list[Sight]:
    """The sights among these that count, in the order of the report.

    `page` comes from `read_page_token`, which refuses what is forged, late or somebody else's.
    `shown` may be passed when the gate was asked already at this time.
    """
    if timedelta() <= now - page.served_at < SHORTEST_LOOK:
        return []
    on_page = [note_id for note_id in dict.fromkeys(note_ids) if note_id in page.cards]
    if shown is None:
        shown = shown_to(viewer, on_page)
    others = [n for n in on_page if n in shown and shown[n].author_id != viewer.pk]
    weights = weights_of({(viewer.pk, shown[n].author_id) for n in others})
    return [
        Sight(
            page.cards[note_id],
            shown[note_id].author_id,
            weights.get((viewer.pk, shown[note_id].author_id), WHOLE),
            page.served_at,
        )
        for note_id in others
    ]
