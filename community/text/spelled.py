"""Chinese words by their sound, whole or in part: weixin, wei信, 微xin for 微信. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from community.text.characters import HAN

HAN_ONLY = re.compile(f"[{HAN}]+")
# Longer words are spelled as a whole or one character at a time.
EVERY_PART_UP_TO = 3
# Shorter spellings are words of other languages (tama, dating): fewer letters are not looked for.
SHORTEST_SOUND = 5  # letters

# English words that are also the sound of two or three common syllables.
_ENGLISH = """
    women change dating gender danger manger banger hanger ganger ranger hangar panda mango tango
    mange range shade shame chase chate china sugar sofa laser lager pager baize beige wuhan ninja
    human taiga manage dangle tangle jingle
"""
ENGLISH = frozenset(_ENGLISH.split())


def spelled_forms(word: str) -> Iterator[tuple[str, int]]:
    """(letters, bits of the places where a blank is usual) of each spelling; none for words that
    are not all in Han characters or have only one."""
    if len(word) < 2 or not HAN_ONLY.fullmatch(word):
        return
    # Loading its dictionary takes a moment and 20 MB: only where Chinese is listed.
    from pypinyin import lazy_pinyin

    sounds = lazy_pinyin(word)
    if len(sounds) != len(word):
        return
    for chosen in _parts(len(word)):
        pieces = [sounds[at] if at in chosen else word[at] for at in range(len(word))]
        for spelled in dict.fromkeys((tuple(pieces), tuple(p.replace("v", "u") for p in pieces))):
            letters = "".join(spelled)
            is_whole = len(chosen) == len(word)
            if is_whole and (len(letters) < SHORTEST_SOUND or letters in ENGLISH):
                continue
            yield letters, _borders(spelled)


def _parts(length: int) -> Iterator[frozenset[int]]:
    """Which characters are spelled: all of them first."""
    everything = frozenset(range(length))
    if length > EVERY_PART_UP_TO:
        yield everything
        yield from (frozenset({at}) for at in range(length))
        return
    for flags in product((True, False), repeat=length):
        if chosen := frozenset(at for at, flag in enumerate(flags) if flag):
            yield chosen


def _borders(pieces: tuple[str, ...]) -> int:
    at, borders = 0, 0
    for piece in pieces:
        borders |= 1 << at
        at += len(piece)
    return borders
