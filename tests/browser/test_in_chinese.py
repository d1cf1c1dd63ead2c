"""The whole interface in Chinese, for a browser that asks for it, and the way to English."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import PHONE, Visitor

pytestmark = pytest.mark.browser

PAGES = (
    "/", "/follow/", "/nearby/", "/hot/", "/search/", "/compose/", "/notifications/", "/drafts/",
    "/welcome/", "/settings/", "/settings/interests/", "/settings/people/", "/settings/tokens/",
    "/account/email/", "/account/password/change/", "/settings/safety/", "/account/2fa/",
    "/settings/privacy/", "/settings/family/", "/settings/notifications/",
    "/settings/data/", "/keys/", "/languages/",
)  # fmt: skip
# Names, formats and keys have no Chinese.
ALLOWED = {
    *("Rockpool", "English", "API", "JPEG", "PNG", "WebP", "AVIF", "HEIC", "GIF", "Enter"),
    *("MP4", "MOV", "WebM", "UTC"),
    # Scopes, as programs spell them.
    *("read", "write", "events", "messages", "moderation"),
    # A browser and its system, other communities, what a phone asks for.
    *("Chrome", "Linux", "Instagram", "Pixelfed", "PIN"),
    *("haitang", "example", "org"),
}
# What the interface itself says: no notes, names, places, or lists of the world's time zones.
OWN_WORDS = """() => {
    const copy = document.body.cloneNode(true);
    const others = ".card, .person-row, .chip--tag, .tag-picker__offers, [href*='city='], select";
    copy.querySelectorAll(`${others}, script, noscript`).forEach((part) => part.remove());
    const labels = [...document.body.querySelectorAll("[aria-label], [placeholder], [title]")]
        .filter((part) => !part.closest(others))
        .flatMap((part) =>
            ["aria-label", "placeholder", "title"].map((name) => part.getAttribute(name)));
    return [copy.textContent, ...labels.filter(Boolean)].join(" ");
}"""


def test_somebody_from_china_never_meets_english_unasked(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive(screen=PHONE, language="zh-CN")
    page = visitor.page
    page.goto("/account/signup/")
    assert english_in(page) == set()
    visitor.sign_up("海棠", "pottery", "food", "coffee", email="haitang@example.org")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    assert page.locator(".top .tabs").inner_text().split() == ["关注", "发现", "附近", "热门"]
    found = {}
    for path in PAGES:
        page.goto(path)
        found[path] = english_in(page)
    assert {path: words for path, words in found.items() if words} == {}


def english_in(page: Page) -> set[str]:
    return set(re.findall(r"[A-Za-z]{3,}", page.evaluate(OWN_WORDS))) - ALLOWED


def test_the_language_is_changed_at_the_foot_of_the_page_and_kept(
    arrive: Callable[..., Visitor],
) -> None:
    visitor = arrive(screen=PHONE, language="zh-CN")
    page = visitor.page
    for button, lang, discover in (("English", "en", "Discover"), ("简体中文", "zh-hans", "发现")):
        page.goto("/")
        page.click(".foot [href='/languages/']")
        page.click(f"#sheet button:has-text('{button}')")
        expect(page.locator("html")).to_have_attribute("lang", lang)
        page.goto("/hot/")
        expect(page.locator(".top .tabs")).to_contain_text(discover)
