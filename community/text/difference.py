"""What changed from one text to another, word by word, Chinese included.

The pieces joined without the new ones give the old text, without those that are gone the new one.
Whatever is compared costs at most so much: texts that are too alike in too many ways (one word a
thousand times) are compared by lines, and if need be as wholes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from community.text.han import han_words

from .characters import CJK, HAN

Kind = Literal["same", "gone", "new"]
# Pairs of equal words that one comparison may look at. A note of 5,000 characters has some 20,000.
MOST_PAIRS = 120_000

_PIECES = re.compile(rf"[{HAN}]+|[^\W{CJK}]+(?:['’-][^\W{CJK}]+)*[^\S\n]*|\n+|\s+|.", re.DOTALL)
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


class Piece(NamedTuple):
    kind: Kind
    text: str


def difference(old: str, new: str) -> list[Piece]:
    """Pieces in reading order; what is gone stands before what took its place."""
    for cut in (words_and_gaps, _LINES.findall):
        if (pieces := _compared(old, new, cut)) is not None:
            return pieces
    return _joined([Piece("gone", old), Piece("new", new)])


def words_and_gaps(text: str) -> list[str]:
    """The text cut before each word; joined it is the text again."""
    cut: list[str] = []
    for piece in _PIECES.findall(text):
        cut += han_words(piece) if re.match(f"[{HAN}]", piece) else [piece]
    return cut


def _compared(old: str, new: str, cut: Callable[[str], list[str]]) -> list[Piece] | None:
    """None where it would cost too much."""
    a, b = cut(old), cut(new)
    head = _alike(a, b)
    tail = _alike(a[head:][::-1], b[head:][::-1])
    middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
    if _pairs(middle_a, middle_b) > MOST_PAIRS:
        return None
    pieces = [Piece("same", "".join(a[:head]))]
    for act, i1, i2, j1, j2 in SequenceMatcher(None, middle_a, middle_b).get_opcodes():
        gone, come = "".join(middle_a[i1:i2]), "".join(middle_b[j1:j2])
        pieces += (
            [Piece("same", gone)] if act == "equal" else [Piece("gone", gone), Piece("new", come)]
        )
    return _joined([*pieces, Piece("same", "".join(a[len(a) - tail :]))])


def _alike(a: Sequence[str], b: Sequence[str]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((place for place, (x, y) in pairs if x != y), min(len(a), len(b)))


def _pairs(a: Sequence[str], b: Sequence[str]) -> int:
    mine, others = Counter(a), Counter(b)
    return sum(count * others[word] for word, count in mine.items())


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Without empty ones, and with neighbours of a kind as one."""
    joined: list[Piece] = []
    for kind, text in pieces:
        if not text:
            continue
        if joined and joined[-1].kind == kind:
            joined[-1] = Piece(kind, joined[-1].text + text)
        else:
            joined.append(Piece(kind, text))
    return joined
