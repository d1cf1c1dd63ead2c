"""An author watches the pool page: it moves by itself, says so, and leaves their choice alone.

Where nothing happens it grows quiet; behind another tab and after the log-in ended it is silent.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.photos import plain_photo, tilted_photo
from tests.browser.visitor import PATIENCE_MS, PHONE, Visitor
from tests.browser.writing import publish, see_pictures

pytestmark = pytest.mark.browser
# How seldom an open page asks where nothing happens (static/js/pool.js).
LONGEST_MS = 60_000
BODY = (
    "Two jars thrown from one bag of clay. The first stood by the window and dried too fast, the"
    " second slept under a damp cloth for a week, and only one of them came out without a crack."
)


def test_the_number_moves_on_an_open_page(arrive: Callable[..., Visitor]) -> None:
    author, reader = arrive(screen=PHONE), arrive(screen=PHONE)
    author.sign_up("ida.jars", "craft", "pottery", "food")
    reader.sign_up("pim.looks", "pottery", "pets", "music")
    note = publish_two_jars(author)
    page, ring = author.page, author.page.locator(".ring")
    page.goto(f"/notes/{note}/pool/")
    choices = page.locator("#cover-test [name=picture]")
    author.reload_until(lambda page: ring.count() == 1 and choices.count() == 1)
    expect(ring).to_have_attribute("aria-label", re.compile("^0 of [1-9]"))
    choices.check()
    page.evaluate("window.neverLeft = true")
    card = reader.page.locator(f"#note-{note}")
    comes_upon(card, reader.page)
    with reader.page.expect_request("**/events/"):
        card.scroll_into_view_if_needed()
    patience = LONGEST_MS + PATIENCE_MS
    expect(ring).to_have_attribute("aria-label", re.compile("^1 of [1-9]"), timeout=patience)
    expect(page.locator("[role=status]")).to_have_text(re.compile("^1 of [1-9].* delivered$"))
    assert page.evaluate("window.neverLeft") is True
    expect(choices).to_be_checked()
    it_grows_quiet(page)


def comes_upon(card: Locator, page: Page) -> None:
    """Read discover as people do, until the card is there: others may have written as well, and
    what was before somebody's eyes for a second does not come back."""
    for _visit in range(16):
        page.goto("/")
        for _screen in range(12):
            if card.count():
                return
            page.mouse.wheel(0, PHONE.height // 2)
            page.wait_for_timeout(1_100)
    raise AssertionError(f"the card was not met:\n{page.inner_text('body')}")


def it_grows_quiet(page: Page) -> None:
    """On a clock of its own. Half of each pause is left as room for a busy machine."""
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if asks(request) else None)
    page.clock.install()
    page.reload()
    lets_ask(page, 5)
    for seconds in (10, 20, 40, 60, 60):
        before = len(asked)
        page.clock.run_for(seconds * 500)
        assert len(asked) == before, seconds
        lets_ask(page, seconds)
    turn(page, "hidden")
    is_silent(page, asked)
    with page.expect_response(lambda answer: asks(answer.request)):
        turn(page, "visible")
    page.context.clear_cookies()
    lets_ask(page, 10)
    is_silent(page, asked)
    assert page.url.endswith("/pool/")


def asks(request: Request) -> bool:
    return request.url.endswith("/pool/") and request.headers.get("hx-request") == "true"


def lets_ask(page: Page, seconds: int) -> None:
    with page.expect_response(lambda answer: asks(answer.request)):
        page.clock.run_for(seconds * 1000)
    # The answer is here; a moment until the page's module has read it.
    page.wait_for_timeout(200)


def is_silent(page: Page, asked: list[Request]) -> None:
    before = len(asked)
    page.clock.run_for(3 * LONGEST_MS)
    page.wait_for_timeout(200)
    assert len(asked) == before


def turn(page: Page, state: str) -> None:
    page.evaluate(
        """(state) => {
          Object.defineProperty(document, "visibilityState", { configurable: true, value: state });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )


def publish_two_jars(author: Visitor) -> int:
    page = author.page
    page.goto("/compose/")
    page.set_input_files("#pick", [tilted_photo(), plain_photo()])
    expect(page.locator(".picture-row[data-state=ready]")).to_have_count(2)
    page.fill("input[name=title]", "Two jars of one clay")
    page.fill("textarea[name=body]", BODY)
    page.select_option("select[name=channel]", "craft")
    note = publish(page)
    see_pictures(page, 2)
    return note
