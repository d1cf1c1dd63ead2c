"""A place is chosen on a map that the community carries: its rules as a table, and a journey."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.module_rules import Rule, broken_rules
from tests.browser.visitor import DESKTOP, PHONE, Visitor
from tests.browser.writing import Draft, publish, publish_by_form

pytestmark = pytest.mark.browser

ROOM = {"width": 400, "height": 200}
WORLD = {"x": 0.5, "y": 0.5, "scale": 400}
RULES: tuple[Rule, ...] = (
    ("toWorld", [0, 0], [0.5, 0.5]),
    ("toWorld", [-180, 0], [0, 0.5]),
    ("toPlace", [0.5, 0.5], {"longitude": 0, "latitude": 0}),
    ("toPlace", [1.25, 0.5], {"longitude": -90, "latitude": 0}),
    ("settled", [{"x": 1.25, "y": 0.5, "scale": 1}, ROOM], {"x": 0.25, "y": 0.5, "scale": 400}),
    ("settled", [{"x": 0.5, "y": 0.5, "scale": 1e12}, ROOM], {"x": 0.5, "y": 0.5, "scale": 524288}),
    ("toPixel", [WORLD, ROOM, [0.75, 0.5]], {"x": 300, "y": 100}),
    ("toPixel", [{**WORLD, "x": 0.05}, ROOM, [0.95, 0.5]], {"x": 160, "y": 100}),
    ("fromPixel", [WORLD, ROOM, {"x": 300, "y": 100}], {"longitude": 90, "latitude": 0}),
    ("dragged", [WORLD, 100, 0, ROOM], {"x": 0.25, "y": 0.5, "scale": 400}),
    ("zoomed", [WORLD, 2, {"x": 400, "y": 100}, ROOM], {"x": 0.75, "y": 0.5, "scale": 800}),
    ("decimals", [{"scale": 256}], 1),
    ("decimals", [{"scale": 256 * 2**6}], 2),
    ("decimals", [{"scale": 256 * 2**11}], 4),
)
NOTE = Draft(
    title="Where the kiln stands",
    body="Up the hill behind the tea fields, past the third bend of the road. #kiln",
    tags="kiln",
    channel="craft",
    place="Tea Hill Kiln",
    city="Hangzhou",
    # Where no other journey goes: dots of neighbours would lie on each other.
    latitude="29.1236",
    longitude="118.3172",
)


def test_the_rules_of_a_map(arrive: Callable[..., Visitor]) -> None:
    assert broken_rules(arrive().page, "map_rules.js", RULES) == []


def position(page: Page) -> tuple[float, float]:
    latitude, longitude = (
        page.locator(f"input[name={name}]").input_value() for name in ("latitude", "longitude")
    )
    return float(latitude), float(longitude)


def open_map(page: Page) -> dict[str, float]:
    """Its box on the screen, when it is drawn."""
    page.goto("/compose/")
    page.click("[data-map-choice] summary")
    expect(page.locator("[data-map] .map__land")).to_have_attribute("d", re.compile("^M"))
    page.locator("[data-map]").scroll_into_view_if_needed()
    box = page.locator("[data-map]").bounding_box()
    assert box is not None
    return dict(box)


def test_a_point_is_set_by_press_and_keys_and_nobody_else_is_asked(
    arrive: Callable[..., Visitor],
) -> None:
    visitor = arrive(screen=DESKTOP)
    visitor.sign_up("maps.by.hand", "nature", "craft", "pets")
    page, asked = visitor.page, list[str]()

    def note_address(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note_address)
    page.goto("/compose/")
    assert not [address for address in asked if "world" in address]
    box = open_map(page)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    first = position(page)
    assert first == pytest.approx((25, 20), abs=3)
    expect(page.locator("[data-map] .map__point")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    north, east = position(page)
    assert north > first[0]
    assert east > first[1]
    for _ in range(5):
        page.click("[data-map] [data-zoom-by='2']")
    page.focus("[data-map]")
    page.keyboard.press("ArrowLeft")
    moved = position(page)
    assert 0 < east - moved[1] < 1
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    assert position(page) == moved, "a drag moves the map, not the point"
    page.fill("input[name=place_name]", "Somewhere dry")
    page.fill("input[name=title]", "A walk")
    page.select_option("select[name=channel]", "nature")
    publish(page)
    expect(page.locator(".note__place")).to_contain_text("Somewhere dry")
    expect(page.locator(".note__map .map__point")).to_be_visible()
    assert {address.split("/")[2] for address in asked if address.startswith("http")} == {
        visitor.address.split("/")[2]
    }


def test_a_known_place_is_chosen_by_its_dot(arrive: Callable[..., Visitor]) -> None:
    author, other = arrive(screen=PHONE, scripts=False), arrive(screen=PHONE)
    author.sign_up("maps.author", "nature", "craft", "pets")
    publish_by_form(author, NOTE)
    other.sign_up("maps.other", "nature", "craft", "pets")
    page = other.page
    open_map(page)
    page.click(".place__more summary")
    page.fill("input[name=latitude]", "29.12")
    page.fill("input[name=longitude]", "118.3")
    page.locator("input[name=longitude]").dispatch_event("change")
    dot = page.locator(".map__known", has_text=NOTE.place)
    expect(dot).to_have_count(1)
    for _ in range(3):
        page.click("[data-map] [data-zoom-by='2']")
    page.locator("[data-map]").scroll_into_view_if_needed()
    spot = dot.bounding_box()
    assert spot is not None
    page.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    expect(page.locator("input[name=place_name]")).to_have_value(NOTE.place)
    expect(page.locator("input[name=place_city]")).to_have_value(NOTE.city)
    assert position(page) == (29.1236, 118.3172)
