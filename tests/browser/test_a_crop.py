"""A crop: its rules as a table, and a portrait photo cut by sliders, keys and pointer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.module_rules import Rule, broken_rules
from tests.browser.photos import SEA, opened, tilted_photo
from tests.browser.visitor import DESKTOP, PHONE, Visitor

pytestmark = pytest.mark.browser


def box(x: float, y: float, width: float, height: float) -> dict[str, float]:
    return {"x": x, "y": y, "width": width, "height": height}


WHOLE = box(0, 0, 1, 1)
MIDDLE = box(0.25, 0.25, 0.5, 0.5)
CORNER = box(0.5, 0.5, 0.5, 0.5)
PORTRAIT = {"width": 800, "height": 1200}
RULES: tuple[Rule, ...] = (
    ("ratioIn", ["", PORTRAIT], None),
    ("ratioIn", ["1:1", PORTRAIT], 1.5),
    ("ratioIn", ["3:4", PORTRAIT], 1.125),
    ("fitted", [MIDDLE, None], MIDDLE),
    ("fitted", [WHOLE, 2], box(0, 0.25, 1, 0.5)),
    ("fitted", [WHOLE, 0.5], box(0.25, 0, 0.5, 1)),
    ("fitted", [CORNER, 2], box(0, 0.5, 1, 0.5)),
    ("moved", [MIDDLE, 0.1, -0.1], box(0.35, 0.15, 0.5, 0.5)),
    ("moved", [MIDDLE, 9, -9], box(0.5, 0, 0.5, 0.5)),
    ("moved", [WHOLE, 0.1, 0.1], WHOLE),
    ("resized", [MIDDLE, "se", 0.1, 0.2, None], box(0.25, 0.25, 0.6, 0.7)),
    ("resized", [MIDDLE, "nw", 0.1, 0.2, None], box(0.35, 0.45, 0.4, 0.3)),
    ("resized", [MIDDLE, "ne", 9, -9, None], box(0.25, 0, 0.75, 0.75)),
    ("resized", [MIDDLE, "se", -9, -9, None], box(0.25, 0.25, 0.08, 0.08)),
    ("resized", [MIDDLE, "se", 9, 0, 1], box(0.25, 0.25, 0.75, 0.75)),
    ("resized", [MIDDLE, "nw", -9, 0, 2], box(0, 0.375, 0.75, 0.375)),
    ("nearness", [WHOLE], 0),
    ("zoomed", [WHOLE, 1], box(0.46, 0.46, 0.08, 0.08)),
    ("zoomed", [CORNER, 0], WHOLE),
    ("zoomed", [MIDDLE, -1], WHOLE),
    ("place", [WHOLE], 0.5),
    ("place", [{"x": 0.5, "width": 0.5}], 1),
    ("placed", [0.5, 0.5], 0.25),
    (
        "pixels",
        [CORNER, PORTRAIT, 4096],
        {"part": {"x": 400, "y": 600, "width": 400, "height": 600}, "width": 400, "height": 600},
    ),
    (
        "pixels",
        [WHOLE, {"width": 8192, "height": 4096}, 4096],
        {"part": {"x": 0, "y": 0, "width": 8192, "height": 4096}, "width": 4096, "height": 2048},
    ),
)  # fmt: skip


def test_the_rules_of_a_crop(arrive: Callable[..., Visitor]) -> None:
    assert broken_rules(arrive().page, "crop_rules.js", RULES) == []


def picked(visitor: Visitor, name: str) -> Page:
    page = visitor.page
    visitor.sign_up(name, "nature", "craft", "pets")
    page.goto("/compose/")
    page.set_input_files("#pick", tilted_photo())
    page.locator(".picture-row[data-picture] input[type=text]").fill("Sun over the sea")
    return page


def open_dialog(page: Page) -> None:
    page.click("[data-crop]")
    expect(page.locator(".cropper[open] [data-frame]")).to_be_focused()


def shares(page: Page) -> list[float]:
    """x, y, width and height of the frame, in per cent of the picture."""
    read = (
        "frame => ['left', 'top', 'width', 'height'].map((side) => parseFloat(frame.style[side]))"
    )
    return [round(share, 1) for share in page.locator("[data-frame]").evaluate(read)]


def cut(page: Page) -> None:
    old = page.locator(".picture-row").get_attribute("data-picture")
    page.click(".cropper .button--act")
    expect(page.locator(f".picture-row:not([data-picture='{old}'])")).to_have_count(1)
    expect(page.locator(".picture-row[data-state=ready][data-largest]")).to_have_count(1)


def largest(page: Page) -> Any:
    address = page.locator(".picture-row").get_attribute("data-largest") or ""
    return opened(page.context.request.get(address).body())


def test_a_portrait_photo_is_cut_upright_and_keeps_its_words(
    arrive: Callable[..., Visitor],
) -> None:
    page = picked(arrive(screen=PHONE), "crop.by.slider")
    open_dialog(page)
    page.click(".cropper label:has-text('1:1')")
    assert shares(page) == [0, 16.7, 100, 66.7]
    page.locator("[data-slider=down]").fill("100")
    assert shares(page) == [0, 33.3, 100, 66.7]
    cut(page)
    made = largest(page)
    assert made.size == (800, 800)
    assert all(abs(got - sea) < 12 for got, sea in zip(made.getpixel((40, 400)), SEA, strict=True))
    assert not made.getexif()
    assert page.locator(".picture-row input[type=text]").input_value() == "Sun over the sea"
    # All of it is there for a second thought, as long as the page is open.
    open_dialog(page)
    assert shares(page) == [0, 33.3, 100, 66.7]
    page.locator(".cropper label:has-text('4:3')").click()
    page.locator(".cropper label:has-text('Free')").click()
    assert shares(page) == [0, 0, 100, 100]
    cut(page)
    assert largest(page).size == (800, 1200)


def test_the_frame_follows_keys_and_pointer_and_escape_changes_nothing(
    arrive: Callable[..., Visitor],
) -> None:
    page = picked(arrive(screen=DESKTOP), "crop.by.key")
    open_dialog(page)
    for _ in range(10):
        page.keyboard.press("Shift+ArrowLeft")
        page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("ArrowRight")
    assert shares(page) == [1, 0, 90, 90]
    stage = page.locator("[data-stage]").bounding_box()
    assert stage is not None
    page.mouse.move(stage["x"] + stage["width"] * 0.91, stage["y"] + stage["height"] * 0.9)
    page.mouse.down()
    page.mouse.move(stage["x"] + stage["width"] * 0.51, stage["y"] + stage["height"] * 0.5)
    page.mouse.up()
    assert shares(page) == pytest.approx([1, 0, 50, 50], abs=1)
    page.mouse.move(stage["x"] + stage["width"] * 0.25, stage["y"] + stage["height"] * 0.25)
    page.mouse.down()
    page.mouse.move(stage["x"] + stage["width"] * 2, stage["y"] + stage["height"] * 2)
    page.mouse.up()
    assert shares(page) == pytest.approx([50, 50, 50, 50], abs=1)
    page.keyboard.press("Escape")
    expect(page.locator(".cropper")).to_have_count(0)
    expect(page.locator("[data-crop]")).to_be_focused()


def test_a_picture_of_an_earlier_visit_is_cut_from_what_the_server_has(
    arrive: Callable[..., Visitor],
) -> None:
    page = picked(arrive(screen=PHONE), "crop.later")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    page.reload()
    expect(page.locator(".picture-row[data-state=ready][data-largest]")).to_have_count(1)
    open_dialog(page)
    page.click(".cropper label:has-text('3:4')")
    cut(page)
    assert largest(page).size == (800, 1067)
