"""How fast pages are in the hand, measured in the demo community: `python -m tests.browser.hand`.

Prints, for docs/performance.md: from a touch to the next frame (as "interaction to next paint" has
it) and what moved without being touched, both on a processor slowed down four times; and what it
takes a new person from the first page to their first published note. With an address, it measures
the community that runs there.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.open_community import OpenCommunity
from tests.browser.photos import tilted_photo
from tests.browser.screens import wait_for_pictures
from tests.browser.visitor import DESKTOP, PASSWORD, PHONE, Screen, Visitor, open_chromium
from tests.browser.writing import publish

SLOWED = 4
ROUNDS = 3
# Events last from the input to the frame that answers it; the browser rounds to eight ms.
OBSERVER = """
window.heard = []; window.moved = 0;
new PerformanceObserver((list) => list.getEntries().forEach((one) => {
  if (one.interactionId) heard.push(one.duration);
})).observe({ type: "event", durationThreshold: 16, buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((one) => {
  if (!one.hadRecentInput) moved += one.value;
})).observe({ type: "layout-shift", buffered: true });
"""
# Name, page, device, what is touched.
ACTS: tuple[tuple[str, str, Screen, Callable[[Page], None]], ...] = (
    ("like on a card", "/", PHONE, lambda page: page.tap(".card .heart >> nth=1")),
    ("menu of a card", "/", PHONE, lambda page: page.tap(".card__why >> nth=1")),
    (
        "open a note over its list",
        "/hot/",
        DESKTOP,
        lambda page: page.click(".card__title a >> nth=1"),
    ),
    ("like on a note", "NOTE", PHONE, lambda page: page.tap("[data-like]")),
    ("picture of a note, large", "NOTE", PHONE, lambda page: page.tap("[data-zoom] >> nth=0")),
    ("a letter in a comment", "NOTE", PHONE, lambda page: page.type("#comment-body", "a")),
    ("a letter in search", "/search/", PHONE, lambda page: page.type("main [name=q]", "c")),
)


def main(arguments: list[str]) -> None:
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="rockpool-") as folder:
        browser = open_chromium(playwright)
        if arguments:
            measure(browser, arguments[0])
            return
        community = OpenCommunity(Path(folder), demo=True)
        try:
            community.wait_until_well()
            wait_for_pictures(browser, community.address)
            measure(browser, community.address)
        finally:
            community.stop()
            community.left_behind()


def measure(browser: Browser, address: str) -> None:
    # A new person, for whom nothing was seen yet.
    cookies, told = first_note(browser, address)
    print(told)
    for screen in (PHONE, DESKTOP):
        reader = Visitor(browser, address, screen=screen, storage_state=cookies)
        reader.context.add_init_script(OBSERVER)
        page = reader.page
        session = reader.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        page.goto("/hot/")
        note = page.get_attribute(".card__title a >> nth=0", "href") or ""
        for name, where, device, touch in ACTS:
            if device is screen:
                path = where.replace("NOTE", note)
                took = [one_touch(page, path, touch) for _round in range(ROUNDS)]
                print(f"{name}: {median(took):.0f} ms (worst {max(took):.0f})")
        for path in ("/", "/hot/", note, "/search/?q=coffee"):
            print(f"moved on {path} at {screen.width} px: {moved(page, path):.4f}")
        reader.leave()


def one_touch(page: Page, path: str, touch: Callable[[Page], None]) -> float:
    """Milliseconds from a touch to the next frame; 16 where it was too short to be told."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.evaluate("heard.length = 0")
    touch(page)
    page.wait_for_timeout(600)
    return float(page.evaluate("Math.max(16, ...heard)"))


def moved(page: Page, path: str) -> float:
    """Cumulative layout shift from opening a page to its end, by the wheel."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    for _turn in range(6):
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(250)
    return float(page.evaluate("moved"))


def first_note(browser: Browser, address: str) -> tuple[Any, str]:
    """The cookies of somebody new, and what it took them from the first page to that of their first
    note: presses, letters, the machine's part.
    """
    visitor = Visitor(browser, address, screen=PHONE)
    page, presses, letters = visitor.page, 0, 0

    def press(where: str) -> None:
        nonlocal presses
        presses += 1
        page.locator(where).first.tap()

    def write(where: str, words: str) -> None:
        nonlocal presses, letters
        presses, letters = presses + 1, letters + len(words)
        page.fill(where, words)

    began = time.monotonic()
    name = f"new.{int(time.time()) % 1_000_000}"
    page.goto("/")
    press("a[href*='/account/signup/']:visible")
    write("input[name=username]", name)
    write("input[name=email]", f"{name}@example.org")
    write("input[name=password1]", PASSWORD)
    press("main form button")
    page.wait_for_url("**/welcome/")
    for place in range(3):
        press(f".tile >> nth={place}")
    press(".welcome__acts button")
    page.wait_for_url("**/welcome/people/")
    press(".welcome__acts .button--act")
    page.wait_for_url(f"{address}/")
    press("a[href='/compose/']:visible")
    page.wait_for_url("**/compose/")
    presses += 2  # the picker of the phone: open it, choose a picture
    page.set_input_files("#pick", tilted_photo())
    write("input[name=title]", "First light over the bay")
    write("textarea[name=body]", "Nobody was there but the gulls and me. #morning")
    page.select_option("select[name=channel]", "travel")
    presses += 3  # the list, its entry, and "publish"
    publish(page)
    took = time.monotonic() - began
    cookies = visitor.context.storage_state()
    visitor.leave()
    return cookies, f"first note: {presses} presses, {letters} letters, {took:.1f} s of the machine"


if __name__ == "__main__":
    main(sys.argv[1:])
