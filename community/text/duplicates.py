"""Near-duplicate texts: MinHash of character n-grams, with bands that find candidates by equality.

Broder, "On the resemblance and containment of documents" (1997): the share of equal minima of two
texts estimates the Jaccard likeness of their n-grams. Cut into bands of a few minima each, likely
pairs share a whole band (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3.4): with 12
bands of 3, a pair of likeness .7 shares one in 99% of cases, of .5 in 80%, of .1 in 1%. What is
found so is compared exactly before anybody is told. The figures are in docs/decisions/0010.

In NumPy instead of datasketch, whose import brings SciPy: 0.5 s in every process that judges.
"""

import re
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from community.text.fold import fold
from community.text.hashtags import split_rich_text
from community.text.segment import RUN

Hashes = NDArray[np.uint64]

GRAM = 4  # characters
BANDS, ROWS = 12, 3
# Shorter texts look alike by accident ("Good morning!") and are compared with nothing.
LEAST_LETTERS = 40
# Likeness (Jaccard) from which a text is called a near-duplicate.
ALIKE = 0.5
READ_AT_MOST = 6_000  # characters
# The part that two texts of one author end with is their signature, unless it is most of them.
SIGNATURE_AT_MOST = 0.6

# "Address: …", "店名：…": what a template brings is not what its user wrote.
LABEL = re.compile(r"(?m)^[^\S\n]*[^\s:\uff1a]{1,12}(?: [^\s:\uff1a]{1,12})?[^\S\n]*[:\uff1a]")

_MINIMA = BANDS * ROWS
_BASE = np.uint64(0x100000001B3)
_RANDOM = np.random.Generator(np.random.PCG64(20_261))
_FACTORS = _RANDOM.integers(1, 2**63, _MINIMA, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_SHIFTS = _RANDOM.integers(0, 2**63, _MINIMA, dtype=np.uint64)


def own_words(title: str, body: str) -> str:
    """The letters and digits an author wrote, folded, line by line: without tags, mentions, links,
    and the labels of templates."""
    pieces = split_rich_text(f"{title}\n{body}"[:READ_AT_MOST])
    plain = "".join(p.text for p in pieces if p.kind in ("text", "newline"))
    lines = (_letters(line) for line in LABEL.sub("", plain).split("\n"))
    return "\n".join(line for line in lines if line)


def _letters(line: str) -> str:
    return " ".join(run.group() for run in RUN.finditer(fold(line)))


def grams(words: str) -> Hashes:
    """The distinct hashes of a text's n-grams, ascending; none for a text that is too short."""
    text = words.replace("\n", " ")
    if len(text) < LEAST_LETTERS:
        return np.empty(0, np.uint64)
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    hashed = np.zeros(len(codes) - GRAM + 1, np.uint64)
    for offset in range(GRAM):
        hashed = hashed * _BASE + codes[offset : len(codes) - GRAM + 1 + offset]
    return np.unique(_mixed(hashed))


def signature(hashes: Hashes) -> Hashes:
    """The minima of 36 random orders of a text's grams; none of none."""
    if not len(hashes):
        return hashes
    orders = (hashes[:, None] * _FACTORS + _SHIFTS) >> np.uint64(32)
    return np.asarray(orders.min(axis=0), np.uint64)


def band_keys(minima: Hashes) -> list[int]:
    """One 64-bit key, signed as databases have it, for each band; none of none."""
    if not len(minima):
        return []
    bands = minima.reshape(BANDS, ROWS)
    keys = np.arange(1, BANDS + 1, dtype=np.uint64)
    for column in range(ROWS):
        keys = _mixed(keys * _BASE + bands[:, column])
    return [int(key) for key in keys.view(np.int64)]


def likeness(first: str, second: str) -> float:
    """Jaccard likeness of the n-grams of two texts (of `own_words`), 0 to 1. Symmetric."""
    a, b = grams(first), grams(second)
    if not len(a) or not len(b):
        return 0.0
    common = len(np.intersect1d(a, b, assume_unique=True))
    return common / (len(a) + len(b) - common)


def likeness_of_one_author(first: str, second: str) -> float:
    """Likewise, the lines that both end with left out: people sign their notes."""
    without = _without_signature(first, second)
    if min(map(len, without)) < LEAST_LETTERS:
        return likeness(first, second)
    return likeness(*without)


def _without_signature(first: str, second: str) -> tuple[str, str]:
    a, b = first.split("\n"), second.split("\n")
    shared = 0
    while shared < min(len(a), len(b)) and a[-1 - shared] == b[-1 - shared]:
        shared += 1
    tail = len("\n".join(a[len(a) - shared :]))
    if not shared or tail > SIGNATURE_AT_MOST * min(len(first), len(second)):
        return first, second
    return "\n".join(a[:-shared]), "\n".join(b[:-shared])


def share_of_equal_minima(first: Hashes, second: Hashes) -> float:
    """Estimate of the likeness from two signatures alone; 0 where one has none."""
    return float((first == second).mean()) if len(first) and len(first) == len(second) else 0.0


def digest(words: str) -> int:
    """A text as one signed 64-bit number, to see whether it changed."""
    hashed = blake2b(words.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(hashed, "little", signed=True)


def _mixed(values: Hashes) -> Hashes:
    """Spread over all 64 bits (splitmix64, Steele et al. 2014)."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
