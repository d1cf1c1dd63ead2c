"""Listed words in a text, however they are disguised: 10,000 words in one pass (Aho and Corasick,
1975). Pure.

What is taken for the word `spam`: Spam, ＳＰＡＭ, 𝓼𝓹𝓪𝓶, s p a m, s*p*a*m, sp*am, $p4m, ѕраm,
spaaam; not: spammer, antispam, "wasp am". For 微信: 微 信, 微*信, weixin, wei xin, wēixìn, wei信;
not 稍微，信, nor what a dictionary cuts otherwise (色情 in 角色情感).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain, islice
from typing import NamedTuple

import ahocorasick

from community.text.characters import HAN
from community.text.disguise import (
    IS_CJK,
    Reading,
    gap_between,
    letters_of,
    places_of,
    readings_of,
)
from community.text.han import han_words
from community.text.spelled import spelled_forms

LONGEST_WORD = 60  # characters
# Between two letters of a hidden word nobody writes more.
LONGEST_GAP = 3
# So much of the Chinese around a hit decides whether it is a word there.
CONTEXT = 8
# More of them in one text say nothing more.
HITS_AT_MOST = 200

STUFFING = re.compile(r"[*_~^|+=#·•]+")
BREAK = re.compile(r"[\s'’_-]{1,2}|[*~^|+=#·•.]+")
SENTENCE_MARK = re.compile('[,;:!?，。！？；：、…\n()（）「」“”"]')
HAN_RUN = re.compile(f"[{HAN}]+")


class Word(NamedTuple):
    """One word of a list. A "*" at its end lets any ending follow."""

    text: str
    # Also where it is written by sound. For words in Han characters.
    pinyin: bool = True
    # Also inside other words: "ass" in "class", 色情 in 角色情感.
    inside: bool = False
    # Hits of the same list inside these words are none.
    is_exception: bool = False


class How(StrEnum):
    PLAIN = "plain"
    SPACED = "spaced"
    SOUND = "sound"
    DISGUISED = "disguised"


class Hit(NamedTuple):
    """text[start:end] is the word with this number."""

    start: int
    end: int
    word: int
    how: str


class Form(NamedTuple):
    """One way to write a word; where bit i of `breaks` is set, a blank before letter i is usual."""

    word: int
    breaks: int
    by_sound: bool


class WordMatcher:
    """Immutable once made. Words that have no letter or are too long are never found."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self._forms: list[tuple[int, tuple[Form, ...]]] = []
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        forms: dict[str, list[Form]] = {}
        for number, word in enumerate(words):
            for letters, breaks, by_sound in _forms(word):
                forms.setdefault(letters, []).append(Form(number, breaks, by_sound))
        for letters, known in forms.items():
            self._automaton.add_word(_narrow(letters), len(self._forms))
            self._forms.append((len(letters), tuple(known)))
        if forms:
            self._automaton.make_automaton()

    def hits(self, text: str) -> list[Hit]:
        """Hits from left to right, at most HITS_AT_MOST; they may overlap."""
        if not self._forms:
            return []
        found = set(islice(chain(self._in_letters(text), self._in_tokens(text)), HITS_AT_MOST))
        return sorted(_without_excepted(found, self.words))

    def _finds(self, letters: str) -> Iterator[tuple[int, int, tuple[Form, ...]]]:
        """(first letter, end, forms) of everything listed in a text of letters."""
        narrow = _narrow(letters)
        is_narrow = len(narrow) == len(letters)
        end = read = 0
        for last, number in self._automaton.iter(narrow):
            end += last + 1 - read if is_narrow else _count_letters(narrow[read : last + 1])
            read = last + 1
            length, forms = self._forms[number]
            yield end - length, end, forms

    def _in_letters(self, text: str) -> Iterator[Hit]:
        letters = letters_of(text)
        places: list[int] = []
        for first, end, forms in self._finds(letters):
            places = places or places_of(text)
            place = Place(text, letters, places, first, end)
            for form in forms:
                if how := place.how(form, self.words[form.word]):
                    yield Hit(places[first], places[end - 1] + 1, form.word, how)

    def _in_tokens(self, text: str) -> Iterator[Hit]:
        for reading in readings_of(text):
            for first, end, forms in self._finds(reading.letters):
                if not _is_disguised(reading, first, end):
                    continue
                for form in forms:
                    if _stands_alone(reading.letters, first, end, self.words[form.word]):
                        start, stop = reading.starts[first], reading.ends[end - 1]
                        yield Hit(start, stop, form.word, How.DISGUISED)


def _narrow(letters: str) -> str:
    """The same in UTF-8, a character for each byte: no node of the automaton, whose children are
    looked through one by one, has more than 256 of them. Ten times as fast for Chinese."""
    return letters if letters.isascii() else letters.encode("utf-8", "replace").decode("latin-1")


def _count_letters(narrow: str) -> int:
    """How many letters a piece of `_narrow(letters)` has."""
    return len(narrow.encode("latin-1").decode("utf-8"))


def _forms(word: Word) -> Iterator[tuple[str, int, bool]]:
    if len(word.text) > LONGEST_WORD:
        return
    letters, breaks = "", 0
    for part in word.text.removesuffix("*").split():
        breaks |= 1 << len(letters)
        letters += letters_of(part)
    if not letters:
        return
    yield letters, breaks, False
    if word.pinyin and not word.is_exception:
        for spelled, borders in spelled_forms(letters):
            yield spelled, borders, True


