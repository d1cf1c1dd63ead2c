"""What a query may have meant: other characters of the same sound, or a slip of a finger. Pure.

Chinese is typed by sound, so a wrong word of a query usually sounds like the right one:
咖非 for 咖啡. Latin words are off by a letter or two (optimal string alignment distance).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from community.text.characters import HAN

from .lookup import Vocabulary
from .pinyin import is_letters, syllables, unparted

RUN = re.compile(f"(?P<han>[{HAN}]+)|(?P<word>[a-z0-9]+)")
LONGEST_CHINESE = 6
# Shorter Latin words have too many neighbours.
SHORTEST_LATIN = 4
MOST_CANDIDATES = 5


def meant(key: str, known: Vocabulary) -> list[str]:
    """Other queries that the folded, simplified query may have meant, likeliest first."""
    candidates = [_by_sound(key, known), _piece_by_piece(key, known), _typed_pinyin(key, known)]
    distinct = dict.fromkeys(c for c in candidates if c and c != key)
    return list(distinct)[:MOST_CANDIDATES]


def pieces_of(key: str) -> tuple[list[str], list[str]]:
    """The Latin words of a query, and the stretches of its Chinese that may be words; each once."""
    words: dict[str, None] = {}
    windows: dict[str, None] = {}
    for run in RUN.finditer(key):
        if run["word"]:
            words[run["word"]] = None
            continue
        for start in range(len(run["han"]) - 1):
            for length in range(2, min(LONGEST_CHINESE, len(run["han"]) - start) + 1):
                windows[run["han"][start : start + length]] = None
    return list(words), list(windows)


def _by_sound(key: str, known: Vocabulary) -> str:
    """The whole query as the heaviest known word of the same sound."""
    found = known.by_pinyin.get(syllables(key)) if key not in known.by_key else None
    return found.key if found else ""


def _typed_pinyin(key: str, known: Vocabulary) -> str:
    """kafei: letters that were meant to become characters."""
    if not is_letters(key) or key in known.by_key or len(key) < SHORTEST_LATIN:
        return ""
    found = known.by_typed.get(unparted(key))
    return found.key if found else ""


def _piece_by_piece(key: str, known: Vocabulary) -> str:
    """Each stretch of the query mended by itself, the rest kept as it was."""
    pieces, end = [], 0
    for run in RUN.finditer(key):
        pieces.append(key[end : run.start()])
        pieces += _chinese(run["han"], known) if run["han"] else [_latin(run["word"], known)]
        end = run.end()
    return "".join([*pieces, key[end:]])


def _chinese(run: str, known: Vocabulary) -> Iterator[str]:
    """The longest windows first: known words stay, unknown ones give way to one of their sound."""
    start = 0
    while start < len(run):
        for length in range(min(LONGEST_CHINESE, len(run) - start), 1, -1):
            window = run[start : start + length]
            if window in known.by_key:
                yield window
                break
            if found := known.by_pinyin.get(syllables(window)):
                yield found.key
                break
        else:
            yield run[start]
            length = 1
        start += length


def slip_of(word: str) -> int:
    """By how many letters a word may be off."""
    if len(word) < SHORTEST_LATIN or word.isdigit():
        return 0
    return 1 if len(word) < 6 else 2


def _latin(word: str, known: Vocabulary) -> str:
    allowed = slip_of(word)
    if word in known.by_key or not allowed:
        return word
    lengths = range(len(word) - allowed, len(word) + allowed + 1)
    near = [
        (distance, choice[0] != word[0], -known.by_key[choice].weight, choice)
        for length in lengths
        for choice, distance, _index in process.extract(
            word,
            known.by_length.get(length, ()),
            scorer=OSA.distance,
            score_cutoff=allowed,
            limit=MOST_CANDIDATES,
        )
    ]
    return min(near)[3] if near else word
