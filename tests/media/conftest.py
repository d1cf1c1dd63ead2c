"""Pictures for these tests, drawn here: nothing is read from a collection."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

Save = Callable[..., bytes]


@pytest.fixture
def scene() -> Image.Image:
    """An upright 600 by 400 scene whose four corners differ: red, green, blue, yellow."""
    image = Image.linear_gradient("L").resize((600, 400)).convert("RGB")
    draw = ImageDraw.Draw(image)
    corners = {(0, 0): "red", (450, 0): "lime", (0, 300): "blue", (450, 300): "yellow"}
    for (left, top), colour in corners.items():
        draw.rectangle((left, top, left + 149, top + 99), fill=colour)
    draw.ellipse((220, 120, 380, 280), fill="white", outline="black", width=6)
    return image


@pytest.fixture
def saved() -> Save:
    """`saved(image, "JPEG", quality=90)` gives the bytes of the file."""

    def save(image: Image.Image, format_name: str, **options: Any) -> bytes:
        data = io.BytesIO()
        image.save(data, format_name, **options)
        return data.getvalue()

    return save


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "renditions"
