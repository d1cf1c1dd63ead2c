"""A boost from the wallet to the refund: bought, reviewed, met by a reader, stopped, given back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import STAFF, STAFF_PASSWORD
from tests.browser.open_community import OpenCommunity
from tests.browser.test_the_feed_follows import words
from tests.browser.visitor import DESKTOP, PASSWORD, PHONE, Visitor

pytestmark = pytest.mark.browser
CHANNELS = ("cats", "music", "coffee", "hiking", "gadgets", "plants", "home-cooking", "city-walks")


def lines() -> Iterator[dict[str, object]]:
    """Others' notes of today, and an older one of the buyer that no list brings to the top."""
    for number, channel in enumerate(CHANNELS * 2):
        yield {"type": "person", "id": f"p{number}", "username": f"neighbour{number}"}
        yield {
            "type": "note", "id": f"n{number}", "author": f"p{number}", "channel": channel,
            "title": f"Seen on day {number}", "body": words(f"neighbour {number}"), "at": "-2h",
        }  # fmt: skip
    yield {"type": "person", "id": "buyer", "username": "ada.kiln"}
    yield {
        "type": "note", "id": "boosted", "author": "buyer", "channel": "pottery",
        "title": "A bowl for the winter", "body": words("winter bowl"), "at": "-300h",
    }  # fmt: skip


@pytest.fixture(scope="module")
def shore(community: OpenCommunity, tmp_path_factory: pytest.TempPathFactory) -> None:
    file: Path = tmp_path_factory.mktemp("shore") / "shore.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines()), encoding="utf-8")
    community.manage("import_community", str(file), "--strict", "--cards")
    person = "from accounts.models import User; u = User.objects.get(username='ada.kiln');"
    community.manage("shell", "-c", f"{person} u.set_password('{PASSWORD}'); u.save()")


def test_a_boost_is_bought_delivered_stopped_and_given_back(
    shore: None, arrive: Callable[..., Visitor]
) -> None:
    desk, buyer, reader = arrive(screen=DESKTOP), arrive(screen=PHONE), arrive(screen=PHONE)
    desk.log_in(STAFF, STAFF_PASSWORD)
    money_arrives(desk)
    buyer.log_in("ada.kiln")
    reader.sign_up("mo.reads", "books", "sport", "tech")
    order = buys(buyer)
    approves(desk, order)
    meets_it(reader)
    gets_the_rest_back(buyer, order)


def money_arrives(desk: Visitor) -> None:
    page = desk.page
    page.goto("/admin/wallet/account/top-up/")
    page.fill("input[name=person]", "ada.kiln")
    page.fill("input[name=amount]", "50.00")
    page.fill("input[name=remark]", "bank transfer 17")
    page.click(".desk-acts button")
    expect(page.locator(".messagelist .success")).to_be_visible()


def buys(buyer: Visitor) -> str:
    """The address of the order."""
    page = buyer.page
    page.goto("/people/ada.kiln/")
    page.locator(".card", has_text="A bowl for the winter").locator(".card__title a").click()
    page.click(".note__author details.drop summary")
    page.click("text=Boost: buy it readers")
    page.wait_for_load_state("networkidle")  # until then nothing listens to what is typed
    page.fill("#boost-impressions", "1200")
    expect(page.locator("#estimate")).to_contain_text("36.00")  # worked out while typing
    page.click("text=Look it over")
    page.click("text=Pay ¥36.00 and send to review")
    expect(page.locator(".page-head .badge")).to_have_text("Waiting for review")
    found = re.search(r"/boosts/\d+/", page.url)
    assert found is not None
    return found[0]


def approves(desk: Visitor, order: str) -> None:
    page = desk.page
    page.goto("/admin/boosts/boost/?standing=waiting")
    page.click("text=A bowl for the winter")
    page.click("button[value=approve]")
    expect(page.locator(".messagelist .success")).to_be_visible()


def meets_it(reader: Visitor) -> None:
    """The card says that it is paid, so does its receipt, so does the note behind it."""
    reader.reload_until(lambda page: page.locator(".card--paid").count() == 1)
    page = reader.page
    card = page.locator(".card--paid")
    expect(card).to_contain_text("Sponsored")
    assert page.locator(".card").first.get_attribute("data-source") != "boost"
    with page.expect_request("**/events/"):  # told once it was before one's eyes for a second
        card.scroll_into_view_if_needed()
    card.locator(".card__why").click()
    expect(page.locator("#sheet")).to_contain_text("@ada.kiln pays for this place")
    page.keyboard.press("Escape")
    card.locator(".card__title a").click()
    expect(page.locator(".note__paid")).to_contain_text("Paid for by @ada.kiln")


def gets_the_rest_back(buyer: Visitor, order: str) -> None:
    page = buyer.page
    page.goto(order)
    buyer.reload_until(lambda page: "1 of 1200 impressions" in page.content())
    page.click("text=Stop and take the rest back")
    expect(page.locator(".page-head .badge")).to_have_text("Stopped")
    page.click("text=Receipt")
    expect(page.locator("main")).to_contain_text("35.97")  # 36.00 less one view
    page.goto("/boosts/")
    expect(page.locator(".page-head .badge")).to_contain_text("49.97")
