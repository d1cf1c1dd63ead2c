"""Tags to suggest for a note: its most telling phrases of one to three words.

TF-IDF over n-grams with priors for place and length, and what the community already uses
preferred. The constants were chosen on one half of a set of Chinese abstracts with keywords
(CSL) and measured on the other.
"""

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from community.text.characters import CJK
from community.text.hashtags import split_rich_text
from community.text.idf import IdfTable
from community.text.segment import segment_phrases
from community.text.stopwords import STOP_WORDS

LONGEST_PHRASE = 3  # words
# A note says what it is about in its title and first lines: half the weight after 50 words.
HALF_WEIGHT_AFTER = 50
# How well tags of this length (Chinese characters, or twice the Latin words) are liked.
LENGTH_PRIOR = {1: 0.7, 2: 0.7, 3: 1.2, 4: 1.2, 5: 1.2}
PRIOR_FOR_LONGER = 0.7
# A phrase is worth a little more than the mean of its words.
WORDS_DIVISOR = 0.85
KNOWN_BOOST = 2.0
# Characters of a body that are read: past that, more text brings no better tags.
READ_AT_MOST = 5_000

NUMBER = re.compile(r"[\d.]+")
IS_CJK = re.compile(f"[{CJK}]")

Why = Literal["known", "title", "repeated", "body"]
Phrase = tuple[str, ...]


class Suggestion(NamedTuple):
    """A tag to offer. ``score`` is relative to the best one, which has 1."""

    name: str
    score: float
    why: Why


@dataclass(slots=True)
class Occurrences:
    """Where a phrase stands: the number of words before it, in the title first."""

    first: int
    in_title: bool
    count: int = 0


def suggest_tags(
    *,
    title: str,
    body: str,
    known: Collection[str] | None = None,
    idf: Mapping[str, float] | None = None,
    limit: int = 8,
) -> list[Suggestion]:
    """The best tags, best first.

    ``known`` are the ``tag_key``s of the community's tags (a set; asked once per phrase),
    ``idf`` says how telling a word is (an ``IdfTable``; without one all words weigh the same).
    1. Collect phrases of one to three words that hold no stop word.  2. Score them.
    3. Take from the top, leaving out what is part of a phrase already taken.
    """
    known = known or frozenset()
    found = _collect(title, body, known)
    weigh = _word_weights(idf)
    scores = {phrase: _score(phrase, at, weigh) for phrase, at in found.items()}
    for phrase in scores:
        scores[phrase] *= KNOWN_BOOST if _key(phrase) in known else 1
    best = max(scores.values(), default=0) or 1
    return [
        Suggestion(name, scores[phrase] / best, _why(phrase, found[phrase], known))
        for name, phrase in _take(scores, limit)
    ]


def _collect(title: str, body: str, known: Collection[str]) -> dict[Phrase, Occurrences]:
    found: dict[Phrase, Occurrences] = {}
    position = 0
    for text, in_title in ((title, True), (body[:READ_AT_MOST], False)):
        for words in segment_phrases(_plain(text)):
            for start in range(len(words)):
                for phrase in _phrases_at(words, start, known):
                    at = found.setdefault(phrase, Occurrences(position, in_title))
                    at.count += 1
                position += 1
    return found


def _plain(text: str) -> str:
    """The text without links and mentions, which are never what a note is about."""
    pieces = split_rich_text(text)
    return "".join("\n" if p.kind in ("link", "mention") else p.label for p in pieces)


def _phrases_at(words: list[str], start: int, known: Collection[str]) -> Iterator[Phrase]:
    """Phrases that begin here. Of those with a stop word or number only known tags remain."""
    says_little = False
    for end in range(start + 1, min(start + LONGEST_PHRASE, len(words)) + 1):
        phrase = tuple(words[start:end])
        last = words[end - 1]
        says_little = says_little or _says_little(last, before=words[start : end - 1])
        long_enough = end - start > 1 or len(last) > 1
        if (long_enough and not says_little) or (known and _key(phrase) in known):
            yield phrase
        elif says_little and not known:
            return


def _says_little(word: str, before: list[str]) -> bool:
    """Stop words, and numbers unless they are the model of something: "iphone 15"."""
    if NUMBER.fullmatch(word):
        return not (before and before[-1].isascii() and before[-1].isalpha())
    return word in STOP_WORDS


def _name(phrase: Phrase) -> str:
    """Words as they are written: a blank between Latin words, none beside Chinese."""
    name = phrase[0]
    for word in phrase[1:]:
        name += word if IS_CJK.match(word) or IS_CJK.match(name[-1]) else f" {word}"
    return name


def _key(phrase: Phrase) -> str:
    """The ``tag_key`` of the phrase; its words are folded already."""
    return _name(phrase).replace(" ", "-")


def _word_weights(idf: Mapping[str, float] | None) -> Callable[[str], float]:
    if not idf:
        return lambda word: 1.0
    unseen = idf.unseen if isinstance(idf, IdfTable) else max(idf.values())
    return lambda word: idf.get(word, unseen)


def _score(phrase: Phrase, at: Occurrences, weigh: Callable[[str], float]) -> float:
    telling = sum(weigh(word) for word in phrase) / len(phrase) ** WORDS_DIVISOR
    size = sum(len(word) if IS_CJK.match(word) else 2 for word in phrase)
    early = 1 / (1 + at.first / HALF_WEIGHT_AFTER)
    return at.count * math.sqrt(telling) * LENGTH_PRIOR.get(size, PRIOR_FOR_LONGER) * early


def _take(scores: dict[Phrase, float], limit: int) -> list[tuple[str, Phrase]]:
    """The best names, leaving out what is part of a name already taken."""
    taken: dict[str, Phrase] = {}
    for phrase in sorted(scores, key=lambda p: (-scores[p], p)):
        if len(taken) == limit:
            break
        name = _name(phrase)
        if not any(name in longer for longer in taken):
            taken[name] = phrase
    return list(taken.items())


def _why(phrase: Phrase, at: Occurrences, known: Collection[str]) -> Why:
    if _key(phrase) in known:
        return "known"
    if at.in_title:
        return "title"
    return "repeated" if at.count > 1 else "body"
