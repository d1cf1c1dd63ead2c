"""The cover of a note without a picture: its title, a little of its body, on a quiet ground."""

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from community.media.card_grounds import HEIGHT, WIDTH, Tint, draw_ground
from community.media.card_type import SetText, drawable, font, language, set_text
from community.media.facts import ProcessedPicture
from community.media.pictures import staged
from community.media.renditions import write_renditions

_MARGIN: Final = 84
_TOP: Final = 150
_BAR: Final = (88, 14)  # the accent above the title: width and height
_TITLE_SIZES: Final = (176, 156, 136, 124, 112, 100, 92, 84, 76, 70)
_TITLE_HEIGHT: Final = 560
_ONE_LINE_ABOVE: Final = 140
"""Larger sizes are for a greeting of a few characters, not for a sentence."""
_GAP: Final = 40  # between title and body
_BODY_SIZES: Final = (40,)
_BODY_LINES: Final = 4
_BODY_CHARS: Final = 300
"""No more of the body is looked at: four lines hold some ninety Chinese characters."""
_HANGING: Final = "《「『【（〈"
_HANG: Final = 0.45
"""Full-width opening marks are half empty: hung into the margin, the line looks flush."""
_FOOT: Final = 330
"""Kept free below the words for the ground's drawing."""


def process_text_card(*, title: str, body: str, seed: int, target_dir: Path) -> ProcessedPicture:
    """Draw the card and write its renditions into `target_dir`, all or none.

    No child process: nothing here is decoded. The same arguments give the same picture.
    """
    image = draw_text_card(title=title, body=body, seed=seed)
    with staged(target_dir) as staging:
        return write_renditions(image, staging)


def draw_text_card(*, title: str, body: str, seed: int) -> Image.Image:
    """A 960 by 1280 RGB picture. What the font cannot draw is left out; long text is cut."""
    image, tint = draw_ground(seed=seed)
    heading, excerpt = drawable(title[:_BODY_CHARS]), drawable(body[:_BODY_CHARS])
    if not heading:
        heading, excerpt = excerpt, ""
    draw = ImageDraw.Draw(image)
    top = _draw_bar(draw, tint)
    if heading:
        top = _draw_lines(draw, _set_title(heading), top, tint.ink)
    if excerpt:
        _draw_lines(draw, _set_body(excerpt, top=top + _GAP), top + _GAP, tint.quiet)
    return image


def _set_title(text: str) -> SetText:
    return set_text(
        text,
        sizes=_TITLE_SIZES,
        width=WIDTH - 2 * _MARGIN,
        most_lines=lambda size: 1 if size > _ONE_LINE_ABOVE else int(_TITLE_HEIGHT / (size * 1.28)),
        air=1.28,
    )


def _set_body(text: str, *, top: int) -> SetText:
    room = HEIGHT - _FOOT - top
    return set_text(
        text,
        sizes=_BODY_SIZES,
        width=WIDTH - 2 * _MARGIN,
        most_lines=lambda size: max(1, min(_BODY_LINES, int(room / (size * 1.6)))),
        air=1.6,
    )


def _draw_bar(draw: ImageDraw.ImageDraw, tint: Tint) -> int:
    width, height = _BAR
    box = (_MARGIN, _TOP, _MARGIN + width, _TOP + height)
    draw.rounded_rectangle(box, radius=height / 2, fill=tint.accent)
    return _TOP + height + 40


def _draw_lines(
    draw: ImageDraw.ImageDraw, text: SetText, top: int, ink: tuple[int, int, int]
) -> int:
    """Draw from `top` downwards; returns where the text ends."""
    for number, line in enumerate(text.lines):
        hang = text.size * _HANG if line[0] in _HANGING else 0
        place = (_MARGIN - hang, top + number * text.leading)
        draw.text(place, line, fill=ink, font=font(text.size), language=language())
    return top + text.height
