"""What people type, made safe to store and to show.

A text loses what nobody sees and what breaks the page around it: control characters, lone
surrogates, direction overrides, zero-width characters, towers of accents. It keeps what
spelling and emoji need: joiners in Persian and Indic words, sequences such as family emoji.
Every function is idempotent and takes linear time.
"""

import re
import unicodedata

from community.text.characters import (
    EMOJI,
    HAN,
    JOINING_SCRIPTS,
    KEYCAP_BASE,
    REGIONAL_INDICATOR,
    SKIN_TONE,
    STACKING_MARKS,
    TAG_CHARACTERS,
    VS15,
    VS16,
    ZWJ,
    ZWNJ,
)

# A Hebrew or Vietnamese letter never needs more; the towers of "zalgo" text do.
MARKS_PER_LETTER = 4
BLANK_LINES_IN_A_ROW = 2

LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
NEVER = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls; tab and the line breaks are handled before
    "\ud800-\udfff"  # lone surrogates
    "\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u206a-\u206f"  # direction
    "\u200b\u00ad\u034f\u2060-\u2065\ufeff\u180e"  # zero width
    "\u115f\u1160\u3164\uffa0\u17b4\u17b5"  # fillers that look like nothing
    "\ufff9-\ufffc\ufdd0-\ufdef\U0001d173-\U0001d17a"
    "\ufe00-\ufe0d\u180b-\u180d\u180f"  # variation selectors without a use in notes
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff]"
)

# Characters nobody sees by themselves and that are right only in certain company.
DEPENDENT = f"{ZWNJ}{ZWJ}{VS15}{VS16}{TAG_CHARACTERS}\U000e0100-\U000e01ef"
ANY_DEPENDENT = re.compile(f"[{DEPENDENT}]")
MISPLACED_DEPENDENT = re.compile(
    f"(?<![{EMOJI}{KEYCAP_BASE}])[{VS15}{VS16}]"
    f"|(?<![{EMOJI}{VS16}]){ZWJ}(?<![{JOINING_SCRIPTS}].)"
    f"|(?<=[{EMOJI}{VS16}]){ZWJ}(?![{EMOJI}])"
    f"|(?<=[{JOINING_SCRIPTS}]){ZWJ}(?![{JOINING_SCRIPTS}])"
    f"|{ZWNJ}(?<![{JOINING_SCRIPTS}].)|{ZWNJ}(?![{JOINING_SCRIPTS}])"
    f"|(?<![\U0001f3f4{TAG_CHARACTERS}])[{TAG_CHARACTERS}]"
    f"|(?<![{HAN}])[\U000e0100-\U000e01ef]",
    re.DOTALL,
)
TOWER = re.compile(
    f"((?:[{STACKING_MARKS}][{DEPENDENT}]*){{{MARKS_PER_LETTER}}})[{STACKING_MARKS}{DEPENDENT}]+"
)
TOO_MANY_BLANK_LINES = re.compile(rf"\n{{{BLANK_LINES_IN_A_ROW + 2},}}")

_EXTENDERS = (
    f"[{STACKING_MARKS}{VS15}{VS16}{SKIN_TONE}{TAG_CHARACTERS}{ZWNJ}\U000e0100-\U000e01ef]*"
)
GRAPHEME = re.compile(
    f"[{REGIONAL_INDICATOR}]{{2}}"
    f"|[{EMOJI}]{_EXTENDERS}(?:{ZWJ}[{EMOJI}]{_EXTENDERS})*"
    f"|.{_EXTENDERS}(?:{ZWJ}{_EXTENDERS})*",
    re.DOTALL,
)
# Drawn as nothing although they are not white space for Python: Braille blank, lone marks.
INVISIBLE = re.compile(f"[\\s\u2800{STACKING_MARKS}{DEPENDENT}]+")


def clean_line(text: str, *, max_length: int) -> str:
    """One line (a title, a name) of at most ``max_length`` code points.

    White space and line breaks become single blanks. A text that is too long is cut between
    two characters as a person sees them, so that no emoji is torn.
    """
    line = " ".join(_without_the_unseen(text).split())
    return line if len(line) <= max_length else _without_the_unseen(_cut(line, max_length)).rstrip()


def clean_body(text: str) -> str:
    """Several lines: line breaks are ``\\n``, tabs stay, at most two blank lines in a row."""
    lines = (line.rstrip() for line in _without_the_unseen(text).split("\n"))
    return TOO_MANY_BLANK_LINES.sub("\n" * (BLANK_LINES_IN_A_ROW + 1), "\n".join(lines)).strip()


def visible_length(text: str) -> int:
    """How many characters a person sees: an emoji sequence or an accented letter counts once."""
    return sum(1 for _ in GRAPHEME.finditer(_without_the_unseen(text)))


def is_blank(text: str) -> bool:
    """Whether nothing a person could see is left."""
    return not INVISIBLE.sub("", _without_the_unseen(text))


def visible_only(text: str) -> str:
    """For comparing: without joiners and selectors too, whether or not they are in place."""
    return ANY_DEPENDENT.sub("", NEVER.sub("", text))


def _without_the_unseen(text: str) -> str:
    """Repeat until nothing changes: what one removal brings together may need another.

    Text made to need more rounds than real text does loses its joiners altogether.
    """
    text = LINE_BREAKS.sub("\n", text)
    for _ in range(3):
        before, text = text, _one_round(text)
        if text == before or not ANY_DEPENDENT.search(text):
            return text
    return _one_round(ANY_DEPENDENT.sub("", text))


def _one_round(text: str) -> str:
    if text.isascii():
        return NEVER.sub("", text)
    text = NEVER.sub("", unicodedata.normalize("NFC", text))
    if ANY_DEPENDENT.search(text):
        text = MISPLACED_DEPENDENT.sub("", text)
    return TOWER.sub(r"\1", unicodedata.normalize("NFC", text))


def _cut(text: str, max_length: int) -> str:
    end = 0
    for grapheme in GRAPHEME.finditer(text):
        if grapheme.end() > max_length:
            break
        end = grapheme.end()
    return text[:end] or text[:max_length]
