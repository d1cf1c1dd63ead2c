"""Which of two covers a person sees: a rule of their number and the note's. So it is the same on
every card, page and answer, for ever, and whoever counts can tell it again without a row."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TypeVar

Picture = TypeVar("Picture")
SHOWN = "shown"


def sees_second(*, note_id: int, viewer_id: int | None) -> bool:
    """One half of all people, another half for every note. Visitors, whom nobody could tell apart
    tomorrow, see the first."""
    if not viewer_id:
        return False
    digest = hashlib.blake2b(f"cover:{note_id}:{viewer_id}".encode(), digest_size=1).digest()
    return digest[0] % 2 == 1


def as_seen(
    pictures: Iterable[Picture],
    *,
    role: Callable[[Picture], str],
    note_id: int,
    author_id: int,
    viewer_id: int | None,
) -> list[Picture]:
    """The pictures in this viewer's order: the second cover first for those who see it. The author
    has their own.

    `role` is a picture's `second_cover`.
    """
    pictures = list(pictures)
    second = [picture for picture in pictures if role(picture) == SHOWN]
    first = viewer_id == author_id or not sees_second(note_id=note_id, viewer_id=viewer_id)
    if first or not second:
        return pictures
    return second + [picture for picture in pictures if role(picture) != SHOWN]
