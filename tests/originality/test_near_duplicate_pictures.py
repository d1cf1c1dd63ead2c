"""Pictures against pictures: hashes, keys, and real pixels."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from community.demo.pictures import draw
from community.media.alike import ALIKE, band_keys, distance, keys_to_ask, tells_something
from community.media.measures import measure_quality, perceptual_hash

hashes = st.integers(0, 2**64 - 1)


@pytest.fixture(scope="module")
def harbour() -> Image.Image:
    return draw("skyline", "tide", 21)


def saved(image: Image.Image, kind: str, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, kind, quality=quality)
    return Image.open(buffer).convert("RGB")


def cropped(image: Image.Image, share: float) -> Image.Image:
    dx, dy = round(image.width * share / 2), round(image.height * share / 2)
    return image.crop((dx, dy, image.width - dx, image.height - dy))


@pytest.mark.parametrize(
    "change",
    [
        lambda i: saved(i, "JPEG", 40),
        lambda i: saved(i, "WEBP", 30),
        lambda i: i.resize((240, 320)),
        lambda i: cropped(i, 0.02),
        lambda i: ImageEnhance.Color(i).enhance(1.5),
        lambda i: ImageEnhance.Contrast(i).enhance(1.2),
        lambda i: i.convert("L").convert("RGB"),
    ],
    ids=["jpeg", "webp", "small", "cropped", "colourful", "contrasty", "grey"],
)
def test_a_picture_is_recognised_after_what_people_do_to_it(harbour, change):
    first, second = perceptual_hash(harbour), perceptual_hash(change(harbour))
    assert distance(first, second) <= ALIKE
    assert set(keys_to_ask(second)) & set(band_keys(first))


def test_other_pictures_are_other_pictures(harbour):
    others = [draw("ramen", "plum", 3), draw("cat_sill", "snow", 12), draw("track", "tea", 1)]
    assert all(
        distance(perceptual_hash(harbour), perceptual_hash(other)) > ALIKE for other in others
    )


def test_a_plain_surface_is_not_compared(harbour):
    plain = Image.new("RGB", (300, 300), "#dddddd")
    assert not tells_something(measure_quality(plain))
    assert tells_something(measure_quality(harbour))
    assert not tells_something({})


@given(hashes, st.sets(st.integers(0, 63), max_size=7))
def test_whatever_differs_in_seven_bits_is_found_by_its_keys(bits, flips):
    other = bits
    for place in flips:
        other ^= 1 << place
    assert set(keys_to_ask(f"{other:016x}")) & set(band_keys(f"{bits:016x}"))
    assert distance(f"{other:016x}", f"{bits:016x}") == len(flips)


@given(hashes, hashes)
def test_distance_is_symmetric(first, second):
    a, b = f"{first:016x}", f"{second:016x}"
    assert distance(a, b) == distance(b, a)
    assert (distance(a, b) == 0) == (first == second)
