"""What can be said about a note's originality from what it repeats."""

from typing import NamedTuple

from community.text.quality_text import Finding

# A picture that was seen before says less against a note than words that were read before: people
# write about one product, one poster, one view. The dimension never falls lower by pictures alone.
PICTURES_COUNT = 0.7
# Who repeats themselves is half forgiven.
OWN_COUNTS = 0.5


class Repeats(NamedTuple):
    """What a note repeats of earlier ones: the likeness of its text, and the share of its pictures
    that were shown before, each 0 to 1 and 0 for nothing; and whether the earlier note was by the
    same person."""

    text: float = 0.0
    text_is_own: bool = False
    pictures: float = 0.0
    pictures_are_own: bool = False


def judge_originality(repeats: Repeats) -> Finding:
    """What costs more decides, and is named."""
    text = _cost(repeats.text, repeats.text_is_own)
    pictures = PICTURES_COUNT * _cost(repeats.pictures, repeats.pictures_are_own)
    if not text and not pictures:
        return Finding(1.0, "originality_good")
    if text >= pictures:
        return Finding(1 - text, "text_repeated" if repeats.text_is_own else "text_copied")
    code = "pictures_repeated" if repeats.pictures_are_own else "pictures_copied"
    return Finding(1 - pictures, code)


def _cost(share: float, own: bool) -> float:
    return min(1.0, max(0.0, share)) * (OWN_COUNTS if own else 1.0)
