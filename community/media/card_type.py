"""Setting type on a text card: what can be drawn, where lines may break, which size fits.

Chinese breaks between words where a segmenter finds them; no line begins with closing punctuation
or ends with an opening mark (kinsoku, JIS X 4051; W3C "Requirements for Chinese Text Layout").
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PIL import ImageFont, features

from community.text.han import han_words

NEVER_FIRST: Final = "。，、！？；：）》」』】〉〕…—～·％!?,.:;)]}%”’"
NEVER_LAST: Final = "（《「『【〈〔([{“‘#@$￥¥"
_PARTICLES: Final = frozenset("的了着过吗呢吧啊呀嘛们")
"""Read as part of the word before them: a line that begins with one looks torn off."""
ELLIPSIS: Final = "…"

_FONT_PACKAGE: Final = "cvttf_NotoSansCJK_Medium"
_FONT_FILE: Final = "NotoSansCJKtc-Medium.otf"
_LANGUAGE: Final = "zh-Hans"
"""The font's glyphs are Traditional by default; this asks for the simplified forms."""
_DROPPED_CATEGORIES: Final = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me"))
_PIECE: Final = re.compile(r"[\u3400-\u9fff]+|[\u2e80-\uffdc]|\s+|[^\s\u2e80-\uffdc]+")
"""A run of Chinese, one other full-width character, a space, or a run of anything else: those
hold together what belongs together, such as `5.2`, `don't` or an address."""
_LONGEST_UNBROKEN_WORD: Final = 4

Measure = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class SetText:
    """Lines of one text at one size, in pixels."""

    lines: tuple[str, ...]
    size: int
    leading: int

    @property
    def height(self) -> int:
        return self.leading * len(self.lines)


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The card font at `size` pixels, shaped by Raqm where this Pillow has it."""
    engine = ImageFont.Layout.RAQM if features.check("raqm") else ImageFont.Layout.BASIC
    return ImageFont.truetype(_font_path(), size, layout_engine=engine)


def language() -> str | None:
    return _LANGUAGE if features.check("raqm") else None


def drawable(text: str) -> str:
    """`text` in one line, without what the font cannot draw (emoji, controls, rare scripts)."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(" " if char.isspace() else char for char in composed if _is_drawable(char))
    return " ".join(kept.split())


def set_text(
    text: str, *, sizes: Sequence[int], width: int, most_lines: Callable[[int], int], air: float
) -> SetText:
    """`text` at the first of `sizes` (largest first) at which it fits into `width` pixels.

    `most_lines` gives the lines allowed at a size, `air` the leading as a multiple of it. Where
    even the smallest size overflows, the text is cut and ends in an ellipsis.
    """
    for size in sizes:
        lines = break_lines(text, width=width, measure=font(size).getlength)
        if len(lines) <= most_lines(size):
            balanced = _balance(text, lines, width=width, measure=font(size).getlength)
            return SetText(tuple(balanced), size, round(size * air))
    cut = _ellipsize(lines[: most_lines(size)], width=width, measure=font(size).getlength)
    return SetText(tuple(cut), size, round(size * air))


def break_lines(text: str, *, width: float, measure: Measure) -> list[str]:
    """Greedy lines of `text`, none wider than `width` as `measure` tells it."""
    return _fill_lines(_fitting_atoms(text, width, measure), width, measure)


def _fill_lines(atoms: Sequence[str], width: float, measure: Measure) -> list[str]:
    lines: list[str] = []
    line = ""
    for atom in atoms:
        if line and measure((line + atom).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += atom if line else atom.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _balance(text: str, lines: list[str], *, width: int, measure: Measure) -> list[str]:
    """The narrowest setting with as many lines, so that the last is not one lonely character."""
    atoms = _fitting_atoms(text, width, measure)
    low, high = int(max(measure(atom.strip()) for atom in atoms)), width
    while len(lines) > 1 and high - low > 4:
        middle = (low + high) // 2
        narrower = _fill_lines(atoms, middle, measure)
        if len(narrower) == len(lines):
            lines, high = narrower, middle
        else:
            low = middle
    return lines


def _ellipsize(lines: list[str], *, width: int, measure: Measure) -> list[str]:
    last = lines[-1]
    while last and measure(last + ELLIPSIS) > width:
        last = last[:-1]
    return [*lines[:-1], last.rstrip(NEVER_FIRST + NEVER_LAST + " ") + ELLIPSIS]


def _fitting_atoms(text: str, width: float, measure: Measure) -> list[str]:
    """Unbreakable pieces; one wider than a line (an address, a run of marks) falls apart."""
    fitting: list[str] = []
    for atom in _atoms(text):
        fitting.extend([atom] if measure(atom.strip()) <= width else atom)
    return fitting


@lru_cache(maxsize=256)
def _atoms(text: str) -> tuple[str, ...]:
    """The pieces between which a line may break, marks joined to what they belong to."""
    atoms: list[str] = []
    for piece in _pieces(text):
        if atoms and _holds_together(atoms[-1], piece):
            atoms[-1] += piece
        else:
            atoms.append(piece)
    return tuple(atoms)


def _holds_together(before: str, piece: str) -> bool:
    if before.isspace():
        return False
    return piece[0] in NEVER_FIRST or piece in _PARTICLES or before[-1] in NEVER_LAST


def _pieces(text: str) -> list[str]:
    """Words, spaces and single marks. Long Chinese compounds may break anywhere."""
    pieces: list[str] = []
    for run in _PIECE.findall(text):
        if not "\u3400" <= run[0] <= "\u9fff":
            pieces.append(run)
            continue
        for word in han_words(run):
            pieces.extend([word] if len(word) <= _LONGEST_UNBROKEN_WORD else word)
    return pieces


@lru_cache(maxsize=4096)
def _is_drawable(char: str) -> bool:
    if char.isspace():
        return True
    if unicodedata.category(char) in _DROPPED_CATEGORIES:
        return False
    glyph = font(32).getmask(char)
    return (glyph.size, bytes(glyph)) != _missing_glyph()


@lru_cache(maxsize=1)
def _missing_glyph() -> tuple[tuple[int, int], bytes]:
    """What the font draws for a character that no font has."""
    glyph = font(32).getmask("\U0010ffff")
    return glyph.size, bytes(glyph)


@lru_cache(maxsize=1)
def _font_path() -> str:
    """Beside its package, found without importing it."""
    spec = find_spec(_FONT_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"The font package {_FONT_PACKAGE} is not installed.")
    return str(Path(spec.submodule_search_locations[0]) / _FONT_FILE)
