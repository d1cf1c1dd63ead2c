"""Two covers: chosen while writing, told on the pool page, stopped by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.photos import plain_photo, tilted_photo
from tests.browser.test_every_page import CALM, LOOKS, WIDTHS, faults, sticks_out
from tests.browser.visitor import PHONE, Visitor

pytestmark = pytest.mark.browser
BODY = (
    "Two bowls of the same clay, one glazed in ash and one in salt. I fired both through the night"
    " and drew them in the morning, still warm, with the rain on the roof of the shed."
)


def test_a_second_cover_is_chosen_told_and_stopped(arrive: Callable[..., Visitor]) -> None:
    author = arrive(screen=PHONE, **CALM)
    author.sign_up("una.salt", "craft", "nature", "pets")
    page = author.page
    page.goto("/compose/")
    page.set_input_files("#pick", [tilted_photo(), plain_photo()])
    rows = page.locator(".picture-row[data-picture]")
    expect(rows).to_have_count(2)
    # A click into a picture's words removes nothing, and the first cover is no second one.
    words = rows.nth(1).locator("input[type=text]")
    words.click()
    words.fill("A bowl with a salt glaze")
    expect(rows).to_have_count(2)
    expect(rows.nth(0).locator("[name=second_cover]")).to_be_hidden()
    rows.nth(1).locator("[name=second_cover]").check()
    expect(page.locator("[data-processing]")).to_have_count(0)
    page.fill("input[name=title]", "Ash or salt")
    page.fill("textarea[name=body]", BODY)
    page.select_option("select[name=channel]", "craft")
    page.click("button[value=publish]")
    page.wait_for_url("**/notes/*/")
    page.goto(f"{page.url}pool/")
    author.reload_until(lambda shown: shown.locator("#cover-test .covers__one").count() == 2)
    assert {width: over for width in WIDTHS if (over := sticks_out(page, width))} == {}
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == [], (width, scheme)
    page.click("button[name=keep][value=second]")
    expect(page.locator("#cover-test")).to_contain_text("kept the second cover")
