"""What is left of a text when its disguises are taken off: width, case, accents, traditional
characters, fancy alphabets, letters of other alphabets and digits that are drawn alike. Pure.

Every character is folded by itself, so that each letter left knows where it stood.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain, compress
from typing import NamedTuple

from accounts.names import DRAWN_ALIKE
from community.text.characters import CJK, HANGUL, STACKING_MARKS
from community.text.clean import visible_only
from community.text.variants import simplified

# Marks over and through letters. Vowel signs of abugidas and the marks of kana spell the word.
ORNAMENTS = re.compile("[\u0300-\u036f\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
ORNAMENTS_ONLY = re.compile(f"[{STACKING_MARKS}]")
IS_HANGUL = re.compile(f"[{HANGUL}]")
# White on black letters, which Unicode does not decompose: circled and squared A to Z.
DARK_LETTERS = {
    start + number: chr(ord("a") + number) for start in (0x1F150, 0x1F170) for number in range(26)
}
# Traditional characters of words that are rarely listed for anything else (text/variants.py knows
# the frequent ones, and the search index stands on those).
MORE_VARIANTS = str.maketrans("賭槍姦穢誹謗擼癲殯屜孌慾", "赌枪奸秽诽谤撸癫殡屉娈欲")
# Beyond this many characters of the world a table keeps no more of them.
KEPT_AT_MOST = 30_000


class LetterTable(dict[int, str]):
    """For str.translate: a letter or digit folded (seldom into several), all else into nothing."""

    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code))
        if len(self) < KEPT_AT_MOST:
            self[code] = folded
        return folded


def _folded(character: str) -> str:
    code = ord(character)
    if code in DARK_LETTERS:
        return DARK_LETTERS[code]
    if IS_HANGUL.match(character):
        return unicodedata.normalize("NFKC", character)
    letters = unicodedata.normalize("NFKD", character).casefold()
    letters = simplified(unicodedata.normalize("NFKD", ORNAMENTS.sub("", letters)).casefold())
    letters = letters.translate(MORE_VARIANTS)
    return "".join(letter for letter in letters if letter.isalnum() or _spells(letter))


def _spells(mark: str) -> bool:
    return not ORNAMENTS.match(mark) and unicodedata.category(mark) in ("Mn", "Mc")


LETTERS = LetterTable()


def letters_of(text: str) -> str:
    """The letters and digits of a text, folded, with nothing between them."""
    return text.translate(LETTERS)


def places_of(text: str) -> list[int]:
    """For each character of `letters_of(text)`, where it stands in the text."""
    lengths = list(map(len, map(LETTERS.__getitem__, map(ord, text))))
    if max(lengths, default=0) <= 1:
        return list(compress(range(len(text)), lengths))
    return [at for at, length in enumerate(lengths) for _ in range(length)]


def gap_between(text: str, first: int, second: int) -> str:
    """What a reader sees between two characters; nothing where they are one or side by side."""
    between = text[first + 1 : second]
    return ORNAMENTS_ONLY.sub("", visible_only(between)) if between else ""


IS_CJK = re.compile(f"[{CJK}]")

# ---------------------------------------------------------------- tokens written with other signs
# Digits and signs that pass for letters; those that pass for two are tried as both.
SIGNS = {
    "0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "i", "|": "il", "€": "e", "+": "t", "£": "l",
}  # fmt: skip
# Letters of other alphabets; names.py makes an l of every i, which would be too much here.
_I_AND_L = {"і": "i", "ι": "i", "ı": "i", "ӏ": "l", "ł": "l"}
FOREIGN = _I_AND_L | {
    double: letter
    for letter, doubles in DRAWN_ALIKE.items()
    if letter.isascii() and letter != "l"
    for double in doubles
    if not double.isascii() and double != "ß"
}
MEANT = str.maketrans(FOREIGN | {sign: meant[0] for sign, meant in SIGNS.items()})
MEANT_OTHERWISE = str.maketrans(FOREIGN | {sign: meant[-1] for sign, meant in SIGNS.items()})
_FOREIGN_BOTH = "".join(FOREIGN) + "".join({letter.upper() for letter in FOREIGN} - {"ß"})
_OTHERS = "\u0370-\u03ff\u1f00-\u1fff\u0400-\u052f\u1c80-\u1c8f"
_DIGITS_AND_SIGNS = re.escape("".join(SIGNS))
_IN_A_TOKEN = f"a-z{_DIGITS_AND_SIGNS}{''.join(FOREIGN)}{_OTHERS}"
# From its first letter or sign on; which marks at its end are of the sentence is tried.
TOKEN = re.compile(rf"[{_IN_A_TOKEN}][{_IN_A_TOKEN}*.'_-]*")
MAY_STAND_BEFORE = frozenset(
    chr(code) for code in range(0x2000) if TOKEN.fullmatch("a" + chr(code))
) | frozenset(SIGNS)
# What makes a token worth a look; one that has letters, too.
DISGUISE = re.compile(rf"[{_DIGITS_AND_SIGNS}{''.join(FOREIGN)}]|([a-z])\1\1")
HAS_LATIN = re.compile("[a-z]")
HAS_LETTER = re.compile(f"[a-z{''.join(FOREIGN)}]")
OTHER_ALPHABET = re.compile(f"[{_OTHERS}]")
THREE_ALIKE = re.compile(r"([^\W\d_])\1{2,}")
MARKS_AT_THE_END = "!|.'-+*_"
MEANT = str.maketrans(FOREIGN | {sign: meant[0] for sign, meant in SIGNS.items()})
MEANT_OTHERWISE = str.maketrans(FOREIGN | {sign: meant[-1] for sign, meant in SIGNS.items()})


class Reading(NamedTuple):
    """The disguised tokens of a text as they may be meant, blanks between them: letter i stands in
    the text from starts[i] to ends[i], written signs[i]. One that was written again and again has
    a capital for its sign."""

    letters: str
    starts: Sequence[int]
    ends: Sequence[int]
    signs: str


def readings_of(text: str) -> Iterator[Reading]:
    """Tokens of the Latin alphabet that hold digits, signs, foreign letters or a letter thrice."""
    tokens = list(_disguised_tokens(_lower(text)))
    yield from _readings(tokens)
    bare = [(start, token.rstrip(MARKS_AT_THE_END)) for start, token in tokens]
    if bare != tokens:
        yield from _readings(bare)
    thrice = [(start, token) for start, token in bare if THREE_ALIKE.search(token)]
    for whole in _readings(thrice):
        yield from (_shortened(whole, keep) for keep in (1, 2))


def _lower(text: str) -> str:
    """In lower case, each character where it was."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def _disguised_tokens(lower: str) -> Iterator[tuple[int, str]]:
    foreign_is_meant: bool | None = None
    done = 0
    for spot in DISGUISE.finditer(lower):
        if spot.start() < done:
            continue
        start = spot.start()
        while start > done and lower[start - 1] in MAY_STAND_BEFORE:
            start -= 1
        match = TOKEN.search(lower, start)
        if match is None:
            return
        done = match.end()
        if not HAS_LETTER.search(match.group()):
            continue
        if not HAS_LATIN.search(match.group()):
            if foreign_is_meant is None:
                foreign_is_meant = _has_words_of_another_alphabet(lower)
            if foreign_is_meant:
                continue
        yield match.start(), match.group()


