"""A rule through its life: tried, shadowed, live, a note held and mended, rolled back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import STAFF, STAFF_PASSWORD
from tests.browser.visitor import DESKTOP, PHONE, Visitor
from tests.browser.writing import publish

pytestmark = pytest.mark.browser


def test_a_rule_is_tried_shadowed_put_live_and_rolled_back(arrive: Callable[..., Visitor]) -> None:
    writer, desk = arrive(screen=PHONE), arrive(screen=DESKTOP)
    writer.sign_up("ruth.writes", "craft", "home", "nature")
    before = writes(writer.page, "Moonwort tea, first flush")
    desk.log_in(STAFF, STAFF_PASSWORD)
    writes_a_rule(desk)
    tries_it(desk)
    does(desk.page, "shadow")
    shadowed = writes(writer.page, "Moonwort tea, second flush")
    is_shown(desk.page, shadowed)
    expect(desk.page.locator("main")).to_contain_text("second flush")
    desk.page.go_back()
    desk.page.reload()
    expect(desk.page.locator(".rule-hits").last).to_contain_text("counted only")
    does(desk.page, "live")
    held = writes(writer.page, "M o o n w o r t tea, third flush")
    expect(writer.page.locator(".notice--bad")).to_contain_text("M o o n w o r t")
    expect(writer.page.locator(".notice--bad")).to_contain_text("Change them and save")
    is_gone(desk.page, held)
    mends(writer.page, held)
    is_shown(desk.page, held)
    again = writes(writer.page, "m00nwort tea, fourth flush")
    is_gone(desk.page, again)
    rolls_back(desk)
    writer.page.goto(f"/notes/{again}/")
    writer.reload_until(lambda page: page.locator(".notice--bad").count() == 0)
    for note in (before, shadowed, again):
        is_shown(desk.page, note)
    writer.page.goto("/notifications/")
    expect(writer.page.locator("main")).to_contain_text("Moonwort is a fern")


def writes(page: Page, title: str) -> int:
    page.goto("/compose/")
    page.fill("input[name=title]", title)
    page.fill("textarea[name=body]", "I dried it for a week in the shade and drank it at low tide.")
    page.select_option("select[name=channel]", "craft")
    return publish(page)


def writes_a_rule(desk: Visitor) -> None:
    page = desk.page
    page.goto("/admin/rules/rule/")
    page.click(".desk-acts >> text=Words")
    page.fill("input[name=name]", "No moonwort")
    page.fill("textarea[name=words]", "moonwort\n!!!")
    page.click("text=Write it down")
    expect(page.locator(".errorlist")).to_contain_text("Line 2: no letter in it")
    desk.troubles.clear()  # the refused form was answered with 400, as it should be
    page.fill("textarea[name=words]", "moonwort")
    page.click("text=Write it down")
    expect(page.locator("[data-state=draft]")).to_be_visible()


def tries_it(desk: Visitor) -> None:
    does(desk.page, "try")
    desk.reload_until(lambda page: page.locator(".rule-figures").count() == 1)
    expect(desk.page.locator(".rule-figures")).to_contain_text("hits in")
    expect(desk.page.locator(".rule-hits mark").first).to_have_text("Moonwort")


def does(page: Page, step: str) -> None:
    page.click(f"button[value={step}]")
    expect(page.locator(".messagelist .success")).to_be_visible()


def mends(page: Page, note: int) -> None:
    page.goto(f"/notes/{note}/edit/")
    page.fill("input[name=title]", "A tea of ferns, third flush")
    page.click("main form .button--act")
    page.wait_for_url(f"**/notes/{note}/")
    expect(page.locator(".notice--bad")).to_have_count(0)


def rolls_back(desk: Visitor) -> None:
    page = desk.page
    page.goto("/admin/rules/rule/")
    page.click("text=No moonwort")
    page.fill("input[name=why]", "Moonwort is a fern")
    does(page, "roll_back")
    expect(page.locator("[data-state=rolled_back]")).to_be_visible()


def is_shown(page: Page, note: int) -> None:
    """To somebody who is not its author."""
    answer = page.goto(f"/notes/{note}/")
    assert answer is not None
    assert answer.status == 200


def is_gone(page: Page, note: int) -> None:
    answer = page.request.get(f"/notes/{note}/")
    assert answer.status == 404
