"""The demo community's pictures: a motif, a palette and a seed make one illustration.

Nothing is photographed or downloaded; the motifs in `motifs/` draw with flat shapes.
The same arguments give the same picture, to the byte.
"""

from __future__ import annotations

import io
from random import Random

from PIL import Image

from .canvas import Canvas
from .motifs import MOTIFS
from .palettes import PALETTES

WIDTH = 720
RATIOS = {"3:4": 4 / 3, "1:1": 1.0, "4:3": 3 / 4}
JPEG_QUALITY = 86


def draw(motif: str, palette: str, seed: int, ratio: str = "3:4") -> Image.Image:
    """Draw one picture, WIDTH pixels wide, RGB. Raises KeyError for an unknown name."""
    colours = PALETTES[palette]
    canvas = Canvas(width=WIDTH, ratio=RATIOS[ratio], ground=colours.paper)
    MOTIFS[motif](canvas, colours, Random(f"{motif}/{seed}"))
    return canvas.finished()


def as_jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()
