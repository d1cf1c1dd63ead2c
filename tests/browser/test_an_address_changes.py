"""Another address, confirmed from the new mailbox; undone from the old one by who was robbed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.letters import link_in_mail
from tests.browser.open_community import OpenCommunity
from tests.browser.test_every_page import CALM, LOOKS, WIDTHS, faults, sticks_out
from tests.browser.visitor import PASSWORD, Visitor

pytestmark = pytest.mark.browser
OLD, NEW = "wren.writes@example.org", "wren@elsewhere.example"
ANOTHER_PASSWORD = "another-tide-42"


def looks_well(page: Page) -> None:
    assert {width: over for width in WIDTHS if (over := sticks_out(page, width))} == {}
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == [], (page.url, width, scheme)


def test_an_address_changes_and_comes_back(
    arrive: Callable[..., Visitor], community: OpenCommunity
) -> None:
    owner = arrive(**CALM)
    page = owner.page
    owner.sign_up("wren.writes", "nature", "craft", "pets")
    page.goto(link_in_mail(community, OLD, r"/account/confirm-email/\S+"))
    page.click("main form .button--act")

    # Somebody at the same browser, or with the password.
    page.goto("/account/email/")
    page.fill("input[name=email]", NEW)
    page.click("text=Write to the new address")
    page.wait_for_url("**/account/reauthenticate/**")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form .button--act")
    expect(page.locator(".messages")).to_contain_text("We wrote to the new address.")
    expect(page.locator("main")).to_contain_text("Waiting for the new address")
    looks_well(page)
    early = link_in_mail(community, OLD, r"/account/email/undo/\S+")
    page.goto(link_in_mail(community, NEW, r"/account/email/confirm/\S+"))
    looks_well(page)
    page.click("main form .button--act")
    expect(page.locator(".messages")).to_contain_text("This is your address now.")
    expect(page.locator("main")).to_contain_text(NEW)

    # Who reads the old mailbox is signed in nowhere.
    robbed = arrive(**CALM)
    undo = robbed.page
    undo.goto(early)
    expect(undo.locator("main")).to_contain_text(OLD)
    looks_well(undo)
    undo.click("main form .button--act")
    undo.wait_for_url("**/account/password/reset/key/**")
    expect(undo.locator(".messages")).to_contain_text("Your address is back")
    for field in ("password1", "password2"):
        undo.fill(f"input[name={field}]", ANOTHER_PASSWORD)
    undo.click("main form .button--act")
    page.goto("/settings/")
    page.wait_for_url(re.compile(r"/account/login/"))
    robbed.log_in("wren.writes", ANOTHER_PASSWORD)
    undo.goto("/account/email/")
    expect(undo.locator("main")).to_contain_text(OLD)


def test_a_link_that_is_over_says_so(arrive: Callable[..., Visitor]) -> None:
    stranger = arrive(**CALM)
    assert stranger.status_of("/account/email/undo/MQ:1abcde:none/") == 410
    stranger.page.goto("/account/email/undo/MQ:1abcde:none/")
    expect(stranger.page.locator("main")).to_contain_text("This link no longer works")
    looks_well(stranger.page)
    # A browser says on its console that a page was answered with 410.
    stranger.troubles.clear()
