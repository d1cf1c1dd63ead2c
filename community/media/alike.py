"""Near-duplicate pictures: perceptual hashes that differ in a few bits, found by equal keys.

Two hashes of 64 bits that differ in at most 7 have, cut into four bands of 16, one band that
differs in at most 1 (pigeonhole). So each picture is stored under its 4 bands and looked for under
those and their 64 neighbours. Which distance means the same picture was measured:
docs/decisions/0010.
"""

from __future__ import annotations

BANDS, WIDTH = 4, 16
# Bits in which two pictures may differ to be called the same.
ALIKE = 6
# A surface of one colour, a drawn gradient, a scan of a page: their hashes say nothing.
LEAST_CONTRAST, LEAST_ENTROPY = 12.0, 2.5

_MASK = (1 << WIDTH) - 1
# Apart from the keys of texts, and from each other's band.
_SPACE = 1 << 40


def tells_something(measures: dict[str, float]) -> bool:
    """Whether a picture has enough to see for its hash to recognise it."""
    return (
        measures.get("contrast", 0.0) >= LEAST_CONTRAST
        and measures.get("entropy", 0.0) >= LEAST_ENTROPY
    )


def band_keys(phash: str) -> list[int]:
    """The keys that a picture with this hash (16 hex digits) is stored under."""
    return [_key(band, bits) for band, bits in enumerate(_bands(phash))]


def keys_to_ask(phash: str) -> list[int]:
    """The keys under which every picture within 7 bits is found, and others: compare them."""
    return [
        _key(band, bits ^ flip)
        for band, bits in enumerate(_bands(phash))
        for flip in (0, *(1 << place for place in range(WIDTH)))
    ]


def distance(first: str, second: str) -> int:
    """Bits in which two hashes differ, 0 to 64."""
    return (int(first, 16) ^ int(second, 16)).bit_count()


def _bands(phash: str) -> list[int]:
    bits = int(phash, 16)
    return [(bits >> WIDTH * band) & _MASK for band in range(BANDS)]


def _key(band: int, bits: int) -> int:
    return _SPACE + (band << WIDTH) + bits
