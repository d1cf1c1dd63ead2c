"""Numbers taken from pixels: pure functions on pictures drawn here."""

import base64
import io

import imagehash
import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter

from community.media.facts import ProcessedPicture, Rendition
from community.media.limits import PLACEHOLDER_CHARS, PLACEHOLDER_SIDE
from community.media.measures import (
    dominant_colour,
    draw_placeholder,
    measure_quality,
    perceptual_hash,
)


def noise(seed: int, size: tuple[int, int] = (400, 300)) -> Image.Image:
    """Blotches of colour: something of a photograph, different for every seed."""
    values = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    return Image.fromarray(values).resize(size, Image.Resampling.BICUBIC)


def distance(one: Image.Image, other: Image.Image) -> int:
    return (int(perceptual_hash(one), 16) ^ int(perceptual_hash(other), 16)).bit_count()


@pytest.mark.parametrize("seed", range(25))
def test_the_hash_is_that_of_imagehash_bit_for_bit(seed: int) -> None:
    assert perceptual_hash(noise(seed)) == str(imagehash.phash(noise(seed)))


def test_a_scaled_recompressed_brighter_copy_is_near_and_another_picture_far() -> None:
    data = io.BytesIO()
    ImageEnhance.Brightness(noise(1).resize((220, 165))).enhance(1.1).save(data, "JPEG", quality=50)
    assert distance(noise(1), Image.open(data).convert("RGB")) <= 8
    assert distance(noise(1), noise(2)) >= 16


def test_the_hash_fits_a_signed_column_at_both_ends() -> None:
    def signed(phash: str) -> int:
        return ProcessedPicture(1, 1, (), "", phash, "#000000", {}).signed_phash

    assert signed("7fffffffffffffff") == 2**63 - 1
    assert signed("8000000000000000") == -(2**63)
    assert signed("ffffffffffffffff") == -1


def test_the_dominant_colour_is_the_commonest_not_the_mean() -> None:
    image = Image.new("RGB", (300, 300), (232, 80, 58))
    image.paste((11, 127, 131), (0, 0, 300, 100))
    assert dominant_colour(image) == "#e8503a"


@pytest.mark.parametrize("size", [(400, 300), (300, 400), (1600, 20), (20, 1600), (1, 1)])
def test_the_placeholder_is_a_tiny_picture_that_fits_into_a_page(size: tuple[int, int]) -> None:
    values = np.random.default_rng(3).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    uri = draw_placeholder(Image.fromarray(values))
    assert len(uri) <= PLACEHOLDER_CHARS
    head, _, data = uri.partition(",")
    assert head == "data:image/webp;base64"
    assert max(Image.open(io.BytesIO(base64.b64decode(data))).size) <= PLACEHOLDER_SIDE


def test_blur_lowers_sharpness_and_dark_lowers_brightness() -> None:
    values = np.random.default_rng(4).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    sharp = Image.fromarray(values)
    blurred = sharp.filter(ImageFilter.GaussianBlur(3))
    dark = ImageEnhance.Brightness(sharp).enhance(0.3)
    assert measure_quality(blurred)["sharpness"] < measure_quality(sharp)["sharpness"] / 20
    assert measure_quality(dark)["brightness"] < measure_quality(sharp)["brightness"] / 2
    assert measure_quality(blurred)["contrast"] < measure_quality(sharp)["contrast"]


def test_a_flat_picture_measures_as_flat() -> None:
    flat = measure_quality(Image.new("RGB", (100, 100), (128, 128, 128)))
    assert flat == {"sharpness": 0.0, "brightness": 128.0, "contrast": 0.0, "entropy": 0.0}


def test_a_processed_picture_survives_its_json() -> None:
    rendition = Rendition(240, 160, "avif", "240.avif", 1234)
    picture = ProcessedPicture(240, 160, (rendition,), "data:", "0" * 16, "#ffffff", {"a": 1.5})
    assert ProcessedPicture.from_json(picture.as_json()) == picture
