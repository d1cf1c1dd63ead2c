"""One more reader in the demo community: authors have something to be told, staff to decide."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from tests.browser.visitor import Visitor

PASSER_BY, PASSWORD = "wei.between", "tidepool"


def liven_up(browser: Browser, address: str) -> None:
    """Follows, likes, collects, comments, writes and reports."""
    visitor = Visitor(browser, address, scripts=False)
    visitor.log_in(PASSER_BY, PASSWORD)
    for name, words in (
        ("lin.ceramics", "杯口这个弧度真好看。"),
        ("ines.runs.hills", "Which tart?"),
    ):
        react_to_newest(visitor, name, words)
        write_to(visitor, name, words)
    for words in ("The shop pays for these.", "", "Not their own pictures."):
        report_something(visitor, words)
    visitor.leave()


def react_to_newest(visitor: Visitor, author: str, words: str) -> None:
    page = visitor.page
    page.goto(f"/people/{author}/")
    press_if_open(page, ".person__acts")
    page.click(".card__title a >> nth=0")
    press_if_open(page, ".act--like")
    press_if_open(page, ".act--collect")
    page.fill("#comment-body", words)
    page.click("#comment-form button")


def write_to(visitor: Visitor, name: str, words: str) -> None:
    page = visitor.page
    page.goto(f"/messages/new/?to={name}")
    page.fill("[name=body]", words)
    page.click("main .button--act")
    page.wait_for_load_state()


def press_if_open(page: Page, where: str) -> None:
    """Press what is not pressed yet."""
    button = page.locator(f"{where}[aria-pressed=false], {where} [aria-pressed=false]")
    if button.count():
        button.first.click()


def report_something(visitor: Visitor, words: str) -> None:
    page = visitor.page
    page.goto("/hot/")
    others = page.locator(f".card:not(:has([href='/people/{visitor.name}/']))")
    note = others.nth(len(words) % 5).get_attribute("data-note")
    page.goto(f"/report/?note={note}")
    page.locator("#report-form input[type=radio]").nth(len(words) % 3).check()
    page.fill("#report-form textarea", words)
    page.click("#report-form .button--act")
    page.wait_for_load_state()
