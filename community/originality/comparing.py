"""Pairs of notes that are very like each other: found by their keys, then compared exactly."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from community.media import alike
from community.text import duplicates

from .bands import Found, earliest_of
from .looks import Look, Shown, looks_at
from .models import Likeness

What = Likeness.What
# Notes that one note is compared with in full, those that share most with it first.
COMPARED = 16


class Pair(NamedTuple):
    """`note` is very like `other`, in its text or in one of its pictures."""

    note: Look
    other: Look
    what: What
    share: float
    # Whether `other` was there before; of pictures, whether that picture was.
    is_earlier: bool
    image_id: int = 0


class Match(NamedTuple):
    """What a note repeats: the earliest note of those it is like."""

    what: What
    original: Look
    own: bool
    share: float


def pairs_of(looks: Sequence[Look]) -> dict[int, list[Pair]]:
    """The verified pairs of each note, by id. Three statements for all, and one for 250 keys."""
    keys = {look.note_id: _keys(look) for look in looks}
    found = earliest_of({key for asked in keys.values() for key in asked})
    near = {look.note_id: _nearest(look, keys[look.note_id], found) for look in looks}
    others = {
        other.note_id: other for other in looks_at({pk for ids in near.values() for pk in ids})
    }
    return {
        look.note_id: [
            pair
            for pk in near[look.note_id]
            if pk in others
            for pair in _compared(look, others[pk])
        ]
        for look in looks
    }


def _keys(look: Look) -> set[int]:
    asked = (key for picture in look.pictures for key in alike.keys_to_ask(picture.phash))
    return {*look.text_keys(), *asked}


def _nearest(look: Look, keys: set[int], found: dict[int, list[Found]]) -> list[int]:
    """Ids of the notes that share most keys with this one."""
    shared = Counter(entry.note_id for key in keys for entry in found.get(key, ()))
    shared.pop(look.note_id, None)
    ordered = sorted(shared, key=lambda pk: (-shared[pk], pk))
    return ordered[:COMPARED]


def _compared(look: Look, other: Look) -> Iterator[Pair]:
    share = _likeness(look, other)
    if share >= duplicates.ALIKE:
        before = (other.since, other.note_id) < (look.since, look.note_id or other.note_id + 1)
        yield Pair(look, other, What.TEXT, share, before)
    for mine in look.pictures:
        same = [p for p in other.pictures if alike.distance(mine.phash, p.phash) <= alike.ALIKE]
        if same:
            first = min(same, key=_age)
            yield Pair(look, other, What.PICTURES, 1.0, _age(first) < _age(mine), mine.image_id)


def _likeness(look: Look, other: Look) -> float:
    if look.words == other.words:
        return 1.0 if len(look.words) >= duplicates.LEAST_LETTERS else 0.0
    if look.author_id == other.author_id:
        return duplicates.likeness_of_one_author(look.words, other.words)
    return duplicates.likeness(look.words, other.words)


def _age(picture: Shown) -> tuple[object, int]:
    return picture.since, picture.image_id


def matches_of(look: Look, pairs: Iterable[Pair]) -> list[Match]:
    """What the note repeats, at most one original for its text and one for its pictures."""
    earlier = [pair for pair in pairs if pair.is_earlier]
    return [*_text_match(look, earlier), *_picture_match(look, earlier)]


def _text_match(look: Look, earlier: list[Pair]) -> Iterator[Match]:
    texts = [pair for pair in earlier if pair.what == What.TEXT]
    if texts:
        first = min(texts, key=lambda pair: (pair.other.since, pair.other.note_id))
        yield Match(What.TEXT, first.other, first.other.author_id == look.author_id, first.share)


def _picture_match(look: Look, earlier: list[Pair]) -> Iterator[Match]:
    """The note that showed most of these pictures first, and how many of them were shown before."""
    shown: dict[int, Look] = {}
    for pair in sorted(
        (pair for pair in earlier if pair.what == What.PICTURES),
        key=lambda pair: (pair.other.since, pair.other.note_id),
    ):
        shown.setdefault(pair.image_id, pair.other)
    if not shown:
        return
    times: dict[int, int] = defaultdict(int)
    for other in shown.values():
        times[other.note_id] += 1
    original = min(shown.values(), key=lambda o: (-times[o.note_id], o.since, o.note_id))
    own = all(other.author_id == look.author_id for other in shown.values())
    yield Match(What.PICTURES, original, own, len(shown) / max(1, look.ready))
