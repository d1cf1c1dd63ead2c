"""On a wide screen a note opens over its feed and leaves it where it was."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.open_community import OpenCommunity
from tests.browser.visitor import DESKTOP, PHONE, Visitor

pytestmark = pytest.mark.browser
TITLE = "A note over the feed"
AUTHOR = "uma.over"


@pytest.fixture(scope="module")
def note(browser: Browser, community: OpenCommunity) -> str:
    """The path of a note that its author just published."""
    writer = Visitor(browser, community.address, screen=DESKTOP)
    writer.sign_up(AUTHOR, "nature", "craft", "pets")
    page = writer.page
    page.goto("/compose/")
    page.fill("input[name=title]", TITLE)
    page.fill("textarea[name=body]", "Said once #overtide")
    page.fill("input[name=tags]", "aside")
    page.select_option("select[name=channel]", index=1)
    page.click(".compose__acts button[value=publish]")
    page.wait_for_url(re.compile(r"/notes/\d+/$"))
    # What the text links already is not repeated below it.
    expect(page.locator(".note__side .chip--tag")).to_have_text(["#aside"])
    path = page.url.removeprefix(writer.address)
    assert writer.troubles == []
    writer.leave()
    return path


def test_a_note_over_its_feed(arrive: Callable[..., Visitor], note: str) -> None:
    reader = arrive(screen=DESKTOP)
    reader.sign_up("vik.over", "nature", "craft", "pets")
    page = reader.page
    page.goto(f"/people/{AUTHOR}/")
    feed = page.url
    card = page.locator(".card__title a", has_text=TITLE).first
    over = page.locator("dialog.over")

    card.click()
    expect(over.get_by_role("heading", name=TITLE)).to_be_visible()
    assert page.url.endswith(note)
    assert TITLE in page.title()
    over.locator("[data-like]").first.click()
    expect(over.locator("[data-like]").first).to_have_attribute("aria-pressed", "true")
    over.locator("#comment-body").fill("Seen over the feed")
    over.get_by_role("button", name="Send").click()
    expect(over.locator("#comments")).to_contain_text("Seen over the feed")
    # A link to a part of the note scrolls, and is no way out of it.
    over.locator("a[href='#comments']").first.click()
    page.wait_for_timeout(300)
    expect(over).to_be_visible()
    page.go_back()
    expect(over).to_have_count(0)
    assert page.url == feed

    # Escape does the same, and the focus is back on the card.
    card.press("Enter")
    expect(over).to_be_visible()
    page.keyboard.press("Escape")
    expect(over).to_have_count(0)
    expect(card).to_be_focused()
    assert page.url == feed

    # Its address is a page of its own.
    card.click()
    expect(over).to_be_visible()
    page.reload()
    expect(page.locator("main").get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.locator("#comments")).to_contain_text("Seen over the feed")


def test_a_narrow_screen_goes_to_the_page(arrive: Callable[..., Visitor], note: str) -> None:
    reader = arrive(screen=PHONE)
    reader.sign_up("wyn.over", "nature", "craft", "pets")
    reader.page.goto(f"/people/{AUTHOR}/")
    reader.page.locator(".card__title a", has_text=TITLE).first.click()
    reader.page.wait_for_url(f"**{note}*")
    expect(reader.page.locator("dialog.over")).to_have_count(0)
