"""Every page: nothing serious for axe in light and dark, no sideways scroll at any width."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.crowd import lines
from tests.browser.open_community import OpenCommunity
from tests.browser.photos import plain_photo, tilted_photo
from tests.browser.visitor import PHONE, Visitor
from tests.browser.writing import Draft, pictures_of, publish_by_form

pytestmark = pytest.mark.browser

WIDTHS, HEIGHT = (320, 390, 820, 1280), 800
# Where things stand differs by width, what they look like by scheme.
LOOKS = ((390, "light"), (390, "dark"), (1280, "light"))
GRAVE = ("serious", "critical")
# Colours that are on their way from light to dark are nobody's choice.
CALM = {"reduced_motion": "reduce"}
NOTE = Draft(
    title="Where the tide leaves its glass",
    body="Green ones are bottles, blue ones were medicine, red ones I have never found. #seaglass",
    tags="beach, finds",
    channel="nature",
    place="Low Bay",
    city="Hangzhou",
    latitude="30.27",
    longitude="120.16",
    photos=[tilted_photo(), plain_photo()],
)
MEMBERS = (
    "/", "/follow/", "/nearby/", "/hot/", "/search/", "/search/?q=the", "/search/?q=%E7%8C%AB",
    "/search/?q=crowd&tab=people", "/search/?q=w&tab=tags", "/channels/craft/", "/tags/beach/",
    "/compose/", "/drafts/", "/notifications/", "/welcome/", "/welcome/people/", "/settings/",
    "/settings/interests/", "/settings/feed/",
    "/settings/people/", "/settings/tokens/", "/settings/webhooks/", "/wallet/", "/account/email/",
    "/account/password/change/",
    "/people/bo.crowd/", "/people/rosa.finds/", "/people/rosa.finds/?shelf=liked",
    "/notes/NOTE/", "/notes/NOTE/edit/", "/notes/NOTE/pool/", "/notes/NOTE/share/",
    "/notes/NOTE/spread/", "/notes/NOTE/menu/", "/notes/NOTE/delete/", "/notes/NOTE/boost/",
    "/boosts/", "/boosts/ORDER/",
    "/boosts/ORDER/receipt/", "/notes/LONGEST/",
)  # fmt: skip
VISITORS = (
    "/", "/follow/", "/notes/NOTE/", "/account/login/", "/account/signup/",
    "/account/password/reset/",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What the tests of this file know of the community: her cookies, two notes, an order."""

    cookies: Any
    note: str
    longest: str
    order: str


@pytest.fixture(scope="module")
def rosa(
    browser: Browser, community: OpenCommunity, tmp_path_factory: pytest.TempPathFactory
) -> Known:
    """Somebody with a note of two pictures, among a crowd."""
    crowd = tmp_path_factory.mktemp("crowd") / "crowd.jsonl"
    crowd.write_text("\n".join(lines()), encoding="utf-8")
    community.manage("import_community", str(crowd), "--strict", "--cards")
    visitor = Visitor(browser, community.address, scripts=False)
    visitor.sign_up("rosa.finds", "nature", "craft", "pets")
    note = publish_by_form(visitor, NOTE)
    visitor.reload_until(lambda page: pictures_of(page).count() == 2)
    visitor.page.fill("#comment-body", "The red ones are said to be from old lamps.")
    visitor.page.click("#comment-form button")
    visitor.page.goto(f"/notes/{note}/boost/")
    visitor.page.click("text=Look it over")
    visitor.page.wait_for_url("**/boosts/*/")
    order = visitor.page.url.rstrip("/").rpartition("/")[2]
    visitor.page.goto("/people/bo.crowd/")
    longest = visitor.page.locator(".card", has_text="WWW").first.get_attribute("data-note") or ""
    known = Known(visitor.context.storage_state(), str(note), longest, order)
    visitor.leave()
    return known


@pytest.mark.parametrize("path", MEMBERS)
def test_a_page_for_members(path: str, arrive: Callable[..., Visitor], rosa: Known) -> None:
    look_at(arrive(screen=PHONE, storage_state=rosa.cookies, **CALM), path, rosa)


@pytest.mark.parametrize("path", VISITORS)
def test_a_page_for_visitors(path: str, arrive: Callable[..., Visitor], rosa: Known) -> None:
    look_at(arrive(screen=PHONE, **CALM), path, rosa)


def look_at(visitor: Visitor, path: str, known: Known) -> None:
    page = visitor.page
    address = path.replace("NOTE", known.note).replace("LONGEST", known.longest)
    answer = page.goto(address.replace("ORDER", known.order))
    assert answer is not None
    assert answer.status == 200
    assert {width: over for width in WIDTHS if (over := sticks_out(page, width))} == {}
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme)
        assert grave_faults(page) == [], (width, scheme)


def sticks_out(page: Page, width: int) -> int:
    """Pixels by which the page is wider than its window."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def grave_faults(page: Page) -> list[str]:
    """What axe finds serious or critical, each with the places where."""
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {fault['help']} at {[node['html'][:200] for node in fault['nodes']][:5]}"
        for fault in found
        if fault["impact"] in GRAVE
    ]
