"""A verified brand calls for notes, staff agree, a reader joins while writing, and wins."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import STAFF, STAFF_PASSWORD
from tests.browser.open_community import OpenCommunity
from tests.browser.photos import plain_photo
from tests.browser.visitor import DESKTOP, PHONE, Visitor
from tests.browser.writing import publish

pytestmark = pytest.mark.browser
TITLE = "Tea from your own cup"
BODY = (
    "Mine is chipped since I carried it home from the market in a bag of onions, and I would not"
    " give it away: the glaze runs like rain on a window where my thumb rests."
)
VERIFIED = (
    "from datetime import timedelta; from django.utils import timezone;"
    " from community.brands.models import Brand;"
    " Brand.objects.filter(slug='cup.mo').update("
    "verified_until=timezone.now() + timedelta(days=9))"
)
OVER = (
    "from django.utils import timezone; from feeds.campaigns.models import Campaign;"
    " from feeds.campaigns.services import advance; now = timezone.now();"
    " Campaign.objects.filter(tags__name='mos cup').update(ends_at=now); advance(now=now)"
)


def test_from_the_call_to_the_prize(
    arrive: Callable[..., Visitor], community: OpenCommunity
) -> None:
    brand, desk, writer = arrive(screen=DESKTOP), arrive(screen=DESKTOP), arrive(screen=PHONE)
    brand.sign_up("cup.owner", "food", "home", "craft")
    run = calls(brand.page, community)
    desk.log_in(STAFF, STAFF_PASSWORD)
    approves(desk.page)
    writer.sign_up("cleo.cups", "food", "craft", "pets")
    note = joins(writer.page)
    writer.page.goto("/hot/")
    writer.page.get_by_role("link", name=TITLE).click()
    writer.page.get_by_role("link", name="Newest").click()
    expect(writer.page.locator(f"#note-{note}")).to_be_visible()
    community.manage("shell", "-c", OVER)
    awards(brand.page, run)
    writer.page.goto("/notifications/")
    told = writer.page.locator("li", has_text="You won “A kettle”")
    told.locator(".notices__open").click()
    expect(writer.page.locator("main")).to_contain_text("Who won")
    brand.page.goto(f"{run}report/")
    expect(brand.page.locator(".tiles")).to_contain_text("Authors")


def calls(page: Page, community: OpenCommunity) -> str:
    """Open a brand and ask for a campaign; the address from which it is run."""
    page.goto("/my/brands/new/")
    page.fill("input[name=name]", "Mo's Cups")
    page.fill("input[name=slug]", "cup.mo")
    page.locator("main form button.button--act").first.click()
    page.wait_for_url("**/my/brands/cup.mo/")
    community.manage("shell", "-c", VERIFIED)
    page.goto("/my/brands/cup.mo/")
    page.get_by_role("link", name="Campaigns").click()
    page.fill("input[name=title]", TITLE)
    page.fill("textarea[name=about]", "Show the cup you drink from, and say how it came to you.")
    page.fill("input[name=tags]", "mos cup")
    now = datetime.now()
    page.fill("input[name=starts_at]", f"{now - timedelta(days=1):%Y-%m-%dT%H:%M}")
    page.fill("input[name=ends_at]", f"{now + timedelta(days=6):%Y-%m-%dT%H:%M}")
    page.fill("textarea[name=prizes]", "A kettle\n3 × A pound of tea")
    page.get_by_role("button", name="Save the draft").click()
    page.wait_for_url(re.compile(r"/my/campaigns/\d+/$"))
    run = page.url
    page.set_input_files("input[name=picture]", [plain_photo()])
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="Ask staff to approve it").click()
    expect(page.locator("main")).to_contain_text("Waits for staff")
    return run


def approves(page: Page) -> None:
    page.goto("/admin/campaigns/campaign/?state__exact=submitted")
    page.click(f"text={TITLE}")
    page.click("button[value=approve]")
    expect(page.locator(".messagelist .success")).to_be_visible()


def joins(page: Page) -> int:
    page.goto("/compose/")
    page.locator("[data-adds-tag]", has_text=TITLE).click()
    expect(page.locator("[data-chosen]")).to_contain_text("mos cup")
    page.set_input_files("#pick", [plain_photo()])
    expect(page.locator(".picture-row[data-state=ready]")).to_have_count(1)
    page.fill("input[name=title]", "The chipped one")
    page.fill("textarea[name=body]", BODY)
    page.select_option("select[name=channel]", "craft")
    return publish(page)


def awards(page: Page, run: str) -> None:
    page.goto(run)
    page.locator("#winner").select_option(index=0)
    page.get_by_role("button", name="Give the prize").click()
    expect(page.locator("main")).to_contain_text("@cleo.cups")
