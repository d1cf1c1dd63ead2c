"""A stranger asks and is accepted; pictures, notes, words without reload; a block ends it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.photos import plain_photo
from tests.browser.visitor import PATIENCE_MS, PHONE, Visitor
from tests.browser.writing import Draft, publish_by_form

pytestmark = pytest.mark.browser
# How seldom an open thread asks where nothing happens (static/js/messages.js).
LONGEST_MS = 30_000
NOTE = Draft(
    title="A kiln behind the school",
    body="It is fired on the first Saturday of the month, and everybody may bring a bowl.",
    tags="kiln",
    channel="craft",
    place="School kiln",
    city="Hangzhou",
    latitude="30.27",
    longitude="120.16",
    photos=[plain_photo()],
)


def test_from_a_request_to_a_talk_and_its_end(arrive: Callable[..., Visitor]) -> None:
    asker, asked = arrive(screen=PHONE), arrive(screen=PHONE)
    asker.sign_up("ada.asks", "craft", "pottery", "food")
    asked.sign_up("ben.answers", "craft", "pottery", "pets")
    note = publish_by_form(asker, NOTE)

    hers, his = asker.page, asked.page
    hers.goto("/people/ben.answers/")
    hers.get_by_role("link", name="Message", exact=True).click()
    hers.locator("textarea[name=body]").fill("May I see your kiln?")
    hers.get_by_role("button", name="Send").click()
    expect(hers.locator(".talk__waits")).to_be_visible()
    expect(hers.locator("input[type=file]")).to_have_count(0)

    his.goto("/messages/")
    expect(his.locator("main")).to_contain_text("No messages yet")
    his.get_by_role("link", name="Requests").click()
    his.locator(".talks__row", has_text="May I see your kiln?").click()
    expect(his.locator("#composer")).to_have_count(0)
    his.get_by_role("button", name="Accept").click()
    expect(his.locator("#composer")).to_be_visible()
    his.locator("#id_body").fill("Come on Saturday")
    his.get_by_role("button", name="Send").click()
    expect(his.locator(".line--mine")).to_contain_text("Come on Saturday")
    expect(his.locator("#id_body")).to_have_value("")

    comes_by_itself(hers, "Come on Saturday")
    sends_a_picture(asker, asked, arrive())
    sends_a_note(hers, his, note)
    marks_what_is_read(hers)
    ends_it(asker, asked)


def comes_by_itself(page: Page, words: str) -> None:
    """The page of her request was never left; it learns of the answer, and then of the rest."""
    page.evaluate("window.neverLeft = true")
    line = page.locator(".line", has_text=words)
    expect(line).to_be_visible(timeout=LONGEST_MS + PATIENCE_MS)
    expect(page.locator("[data-news]")).to_contain_text(words)
    assert page.evaluate("window.neverLeft") is True


def sends_a_picture(sender: Visitor, receiver: Visitor, stranger: Visitor) -> None:
    page = sender.page
    page.reload()
    page.set_input_files("#composer input[type=file]", plain_photo())
    expect(page.locator("[data-chosen]")).to_have_text("cup.jpg")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".line__picture img")).to_be_visible(timeout=LONGEST_MS + PATIENCE_MS)
    shown = receiver.page.locator(".line__picture img")
    expect(shown).to_be_visible(timeout=LONGEST_MS + PATIENCE_MS)
    address = shown.get_attribute("src") or ""
    assert receiver.status_of(address) == 200
    assert stranger.status_of(address) == 404


def sends_a_note(sender: Page, receiver: Page, note: int) -> None:
    sender.goto(f"/notes/{note}/share/")
    sender.locator("label.chip", has_text="ben.answers").click()
    sender.locator("#send-words").fill("This is where")
    sender.get_by_role("button", name="Send", exact=True).click()
    sender.wait_for_url(re.compile(r"/messages/\d+/"))
    card = receiver.locator(".note-card", has_text=NOTE.title)
    expect(card).to_be_visible(timeout=LONGEST_MS + PATIENCE_MS)
    assert (card.get_attribute("href") or "").startswith("/s/")


def marks_what_is_read(page: Page) -> None:
    expect(page.locator(".line__read")).to_be_visible(timeout=LONGEST_MS + PATIENCE_MS)


def ends_it(sender: Visitor, receiver: Visitor) -> None:
    page = receiver.page
    page.locator(".line:not(.line--mine) .line__menu").first.click()
    page.locator("#sheet").get_by_role("button", name="Block ada.asks").click()
    page.wait_for_url("**/settings/people/")
    sender.page.locator("#id_body").fill("Are you there?")
    sender.page.get_by_role("button", name="Send").click()
    expect(sender.page.locator(".toast")).to_contain_text("cannot write")
    expect(sender.page.locator("#id_body")).to_have_value("Are you there?")
    # The browser and htmx note the refusal, as they should.
    assert sender.troubles
    assert all("403" in trouble for trouble in sender.troubles)
    sender.troubles.clear()
    sender.page.goto("/messages/?shelf=closed")
    expect(sender.page.locator(".talks__row")).to_contain_text("ben.answers")


def test_without_scripts_everything_is_said_by_forms(arrive: Callable[..., Visitor]) -> None:
    one, other = (arrive(screen=PHONE, scripts=False) for _ in range(2))
    one.sign_up("cleo.plain", "craft", "pottery", "food")
    other.sign_up("dan.plain", "craft", "pottery", "food")
    one.page.goto("/messages/new/")
    one.page.locator("input[name=to]").fill("dan.plain")
    one.page.locator("textarea[name=body]").fill("Hello by form")
    one.page.get_by_role("button", name="Send").click()
    other.page.goto("/messages/?shelf=requests")
    other.page.locator(".talks__row").click()
    other.page.get_by_role("button", name="Accept").click()
    other.page.locator("#id_body").fill("And back")
    other.page.get_by_role("button", name="Send").click()
    expect(other.page.locator(".line--mine")).to_contain_text("And back")
    one.page.reload()
    expect(one.page.locator("#lines")).to_contain_text("And back")
