"""A brand from its opening to the click: verified at the desk, linked, found, followed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import STAFF, STAFF_PASSWORD
from tests.browser.photos import plain_photo
from tests.browser.visitor import DESKTOP, PHONE, Visitor
from tests.browser.writing import publish

pytestmark = pytest.mark.browser
LABEL = "Paid partnership"
# The browser of these tests calls itself headless, and is not counted.
FIREFOX = "Mozilla/5.0 (Android 16; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


def test_a_brand_is_verified_its_product_linked_found_and_followed(
    arrive: Callable[..., Visitor], tmp_path: Path
) -> None:
    owner, desk = arrive(screen=PHONE), arrive(screen=DESKTOP)
    reader = arrive(screen=PHONE, user_agent=FIREFOX)
    owner.sign_up("nell.glass", "craft", "home", "nature")
    opens(owner.page)
    applies(owner.page, tmp_path)
    desk.log_in(STAFF, STAFF_PASSWORD)
    approves(desk.page)
    product = offers(owner)
    note = writes(owner.page)
    reader.sign_up("otis.reads", "books", "sport", "tech")
    meets(reader.page, product, note)
    follows_the_link(reader.page, product)
    owner.page.goto("/my/brands/lowbay/products/")
    expect(owner.page.locator("main")).to_contain_text("1 click to the shop")


def opens(page: Page) -> None:
    page.goto("/my/brands/new/")
    page.fill("input[name=name]", "Low Bay Glass")
    page.fill("input[name=slug]", "lowbay")
    page.fill("input[name=aliases]", "低湾玻璃, LBG")
    page.click("main form .button--act")
    page.wait_for_url("**/my/brands/lowbay/")


def applies(page: Page, folder: Path) -> None:
    licence = folder / "licence.pdf"
    licence.write_bytes(b"%PDF-1.7\nThe licence of Low Bay Glass\n%%EOF\n")
    page.click("nav >> text=Verification")
    page.set_input_files("input[name=documents]", licence)
    page.click("text=Send to staff")
    expect(page.locator("main")).to_contain_text("Waiting for staff")
    expect(page.locator("main")).to_contain_text("licence.pdf")


def approves(page: Page) -> None:
    page.goto("/admin/brands/verification/?standing=waiting")
    page.click("text=Low Bay Glass")
    with page.expect_download() as download:
        page.click("text=licence.pdf")
    assert b"Low Bay" in Path(download.value.path()).read_bytes()
    page.fill("textarea[name=reason]", "Welcome")
    page.click("button[value=approve]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator("#content")).to_contain_text("deleted")


def offers(owner: Visitor) -> str:
    """The product's number."""
    page = owner.page
    page.goto("/my/brands/lowbay/products/new/")
    page.fill("input[name=name]", "Tide lamp")
    page.fill("input[name=price]", "240")
    page.fill("input[name=link]", "http://192.168.0.1/")
    page.click("main form .button--act")
    expect(page.locator(".field__error")).to_contain_text("private network")
    page.fill("input[name=link]", "https://lowbay.example.com/lamp")
    page.fill("input[name=aliases]", "潮汐灯")
    page.click("main form .button--act")
    page.wait_for_url("**/my/products/*/")
    page.set_input_files("input[name=picture]", [plain_photo()])
    page.click("form[enctype] button")
    owner.reload_until(lambda page: page.locator(".catalogue-pictures img").count() == 1)
    owner.troubles.clear()  # the refused form was answered with 400, as it should be
    return page.url.rstrip("/").rpartition("/")[2]


def writes(page: Page) -> int:
    page.goto("/compose/")
    page.fill("input[name=title]", "The lamp that follows the tide")
    page.fill(
        "textarea[name=body]", "It dims with the moon, and I have sat under it for a week now."
    )
    page.select_option("select[name=channel]", "craft")
    page.fill("input[name=product_q]", "潮汐")
    box = page.locator(".pick", has_text="Tide lamp").locator("input")
    box.check()
    page.check("input[name=paid]")
    return publish(page)


def meets(page: Page, product: str, note: int) -> None:
    page.goto(f"/notes/{note}/")
    expect(page.locator(".note__paid")).to_contain_text(LABEL)
    card = page.locator(".product-card")
    expect(card).to_contain_text("Tide lamp")
    expect(card).to_contain_text("240.00")
    page.goto("/search/?q=我想要一盏潮汐灯")
    expect(page.locator(".named .product-card")).to_contain_text("Low Bay Glass")
    page.goto("/search/?q=low bay glass")
    expect(page.locator(".named .brand-card")).to_contain_text("Verified brand")
    page.click(".named .brand-card a")
    page.wait_for_url("**/brands/lowbay/")
    expect(page.locator(f"#note-{note} .card__label")).to_have_text(LABEL)
    page.click(".product-card h2 a")
    page.wait_for_url(f"**/products/{product}/")
    expect(page.locator(f"#note-{note}")).to_be_visible()


def follows_the_link(page: Page, product: str) -> None:
    """Nobody is there: what counts is where the browser was sent, and with what it was told."""
    link = page.locator(f"a[href='/out/products/{product}/']")
    assert set((link.get_attribute("rel") or "").split()) >= {"nofollow", "sponsored", "noopener"}
    asked: list[str] = []
    page.context.route(
        re.compile("lowbay.example.com"),
        lambda route: (asked.append(route.request.url), route.fulfill(body="The shop"))[1],
    )
    for _ in range(2):
        with page.context.expect_page() as opened:
            link.click()
        expect(opened.value.locator("body")).to_contain_text("The shop")
        opened.value.close()
    assert asked == ["https://lowbay.example.com/lamp"] * 2
