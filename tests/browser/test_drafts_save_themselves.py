"""A draft saves itself while one writes, and two windows of it lose nothing of each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import DESKTOP, Visitor

pytestmark = pytest.mark.browser
SAVED = "Draft saved"


def write(page: Page, title: str) -> None:
    page.fill("input[name=title]", title)
    page.dispatch_event("input[name=title]", "input")


def test_two_windows_of_one_draft(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive(screen=DESKTOP)
    visitor.sign_up("ada.drafts", "nature", "craft", "pets")
    first = visitor.page
    first.goto("/compose/")
    write(first, "Begun at home")
    expect(first.locator("#saved")).to_contain_text(SAVED, timeout=10_000)
    address = first.url
    assert "/edit/" in address

    second = visitor.context.new_page()
    second.goto(address)
    expect(second.locator("input[name=title]")).to_have_value("Begun at home")
    write(second, "Went on outside")
    expect(second.locator("#saved")).to_contain_text(SAVED, timeout=10_000)

    write(first, "Went on at home")
    expect(first.locator("#overtaken")).to_be_visible(timeout=10_000)
    expect(first.locator("input[name=title]")).to_have_value("Went on at home")
    second.reload()
    expect(second.locator("input[name=title]")).to_have_value("Went on outside")

    first.click(".compose__acts button[value=save]")
    first.wait_for_load_state()
    second.reload()
    expect(second.locator("input[name=title]")).to_have_value("Went on at home")
    # The refusal itself: browsers note every answer of this kind.
    assert all("409 (Conflict)" in trouble for trouble in visitor.troubles)
    visitor.troubles.clear()


def test_what_is_as_it_was_is_not_saved_again(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive(screen=DESKTOP)
    visitor.sign_up("bea.drafts", "nature", "craft", "pets")
    page = visitor.page
    page.goto("/compose/")
    write(page, "Once")
    expect(page.locator("#saved")).to_contain_text(SAVED, timeout=10_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    write(page, "Once more")
    write(page, "Once")
    page.wait_for_timeout(4_000)
    assert [url for url in asked if url.endswith("/save/")] == []
    write(page, "Twice")
    with page.expect_response("**/save/"):
        pass
    page.click(".compose__acts button[value=save]")
    expect(page.locator("input[name=title]")).to_have_value("Twice")
    expect(page.locator("#overtaken")).to_be_hidden()
