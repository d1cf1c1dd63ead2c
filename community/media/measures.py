"""What can be said of a picture from its pixels: numbers for quality, likeness and first paint.

`image` is upright RGB. Nothing here judges; thresholds live where quality is scored.
"""

import base64
import io
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from community.media.limits import PLACEHOLDER_CHARS, PLACEHOLDER_SIDE

_MEASURED_SIDE: Final = 512
_HASH_SIDE: Final = 8
_HASHED_SIDE: Final = 32
_COLOURS: Final = 6


def perceptual_hash(image: Image.Image) -> str:
    """64-bit pHash as 16 hex digits: the signs of the lowest cosine frequencies about their median.

    Bit for bit `imagehash.phash` (Zauner, "Implementation and Benchmarking of Perceptual Image
    Hash Functions", 2010), computed here because that imports SciPy, 0.6 s for each child.
    """
    grey = image.convert("L").resize((_HASHED_SIDE, _HASHED_SIDE), Image.Resampling.LANCZOS)
    basis = _cosines(_HASHED_SIDE)[:_HASH_SIDE]
    low = (basis @ np.asarray(grey, np.float64) @ basis.T).round(6)  # rounding noise is no signal
    bits = (low > np.median(low)).flatten()
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def dominant_colour(image: Image.Image) -> str:
    """The commonest of the picture's few main colours, as `#rrggbb`."""
    small = image.resize((48, 48), Image.Resampling.BOX).quantize(_COLOURS)
    counts = np.bincount(np.asarray(small).ravel())
    palette = small.getpalette() or []
    red, green, blue = palette[3 * int(counts.argmax()) :][:3]
    return f"#{red:02x}{green:02x}{blue:02x}"


def draw_placeholder(image: Image.Image) -> str:
    """A few hundred bytes to show, blurred, until the picture is there: a `data:` URI."""
    for side in range(PLACEHOLDER_SIDE, 0, -4):
        tiny = image.copy()
        tiny.thumbnail((side, side), Image.Resampling.BOX)
        data = io.BytesIO()
        tiny.save(data, "WEBP", quality=20, method=6)
        uri = "data:image/webp;base64," + base64.b64encode(data.getvalue()).decode()
        if len(uri) <= PLACEHOLDER_CHARS:
            break
    return uri


def measure_quality(image: Image.Image) -> dict[str, float]:
    """Sharpness, brightness, contrast and entropy of the picture at no more than 512 px."""
    grey = image.convert("L")
    grey.thumbnail((_MEASURED_SIDE, _MEASURED_SIDE), Image.Resampling.BOX)
    values = np.asarray(grey, np.float32)
    measured = {
        "sharpness": _laplacian_variance(values),
        "brightness": float(values.mean()),
        "contrast": float(values.std()),
        "entropy": float(grey.entropy()),
    }
    return {name: round(value, 3) for name, value in measured.items()}


def _laplacian_variance(grey: NDArray[np.float32]) -> float:
    """Focus measure (Pech-Pacheco et al., 2000): edges answer, blur does not."""
    if min(grey.shape) < 3:
        return 0.0
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return float((around - 4 * grey[1:-1, 1:-1]).var())


def _cosines(size: int) -> NDArray[np.float64]:
    """The rows of an unnormalised DCT-II of `size` samples, as SciPy defines it."""
    frequency, sample = np.mgrid[:size, :size]
    return np.asarray(2 * np.cos(np.pi * frequency * (2 * sample + 1) / (2 * size)))