# ---------------------------------------------------------------- in running letters
class Place:
    """Letters `first` to `end` of a text that spell a listed form."""

    __slots__ = ("end", "first", "gaps", "letters", "places", "text")

    def __init__(self, text: str, letters: str, places: list[int], first: int, end: int) -> None:
        self.text, self.letters, self.places = text, letters, places
        self.first, self.end = first, end
        if places[end - 1] - places[first] == end - first - 1:
            self.gaps = [""] * (end - first - 1)
        else:
            self.gaps = [self._gap(at) for at in range(first + 1, end)]

    def _gap(self, at: int) -> str:
        return gap_between(self.text, self.places[at - 1], self.places[at])

    def how(self, form: Form, word: Word) -> str:
        """In which guise the word stands here; "" where it does not."""
        spaced = self._spacing(form)
        if spaced is None or not (word.inside or self._is_bounded(word, spaced)):
            return ""
        if form.by_sound:
            return How.SOUND
        if any(
            self.gaps[at - 1] for at in range(1, len(self.gaps) + 1) if not form.breaks >> at & 1
        ):
            return How.SPACED
        if not word.inside and self._is_cut_otherwise():
            return ""
        return How.PLAIN

    def _spacing(self, form: Form) -> bool | None:
        """Whether the letters stand apart, each from the next; None: they are no word at all."""
        if not any(self.gaps):
            return False
        inner = [
            (self.first + at, gap)
            for at, gap in enumerate(self.gaps, 1)
            if not form.breaks >> at & 1 or (gap and not BREAK.fullmatch(gap))
        ]
        if not any(gap for _at, gap in inner):
            return False
        if any(len(gap) > LONGEST_GAP or "\n" in gap for _at, gap in inner):
            return None
        apart = len(inner) > 1 and all(gap for _at, gap in inner)
        one_kind = apart and len({gap for _at, gap in inner}) == 1
        if one_kind:
            return True
        return apart if all(self._may_hold(at, gap, apart=apart) for at, gap in inner) else None

    def _may_hold(self, at: int, gap: str, *, apart: bool) -> bool:
        """Whether a writer who hides a word puts this before its letter `at`."""
        if not gap or STUFFING.fullmatch(gap):
            return True
        if SENTENCE_MARK.search(gap):
            return False
        return apart or bool(IS_CJK.match(self.letters[at - 1]) and IS_CJK.match(self.letters[at]))

    def _is_bounded(self, word: Word, spaced: bool) -> bool:
        before = not self._is_joined(self.first, spaced, backwards=True)
        after = word.text.endswith("*") or not self._is_joined(self.end, spaced, backwards=False)
        return before and after

    def _is_joined(self, at: int, spaced: bool, *, backwards: bool) -> bool:
        """Whether letters `at` - 1 and `at` are of one word. Where the letters of the hit stand
        apart, so do its neighbours': "p a s s" is not "a s s"."""
        if at <= 0 or at >= len(self.letters):
            return False
        one, other = self.letters[at - 1], self.letters[at]
        if IS_CJK.match(one) or IS_CJK.match(other):
            return False
        gap = self._gap(at)
        if not gap or (self.places[at - 1] == self.places[at]):
            return True
        if not spaced or gap not in self.gaps:
            return False
        neighbour = one if backwards else other
        return neighbour not in "ai" and self._stands_apart(at - 1 if backwards else at)

    def _stands_apart(self, at: int) -> bool:
        """Whether a letter has none of its own kind beside it."""
        before = at > 0 and not self._gap(at)
        after = at + 1 < len(self.letters) and not self._gap(at + 1)
        return not (before or after)

    def _is_cut_otherwise(self) -> bool:
        """Whether the words of a dictionary cross both edges of the hit: 角色|情感."""
        start, end = self.places[self.first], self.places[self.end - 1] + 1
        if not HAN_RUN.fullmatch(self.text[start:end]):
            return False
        begin = max(0, start - CONTEXT)
        around = self.text[begin : end + CONTEXT]
        for run in HAN_RUN.finditer(around):
            if run.start() <= start - begin < run.end():
                edges = _edges(run.group(), begin + run.start())
                return (
                    start not in edges
                    and end not in edges
                    and any(start < edge < end for edge in edges)
                )
        return False


def _edges(run: str, at: int) -> set[int]:
    edges = {at}
    for token in han_words(run):
        at += len(token)
        edges.add(at)
    return edges


# ---------------------------------------------------------------- in tokens of other signs
def _is_disguised(reading: Reading, first: int, end: int) -> bool:
    """Whether other signs stand for some of the letters, and not only digits but for one of them:
    A55 is a telephone, b00b5 is not."""
    signs = reading.signs[first:end]
    no_digits = sum(not sign.isdigit() for sign in signs)
    return signs != reading.letters[first:end] and no_digits >= 2


def _stands_alone(letters: str, first: int, end: int, word: Word) -> bool:
    if word.inside:
        return True
    before = first > 0 and letters[first - 1] != " "
    after = end < len(letters) and letters[end] != " " and not word.text.endswith("*")
    return not (before or after)


def _without_excepted(found: Iterable[Hit], words: Sequence[Word]) -> Iterator[Hit]:
    """Exceptions are words of the list that are looked for and not told; what stands inside of one
    is none either."""
    found = list(found)
    spans = [(hit.start, hit.end) for hit in found if words[hit.word].is_exception]
    for hit in found:
        inside = any(start <= hit.start and hit.end <= end for start, end in spans)
        if not inside:
            yield hit
