"""The part of a qualified impression that only the page can know: half of it, for a second.

No server here: the module of the feed on a bare page, with a clock that the test moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
MODULE = Path(__file__).parents[2] / "static" / "js" / "feed.js"
# Cards 300 px tall; of the third 120 px are on a screen of 720 px, of the others all or nothing.
PAGE = """<!doctype html><body data-person="7" style="margin:0">
<div data-cards><span class="batch" data-token="t"></span>
<article class="card" data-note="1" data-position="0" style="height:300px"></article>
<article class="card" data-note="2" data-position="1" style="height:300px"></article>
<article class="card" data-note="3" data-position="2" style="height:300px"></article>
<article class="card" data-note="4" data-position="3" style="height:300px"></article>
</div></body>"""
TAKE_DOWN = """window.told = []; navigator.sendBeacon = (path, body) => {
  const { token, seen } = JSON.parse(body); window.told.push([token, seen.map(s => s.note)]);
  return true; };"""


@pytest.fixture
def feed(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 400, "height": 720})
    page = context.new_page()
    page.route("https://pool.example/", lambda route: route.fulfill(
        body=PAGE, content_type="text/html"))  # fmt: skip
    page.clock.install(time=0)
    page.add_init_script(TAKE_DOWN)
    page.goto("https://pool.example/")
    page.clock.pause_at(60_000)
    page.add_script_tag(content=MODULE.read_text())
    observers_ran(page)
    yield page
    context.close()


def observers_ran(page: Page) -> None:
    """Two screenshots are two frames: what the browser watches for was told to the page."""
    for _ in range(2):
        page.screenshot()


def told(page: Page) -> list[Any]:
    """Reports so far, after what waits was told."""
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    return page.evaluate("window.told.splice(0)")


def test_a_card_counts_after_a_second_with_half_of_it_visible_and_once(feed: Page) -> None:
    feed.clock.run_for(900)
    assert told(feed) == []
    feed.clock.run_for(200)
    assert told(feed) == [["t", [1, 2]]]  # of the third two fifths were visible
    feed.clock.run_for(20_000)
    assert told(feed) == []


def test_a_card_that_leaves_within_the_second_was_not_seen(feed: Page) -> None:
    feed.clock.run_for(600)
    feed.evaluate("scrollTo(0, 480)")
    observers_ran(feed)
    feed.clock.run_for(600)
    assert told(feed) == []
    feed.clock.run_for(500)
    assert told(feed) == [["t", [3, 4]]]


def test_what_is_seen_is_told_by_itself_every_few_seconds(feed: Page) -> None:
    feed.clock.run_for(4_000)
    assert feed.evaluate("window.told") == [["t", [1, 2]]]
