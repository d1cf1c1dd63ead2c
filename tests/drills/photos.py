"""Pictures as people take them, each another one."""

from __future__ import annotations

import io
from random import Random

from PIL import Image


def photo(seed: int, size: tuple[int, int] = (480, 360)) -> bytes:
    chance = Random(seed)
    grain = Image.frombytes(
        "RGB", (24, 18), bytes(chance.randrange(256) for _ in range(24 * 18 * 3))
    )
    file = io.BytesIO()
    grain.resize(size).save(file, "JPEG", quality=85)
    return file.getvalue()
