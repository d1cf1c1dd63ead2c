"""Known words in the order in which somebody who mistypes looks for them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple


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
    # Keys of words that are never suggested, nor what contains them.
    banned: frozenset[str]
    # The heaviest entry of each key, of each row of syllables, and of each pinyin without blanks.
    by_key: dict[str, Entry]
    by_pinyin: dict[str, Entry]
    by_typed: dict[str, Entry]
    # Words of letters by their length, for slips of the finger.
    by_length: dict[int, list[str]]

    def may_be_suggested(self, key: str) -> bool:
        return is_allowed(key, self.banned)


def is_allowed(key: str, banned: Collection[str]) -> bool:
    return not any(holds(key, word) for word in banned)


def holds(key: str, word: str) -> bool:
    """Whether the words of a key contain the word: "art" is in "latte art" and not in "party".
    Where no blanks part words (Chinese), any stretch counts."""
    if not word.isascii():
        return word in key
    return f" {word.replace('-', ' ')} " in f" {key.replace('-', ' ')} "


def of_entries(rows: Iterable[Entry], banned: frozenset[str] = frozenset()) -> Vocabulary:
    """From entries, heaviest first; those that hold a banned word are left out."""
    by_key: dict[str, Entry] = {}
    by_pinyin: dict[str, Entry] = {}
    by_typed: dict[str, Entry] = {}
    by_length: dict[int, list[str]] = defaultdict(list)
    for entry in rows:
        if not is_allowed(entry.key, banned):
            continue
        if entry.key not in by_key and entry.key.isascii() and " " not in entry.key:
            by_length[len(entry.key)].append(entry.key)
        by_key.setdefault(entry.key, entry)
        if entry.pinyin:
            by_pinyin.setdefault(entry.pinyin, entry)
            by_typed.setdefault(entry.pinyin.replace(" ", ""), entry)
    return Vocabulary(banned, by_key, by_pinyin, by_typed, dict(by_length))
