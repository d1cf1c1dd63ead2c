"""What the demo people do with each other's notes: open, stay, like, collect, share, comment.

The comments are hand-written; the rest follows from them and from chance with a fixed seed.
A person opens a note more readily when its channel is among their interests, when they
follow its author and when it is in a language they write; how far they go from there
depends on the note's own pull. Young notes have had less time to be seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any, NamedTuple

from community.default_channels import DEFAULT_CHANNELS

from .content import Note, Person, notes, people

BILINGUAL = {"p-ning", "p-yao", "p-wu", "p-hana", "p-wei"}
# Half of a note's readers have come by after this long.
SEEN_BY_MOST_AFTER = timedelta(hours=4)
TALK_LASTS = timedelta(days=2)
MINUTE = timedelta(minutes=1)


class Deed(NamedTuple):
    ago: int  # minutes before now
    line: dict[str, Any]


def interactions() -> Iterator[dict[str, Any]]:
    """Import lines of kind "interaction", the oldest first."""
    deeds = [deed for note in notes() for deed in _deeds_on(note)]
    # The sort is stable: within a minute an opening stays before what it led to.
    for deed in sorted(deeds, key=lambda deed: -deed.ago):
        yield {**deed.line, "at": f"-{deed.ago}m"}


def _deeds_on(note: Note) -> Iterator[Deed]:
    if note.visibility == "private":
        return
    r = Random(f"readers of {note.id}")
    age = note.age // MINUTE
    spoken = _comment_times(note, r)
    first_word: dict[str, int] = {}
    for comment in note.comments:
        first_word.setdefault(comment.by, spoken[comment.id])
    for reader in people():
        if reader.id == note.author:
            continue
        warmth = _warmth(reader, note)
        if reader.id in first_word:
            yield from _visit(
                reader, note, min(age, first_word[reader.id] + r.randint(1, 3)), warmth + 0.4, r
            )
        elif _may_read(reader, note) and r.random() < _chance_to_open(note, warmth):
            yield from _visit(reader, note, max(1, age - _delay(age, r)), warmth, r)
    yield from _talk(note, spoken)


def _visit(reader: Person, note: Note, ago: int, warmth: float, r: Random) -> Iterator[Deed]:
    """One reading of a note: opened, read for some seconds, perhaps acted upon."""
    base = {"type": "interaction", "person": reader.id, "note": note.id}
    yield Deed(ago, {**base, "kind": "open"})
    seconds = _seconds(note, warmth, r)
    after = max(1, ago - seconds // 60)
    yield Deed(after, {**base, "kind": "dwell", "value": seconds})
    eager = warmth * (0.35 + 0.33 * note.pull)
    for kind, share in (("like", 0.62), ("collect", 0.26), ("share", 0.09)):
        if r.random() < eager * share:
            yield Deed(after, {**base, "kind": kind})


def _talk(note: Note, spoken: dict[str, int]) -> Iterator[Deed]:
    for comment in note.comments:
        line = {
            "type": "interaction",
            "person": comment.by,
            "note": note.id,
            "kind": "comment",
            "text": comment.text,
            "id": comment.id,
        }
        if comment.answers:
            line["reply_to"] = comment.answers
        yield Deed(spoken[comment.id], line)


def _comment_times(note: Note, r: Random) -> dict[str, int]:
    """Minutes ago of each comment, in the order they were written."""
    age = note.age // MINUTE
    span = min(note.age, TALK_LASTS) // MINUTE
    count = len(note.comments)
    return {
        comment.id: max(1, age - round(span * (0.15 + 0.75 * (number + r.random()) / count) ** 1.3))
        for number, comment in enumerate(note.comments)
    }


def _warmth(reader: Person, note: Note) -> float:
    """How close a note is to a reader, 0.1 to about 1."""
    interested = _parents()[note.channel] in reader.interests
    follows = note.author in reader.follows
    understands = reader.language == note.language or reader.id in BILINGUAL
    return 0.1 + 0.4 * interested + 0.3 * follows + 0.18 * understands


def _chance_to_open(note: Note, warmth: float) -> float:
    seen = 1 - math.exp(-(note.age / SEEN_BY_MOST_AFTER))
    return min(0.95, warmth * (0.6 + 0.28 * note.pull) * seen)


def _may_read(reader: Person, note: Note) -> bool:
    return note.visibility == "public" or note.author in reader.follows


def _delay(age: int, r: Random) -> int:
    """Minutes between publishing and opening: soon for most, days later for a few."""
    return min(round(r.expovariate(1 / 700)), round(age * r.uniform(0.3, 0.98)))


def _seconds(note: Note, warmth: float, r: Random) -> int:
    """Dwell: reading time of the text and a look at each picture, more when it is close."""
    per_second = 9 if note.language == "zh" else 24
    reading = len(note.body) / per_second + 3 * len(note.pictures)
    return max(2, min(180, round(reading * (0.35 + warmth) * r.lognormvariate(0, 0.4))))


@cache
def _parents() -> dict[str, str]:
    """Each channel's top channel; a top channel is its own."""
    tops = {slug: slug for slug, *_ in DEFAULT_CHANNELS}
    return tops | {
        child[0]: slug for slug, _, _, children in DEFAULT_CHANNELS for child in children
    }
