"""A list that is slow shows outlines of what comes; a page on paper is words and pictures."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import STAFF, STAFF_PASSWORD
from tests.browser.visitor import PHONE, Visitor

pytestmark = pytest.mark.browser

MORE = "#cards [data-theme=light] .more"
SHOWN_SINCE = """() => {
  const more = document.querySelector("#cards [data-theme=light] .more");
  window.seen = [];
  new MutationObserver(() => window.seen.push(more.classList.contains("is-slow")))
    .observe(more, { attributeFilter: ["class"] });
}"""


def seen_while(page: Page, *, answer_after: float) -> list[bool]:
    """Whether outlines were shown, each time that changed, while more notes were asked for."""

    def answer(route: Route) -> None:
        time.sleep(answer_after)
        route.fulfill(status=204)

    page.route("**/styleguide/**", answer)
    page.evaluate("window.seen = []")
    with page.expect_response("**/styleguide/**"):
        page.click(f"{MORE} .button")
    page.wait_for_timeout(500)
    page.unroute("**/styleguide/**")
    return list(page.evaluate("window.seen"))


def test_outlines_come_after_a_blink_and_go_with_the_answer(
    arrive: Callable[..., Visitor],
) -> None:
    visitor = arrive(screen=PHONE)
    visitor.log_in(STAFF, STAFF_PASSWORD)
    page = visitor.page
    page.goto("/styleguide/")
    page.evaluate(SHOWN_SINCE)
    assert seen_while(page, answer_after=1.0) == [True, False]
    assert True not in seen_while(page, answer_after=0)


def test_whoever_wants_less_motion_sees_no_gleam(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive(screen=PHONE, reduced_motion="reduce")
    visitor.log_in(STAFF, STAFF_PASSWORD)
    visitor.page.goto("/styleguide/")
    outline = visitor.page.locator("#waiting .skeletons i").first
    assert outline.evaluate("element => getComputedStyle(element).animationName") == "none"


def test_a_page_on_paper_is_dark_on_white_without_ways_around(
    arrive: Callable[..., Visitor],
) -> None:
    visitor = arrive(screen=PHONE, scheme="dark")
    page = visitor.page
    page.goto("/hot/")
    page.emulate_media(media="print")
    for part in (".top", ".dock", ".foot"):
        assert page.locator(part).first.is_hidden(), part
    ground, ink = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert (ground, ink) == ("rgb(255, 255, 255)", "rgb(18, 38, 43)")


def test_the_foot_stays_out_of_sight_while_a_list_goes_on_by_itself(
    arrive: Callable[..., Visitor],
) -> None:
    """Who scrolls faster than cards come would see it pushed down at every turn."""
    page = arrive(screen=PHONE).page
    page.goto("/")
    room = page.evaluate("""() => {
      const feed = document.querySelector(".feed"), ends = feed.lastElementChild;
      feed.insertAdjacentHTML("beforeend", '<span class="more__ahead"></span>');
      const foot = document.querySelector(".foot").getBoundingClientRect();
      return foot.top - ends.getBoundingClientRect().bottom;
    }""")
    assert room >= PHONE.height
