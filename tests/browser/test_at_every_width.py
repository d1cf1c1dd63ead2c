"""Searching, reading, liking, commenting, following and posting: on a phone, a tablet and a wide
screen, with scripts and without any."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.open_community import OpenCommunity
from tests.browser.photos import plain_photo
from tests.browser.visitor import Screen, Visitor
from tests.browser.writing import NOTE_PAGE, Draft, publish, publish_by_form

pytestmark = pytest.mark.browser

SCREENS = (Screen(390, 844, touch=True), Screen(820, 1180, touch=True), Screen(1440, 900))
NOTE = Draft(
    title="A lighthouse that is lit by hand",
    body="Every evening somebody walks up with a match. I counted two hundred steps.",
    tags="lighthouse",
    channel="travel",
    place="North Point",
    city="Lisbon",
    latitude="38.78",
    longitude="-9.49",
    photos=[plain_photo()],
)


@pytest.fixture(scope="module")
def note(browser: Browser, community: OpenCommunity) -> int:
    """Something to find, by somebody to follow."""
    writer = Visitor(browser, community.address, scripts=False)
    writer.sign_up("ole.lamp", "travel", "art", "food")
    number = publish_by_form(writer, NOTE)
    writer.leave()
    return number


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.width)
def test_a_reader_does_what_readers_do(
    screen: Screen, scripts: bool, note: int, arrive: Callable[..., Visitor]
) -> None:
    reader = arrive(screen=screen, scripts=scripts)
    reader.sign_up(f"reader.{screen.width}{'js' if scripts else ''}", "travel", "pets", "music")
    page = reader.page
    search_and_open(reader, note)
    expect(page.locator("h1")).to_have_text(NOTE.title)
    page.click("[data-like]")
    expect(page.locator("[data-like]")).to_have_attribute("aria-pressed", "true")
    page.click(".note__author button[aria-pressed=false]")
    expect(page.locator(".note__author [aria-pressed=true]")).to_be_visible()
    comment(page, f"Two hundred and one steps, says {reader.name}.")
    write_a_note(page)


def search_and_open(reader: Visitor, note: int) -> None:
    page = reader.page
    page.goto("/search/")
    page.fill("main input[name=q]", "lighthouse match")
    page.press("main input[name=q]", "Enter")
    page.wait_for_url("**/search/?q=*")
    # The words of a note reach the index by way of the worker.
    reader.reload_until(lambda page: page.locator(f"#note-{note}").count() == 1)
    page.click(f"#note-{note} .card__title a")
    page.wait_for_url(re.compile(rf"/notes/{note}/"))
    # On a wide screen it has opened over the results; its address is its own page's.
    page.reload()


def comment(page: Page, words: str) -> None:
    page.fill("#comment-body", words)
    page.click("#comment-form button")
    expect(page.locator(".comment__body", has_text=words)).to_have_count(1)


def write_a_note(page: Page) -> None:
    page.goto("/")
    page.locator("a[href='/compose/']:visible").first.click()
    page.wait_for_url("**/compose/")
    page.fill("input[name=title]", "What I would light")
    page.fill("textarea[name=body]", "A window on the stairs, for whoever comes home last.")
    page.select_option("select[name=channel]", "travel")
    publish(page)
    assert NOTE_PAGE.search(page.url)
    expect(page.locator("h1")).to_have_text("What I would light")
