"""Character classes that the text rules share, as bodies of regular-expression classes.

Source: Unicode 14 blocks and general categories (what Python 3.11 knows).
"""

import unicodedata
from collections.abc import Iterable
from itertools import pairwise

HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d"
HANGUL = "\u1100-\u115e\u1161-\u11ff\u3131-\u3163\uac00-\ud7a3"
CJK = HAN + KANA + HANGUL

# Anything that may carry VS16 or stand beside a zero-width joiner in an emoji sequence.
EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf"
    "\u2934\u2935\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
KEYCAP_BASE = "0-9#*"
SKIN_TONE = "\U0001f3fb-\U0001f3ff"
REGIONAL_INDICATOR = "\U0001f1e6-\U0001f1ff"
TAG_CHARACTERS = "\U000e0020-\U000e007f"

# Arabic to Sinhala, Tibetan, Myanmar, Khmer, Mongolian: there a joiner changes the spelling.
JOINING_SCRIPTS = "\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff\u1810-\u18af"

# Abugidas whose vowel signs are not \w for Python, without their punctuation (danda).
ABUGIDAS = (
    "\u0900-\u0963\u0966-\u0df3\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0eff\u1000-\u1049\u1780-\u17d3"
)

ZWNJ, ZWJ, VS15, VS16 = "\u200c", "\u200d", "\ufe0e", "\ufe0f"


def as_ranges(codes: Iterable[int]) -> str:
    """The body of a character class that holds exactly these code points (ascending)."""
    points = list(codes)
    starts = points[:1] + [after for before, after in pairwise(points) if after != before + 1]
    ends = [before for before, after in pairwise(points) if after != before + 1] + points[-1:]
    return "".join(
        f"\\U{first:08x}-\\U{last:08x}" for first, last in zip(starts, ends, strict=True)
    )


def _is_stacking_mark(code: int) -> bool:
    return unicodedata.category(chr(code)) in ("Mn", "Me") and not 0xFE00 <= code <= 0xFE0F


# Marks drawn above, below or through the letter before them (variation selectors apart).
STACKING_MARKS = as_ranges(code for code in range(0x300, 0x1F000) if _is_stacking_mark(code))
