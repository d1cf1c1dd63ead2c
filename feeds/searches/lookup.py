"""Words in the order in which somebody who types or mistypes looks for them. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from .pinyin import initials

# More entries than this begin the same: the rest waits for another letter.
MOST_BEGINNING = 400


class Entry(NamedTuple):
    kind: str
    target: int
    text: str
    key: str
    # Syllables with blanks between, or empty.
    pinyin: str
    weight: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    entries: list[Entry]
    # Keys of words that are never suggested, nor what contains them.
    banned: frozenset[str]
    # (spelling, index) in order of spelling: keys, pinyin without blanks, first letters of pinyin.
    keys: list[tuple[str, int]]
    typed: list[tuple[str, int]]
    firsts: list[tuple[str, int]]
    # The heaviest entry of each key, and the heaviest of each row of syllables.
    by_key: dict[str, Entry]
    by_pinyin: dict[str, Entry]
    # Words of letters by their length, for slips of the finger.
    by_length: dict[int, list[str]]

    def beginning(self, key: str) -> list[Entry]:
        """Entries that begin with the key, heaviest first; then those typed as pinyin."""
        found = dict.fromkeys(_run(self.keys, key))
        if key.isascii() and len(key) > 1:
            found |= dict.fromkeys(_run(self.typed, key.replace(" ", "").replace("'", "")))
            for index in _run(self.firsts, key):
                found.setdefault(index)
        return sorted((self.entries[i] for i in found), key=lambda e: (-e.weight, e.key))

    def may_be_suggested(self, key: str) -> bool:
        return not any(holds(key, word) for word in self.banned)


def holds(key: str, word: str) -> bool:
    """Whether the words of a key contain the word: "art" is in "latte art" and not in "party".
    Where no blanks part words (Chinese), any stretch counts."""
    if not word.isascii():
        return word in key
    return f" {word.replace('-', ' ')} " in f" {key.replace('-', ' ')} "


def _run(order: list[tuple[str, int]], prefix: str) -> list[int]:
    start, found = bisect_left(order, (prefix, -1)), []
    for spelling, index in order[start : start + MOST_BEGINNING]:
        if not spelling.startswith(prefix):
            break
        found.append(index)
    return found


def of_entries(rows: Iterable[Entry], banned: frozenset[str] = frozenset()) -> Vocabulary:
    """From entries, heaviest first; those that hold a banned word are left out."""
    entries = [e for e in rows if not any(holds(e.key, word) for word in banned)]
    by_key: dict[str, Entry] = {}
    by_pinyin: dict[str, Entry] = {}
    by_length: dict[int, list[str]] = defaultdict(list)
    for entry in entries:
        if entry.key not in by_key and entry.key.isascii() and " " not in entry.key:
            by_length[len(entry.key)].append(entry.key)
        by_key.setdefault(entry.key, entry)
        if entry.pinyin:
            by_pinyin.setdefault(entry.pinyin, entry)
    return Vocabulary(
        entries,
        banned,
        keys=sorted((e.key, i) for i, e in enumerate(entries)),
        typed=sorted((e.pinyin.replace(" ", ""), i) for i, e in enumerate(entries) if e.pinyin),
        firsts=sorted((initials(e.pinyin), i) for i, e in enumerate(entries) if " " in e.pinyin),
        by_key=by_key,
        by_pinyin=by_pinyin,
        by_length=dict(by_length),
    )