def _has_words_of_another_alphabet(lower: str) -> bool:
    """Whether Greek or Cyrillic is written here, and not only letters that pass for Latin ones."""
    return any(letter not in FOREIGN for letter in OTHER_ALPHABET.findall(lower))


def _readings(tokens: Sequence[tuple[int, str]]) -> Iterator[Reading]:
    if not tokens:
        return
    signs = " ".join(token for _start, token in tokens)
    starts = list(chain.from_iterable(range(at, at + len(token) + 1) for at, token in tokens))
    ends = [at + 1 for at in starts]
    for meant in (MEANT, MEANT_OTHERWISE) if "1" in signs or "|" in signs else (MEANT,):
        yield Reading(signs.translate(meant), starts, ends, signs)


def _shortened(whole: Reading, keep: int) -> Reading:
    """Runs of one letter cut down to `keep`."""
    stays = bytearray(b"\x01") * len(whole.letters)
    signs, ends = list(whole.signs), list(whole.ends)
    for run in THREE_ALIKE.finditer(whole.letters):
        kept = run.start() + keep
        stays[kept : run.end()] = bytes(run.end() - kept)
        signs[run.start() : kept] = [run[1].upper()] * keep
        ends[kept - 1] = ends[run.end() - 1]
    return Reading(
        "".join(compress(whole.letters, stays)),
        list(compress(whole.starts, stays)),
        list(compress(ends, stays)),
        "".join(compress(signs, stays)),
    )
