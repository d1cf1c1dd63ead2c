"""A report becomes a case, a decision, an appeal, and all is as before; two moderators at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import STAFF, STAFF_PASSWORD
from tests.browser.open_community import OpenCommunity
from tests.browser.photos import plain_photo
from tests.browser.visitor import DESKTOP, PHONE, Visitor
from tests.browser.writing import Draft, publish_by_form

pytestmark = pytest.mark.browser
SECOND = "second.warden"
QUEUE = "/admin/moderation/case/"
NOTE = Draft(
    title="Glass floats from the old harbour",
    body="Green ones held nets, brown ones were beer bottles first. I found nine since spring.",
    tags="glass, harbour",
    channel="nature",
    place="Old Harbour",
    city="Hangzhou",
    latitude="30.27",
    longitude="120.16",
    photos=[plain_photo()],
)


@pytest.fixture(scope="module")
def second_warden(community: OpenCommunity) -> str:
    community.open_staff_account(SECOND, STAFF_PASSWORD)
    return SECOND


def test_from_a_report_to_an_overturned_decision(
    arrive: Callable[..., Visitor], second_warden: str
) -> None:
    author, reader = arrive(), arrive(screen=PHONE)
    author.sign_up("fay.floats", "nature", "craft", "pets")
    reader.sign_up("rex.reads", "nature", "food", "pets")
    note = publish_by_form(author, NOTE)
    reports(reader.page, note)

    desk = warden(arrive, STAFF).page
    case = desk.locator("[data-case]", has_text=NOTE.title)
    expect(case.locator("b").first).to_be_visible()
    come_to(desk, case)
    keys = press(desk, "h", "Enter", waits_for="[data-confirm]")
    assert keys == 2
    desk.wait_for_url(f"**{QUEUE}")
    expect(desk.locator("[data-case]", has_text=NOTE.title)).to_have_count(0)

    assert reader.status_of(f"/notes/{note}/") == 404
    reader.page.goto("/notifications/")
    expect(reader.page.locator("main")).to_contain_text("Staff looked at what you reported")

    mine = author.page
    mine.goto(f"/notes/{note}/")
    mine.get_by_role("link", name="The rule, until when, and how to appeal").click()
    expect(mine.locator("main")).to_contain_text("No spam")
    mine.get_by_label("Why is it wrong?").fill("These are my own finds, and nothing is for sale.")
    mine.get_by_role("button", name="Send the appeal").click()
    expect(mine.locator("main")).to_contain_text("Waiting for a second reviewer")

    desk.goto("/admin/moderation/appeal/?state__exact=open")
    desk.locator("#result_list tbody a").first.click()
    expect(desk.locator("#content")).to_contain_text("somebody else reviews it")
    second = warden(arrive, second_warden).page
    second.goto("/admin/moderation/appeal/?state__exact=open")
    second.locator("#result_list tbody a").first.click()
    second.get_by_label("Answer to the author").fill("Nothing is sold here.")
    second.get_by_role("button", name="Overturn it").click()
    expect(second.locator(".messagelist")).to_contain_text("The author is told")

    assert reader.status_of(f"/notes/{note}/") == 200
    reader.page.goto("/reports/")
    expect(reader.page.locator("main")).to_contain_text("found no breach of a rule")
    mine.goto("/notifications/")
    expect(mine.locator("main")).to_contain_text("Nothing is sold here.")
    mine.goto(f"/notes/{note}/pool/")
    expect(mine.locator("main")).to_contain_text("are given back")
    mine.goto("/moderation-log/")
    expect(mine.locator("main")).to_contain_text("Overturned on appeal")


def test_two_moderators_do_not_decide_at_once(
    arrive: Callable[..., Visitor], second_warden: str
) -> None:
    author, reader = arrive(), arrive()
    author.sign_up("una.floats", "nature", "craft", "pets")
    reader.sign_up("ria.reads", "nature", "food", "pets")
    other = replace(NOTE, title="Rope ends", body="Three strands, tarred, and older than I am.")
    note = publish_by_form(author, other)
    reports(reader.page, note)
    late = warden(arrive, second_warden)
    first, second = warden(arrive, STAFF).page, late.page
    for page in (first, second):
        come_to(page, page.locator("[data-case]", has_text="una.floats"))
    press(first, "h", waits_for="[data-confirm]")
    with second.expect_response("**/take/"):
        second.keyboard.press("n")
    alert = second.locator("[data-case] [role=alert]")
    expect(alert).to_contain_text(f"{STAFF} has this case in hand")
    late.troubles.clear()  # the browser itself complains of the 409 that is shown
    first.keyboard.press("h")  # the same letter confirms, too
    expect(first.locator("[data-case]", has_text="una.floats")).to_have_count(0)
    second.goto(QUEUE)
    expect(second.locator("[data-case]", has_text="una.floats")).to_have_count(0)


def reports(page: Page, note: int) -> None:
    page.goto(f"/report/?note={note}")
    page.get_by_label("Spam or advertising").check()
    page.get_by_role("button", name="Send the report").click()
    expect(page.locator("main")).to_contain_text("Staff will look at it")


def warden(arrive: Callable[..., Visitor], name: str) -> Visitor:
    visitor = arrive(screen=DESKTOP)
    visitor.log_in(name, STAFF_PASSWORD)
    visitor.page.goto(QUEUE)
    return visitor


def come_to(page: Page, case: Locator) -> None:
    """Make it the case at hand, as j does, however many wait before it."""
    wanted = case.get_attribute("data-case")
    for _ in range(20):
        here = page.locator("[data-case].is-here").get_attribute("data-case")
        if here == wanted:
            return
        page.keyboard.press("j")
    raise AssertionError("the case is not in the queue")


def press(page: Page, *keys: str, waits_for: str) -> int:
    """Press keys one after the other, each when the page is ready for it; how many."""
    for number, key in enumerate(keys):
        if number:
            expect(page.locator(waits_for)).to_be_focused()
        page.keyboard.press(key)
    if len(keys) == 1:
        expect(page.locator(waits_for)).to_be_focused()
    return len(keys)
