"""Every page: nothing that axe finds, in light and dark, screens in both languages; no sideways
scroll at any width."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.crowd import lines
from tests.browser.open_community import OpenCommunity
from tests.browser.photos import plain_photo, tilted_photo
from tests.browser.visitor import PHONE, Visitor
from tests.browser.writing import Draft, pictures_of, publish, publish_by_form
from tests.videos.conftest import make

pytestmark = pytest.mark.browser

WIDTHS, HEIGHT = (320, 390, 820, 1280), 800
# Where things stand differs by width, what they look like by scheme.
LOOKS = ((390, "light"), (390, "dark"), (1280, "light"))
# In the other language only what words and their widths can change: each page once a scheme.
LOOKS_IN_CHINESE = ((1280, "light"), (390, "dark"))
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
    "/reports/", "/decisions/", "/report/?note=LONGEST", "/moderation-log/",
    "/moderation-log/figures/",
    "/", "/follow/", "/nearby/", "/hot/", "/search/", "/search/?q=the", "/search/?q=%E7%8C%AB",
    "/search/?q=crowd&tab=people", "/search/?q=w&tab=tags", "/search/?q=celadon&tab=products",
    "/channels/craft/", "/tags/beach/",
    "/compose/", "/drafts/", "/notifications/", "/welcome/", "/welcome/people/", "/settings/",
    "/settings/interests/", "/settings/feed/", "/settings/notifications/",
    "/settings/people/", "/settings/tokens/", "/settings/webhooks/", "/wallet/", "/account/email/",
    "/account/password/change/", "/settings/safety/", "/settings/privacy/", "/settings/family/",
    "/settings/safety/password/", "/settings/invitations/",
    "/account/2fa/", "/account/2fa/webauthn/",
    "/settings/data/", "/settings/data/bring/",
    "/settings/programs/", "/settings/programs/new/",
    "/people/bo.crowd/", "/people/rosa.finds/", "/people/rosa.finds/?shelf=liked",
    "/notes/NOTE/", "/notes/NOTE/edit/", "/notes/NOTE/pool/", "/notes/NOTE/share/",
    "/notes/NOTE/spread/", "/notes/NOTE/menu/", "/notes/NOTE/delete/", "/notes/NOTE/boost/",
    "/creators/", "/creators/me/", "/collaborations/", "/campaigns/",
    "/my/brands/tidalkiln/campaigns/",
    "/studio/", "/notes/NOTE/insights/", "/boosts/", "/boosts/ORDER/",
    "/my/brands/", "/my/brands/new/", "/my/brands/tidalkiln/",
    "/my/brands/tidalkiln/products/", "/my/brands/tidalkiln/products/new/",
    "/my/brands/tidalkiln/import/", "/my/brands/tidalkiln/team/",
    "/my/brands/tidalkiln/verification/", "/my/products/PRODUCT/", "/my/products/PRODUCT/clicks/",
    "/brands/tidalkiln/",
    "/products/PRODUCT/", "/search/?q=celadon", "/notes/LINKING/", "/notes/LINKING/edit/",
    "/boosts/ORDER/receipt/", "/notes/LONGEST/", "/notes/FILM/", "/notes/FILM/edit/",
    "/notes/NOTE/history/", "/notes/NOTE/albums/",
    "/people/rosa.finds/?shelf=albums", "/albums/new/", "/albums/ALBUM/", "/albums/ALBUM/arrange/",
    "/places/PLACE/",
    "/messages/", "/messages/?shelf=requests", "/messages/?shelf=closed", "/messages/new/",
    "/messages/TALK/", "/messages/TALK/about/", "/messages/line/LINE/", "/settings/messages/",
    "/albums/ALBUM/members/", "/albums/ALBUM/edit/", "/albums/ALBUM/delete/",
)  # fmt: skip
VISITORS = (
    "/", "/follow/", "/notes/NOTE/", "/brands/tidalkiln/", "/products/PRODUCT/",
    "/moderation-log/", "/moderation-log/figures/",
    "/account/login/", "/account/signup/",
    "/account/password/reset/",
)  # fmt: skip
IN_CHINESE = (
    "/", "/follow/", "/nearby/", "/hot/", "/search/", "/search/?q=the", "/search/?q=%E7%8C%AB",
    "/search/?q=crowd&tab=people", "/search/?q=w&tab=tags", "/channels/craft/", "/tags/beach/",
    "/compose/", "/drafts/", "/notifications/", "/welcome/", "/welcome/people/", "/settings/",
    "/settings/interests/", "/settings/feed/", "/settings/notifications/", "/wallet/",
    "/people/rosa.finds/", "/notes/NOTE/", "/notes/NOTE/edit/", "/notes/NOTE/pool/",
    "/notes/NOTE/insights/", "/studio/", "/messages/", "/messages/TALK/", "/albums/ALBUM/",
    "/products/PRODUCT/", "/notes/FILM/", "/report/?note=LONGEST", "/keys/",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What the tests of this file know of the community: her cookies, notes, an order, a product
    of her brand and the note that links it, and a note with a video."""

    cookies: Any
    note: str
    longest: str
    order: str
    product: str
    linking: str
    film: str
    album: str
    talk: str
    line: str
    place: str


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
    place = (visitor.page.get_attribute(".note__place", "href") or "").split("/")[2]
    visitor.page.fill("#comment-body", "The red ones are said to be from old lamps.")
    visitor.page.click("#comment-form button")
    visitor.page.goto(f"/notes/{note}/boost/")
    visitor.page.click("text=Look it over")
    visitor.page.wait_for_url("**/boosts/*/")
    order = visitor.page.url.rstrip("/").rpartition("/")[2]
    visitor.page.goto("/people/bo.crowd/")
    longest = visitor.page.locator(".card", has_text="WWW").first.get_attribute("data-note") or ""
    product, linking = offer_and_link(visitor)
    film = publish_a_film(visitor, tmp_path_factory.mktemp("film"))
    album = gather(visitor, note)
    talk, line = write_to_bo(visitor)
    cookies = visitor.context.storage_state()
    rest = (longest, order, product, linking, film, album, talk, line, place)
    known = Known(cookies, str(note), *rest)
    visitor.leave()
    return known


def publish_a_film(visitor: Visitor, folder: Path) -> str:
    """By the form alone; ready when this returns."""
    page, source = visitor.page, "testsrc2=size=640x360:rate=10:duration=2"
    clip = make(folder / "tide.mp4", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p")
    page.goto("/compose/")
    page.fill("input[name=title]", "The tide comes in")
    page.select_option("select[name=channel]", "nature")
    page.set_input_files("#pick-video", clip)
    note = publish(page)
    visitor.reload_until(lambda page: page.locator("video[poster]").count() == 1, tries=200)
    return str(note)


def write_to_bo(visitor: Visitor) -> tuple[str, str]:
    """A conversation with somebody of the crowd, and a message in it; their numbers."""
    page = visitor.page
    page.goto("/messages/new/?to=bo.crowd")
    page.fill("textarea[name=body]", "Where do you find the red ones?")
    page.click("main form .button--act")
    page.wait_for_url(re.compile(r"/messages/\d+/$"))
    line = page.locator("[data-line]").last.get_attribute("data-line")
    return page.url.rstrip("/").rpartition("/")[2], line or ""


def gather(visitor: Visitor, note: int) -> str:
    """An album with this note in it; its number."""
    page = visitor.page
    page.goto(f"/albums/new/?note={note}")
    page.fill("input[name=title]", "Glass of the low bay")
    page.click("main form .button--act")
    page.wait_for_url(re.compile(r"/albums/\d+/$"))
    return page.url.rstrip("/").rpartition("/")[2]


def offer_and_link(visitor: Visitor) -> tuple[str, str]:
    """A brand with one product, and a note of its owner that links it and says so."""
    page = visitor.page
    page.goto("/my/brands/new/")
    page.fill("input[name=name]", "Tidal Kiln 潮汐窑")
    page.fill("input[name=slug]", "tidalkiln")
    page.fill("input[name=website]", "https://tidalkiln.example.com/")
    page.click("main form .button--act")
    page.goto("/my/brands/tidalkiln/products/new/")
    page.fill("input[name=name]", "Celadon bowl")
    page.fill("input[name=price]", "128.00")
    page.fill("input[name=link]", "https://tidalkiln.example.com/bowl")
    page.click("main form .button--act")
    page.wait_for_url("**/my/products/*/")
    product = page.url.rstrip("/").rpartition("/")[2]
    page.goto("/compose/?product_q=celadon")
    page.fill("input[name=title]", "My celadon bowl")
    page.fill("textarea[name=body]", "It rings when it is tapped, and the tea stays warm in it.")
    page.select_option("select[name=channel]", "craft")
    page.check(f"input[name=product][value='{product}']")
    page.check("input[name=paid]")
    return product, str(publish(page))


@pytest.mark.parametrize("path", MEMBERS)
def test_a_page_for_members(path: str, arrive: Callable[..., Visitor], rosa: Known) -> None:
    look_at(arrive(screen=PHONE, storage_state=rosa.cookies, **CALM), path, rosa)


@pytest.mark.parametrize("path", VISITORS)
def test_a_page_for_visitors(path: str, arrive: Callable[..., Visitor], rosa: Known) -> None:
    look_at(arrive(screen=PHONE, **CALM), path, rosa)


@pytest.fixture(scope="module")
def rosa_in_chinese(browser: Browser, community: OpenCommunity, rosa: Known) -> Known:
    """The same person, who from now on reads Chinese."""
    visitor = Visitor(browser, community.address, scripts=False, storage_state=rosa.cookies)
    visitor.page.goto("/languages/")
    visitor.page.click("button[value=zh-hans]")
    changed = replace(rosa, cookies=visitor.context.storage_state())
    visitor.leave()
    return changed


@pytest.mark.parametrize("path", IN_CHINESE)
def test_a_page_in_chinese(
    path: str, arrive: Callable[..., Visitor], rosa_in_chinese: Known
) -> None:
    cookies = rosa_in_chinese.cookies
    visitor = arrive(screen=PHONE, language="zh-CN", storage_state=cookies, **CALM)
    look_at(visitor, path, rosa_in_chinese, LOOKS_IN_CHINESE)
    assert visitor.page.get_attribute("html", "lang") == "zh-hans"


def look_at(
    visitor: Visitor, path: str, known: Known, looks: Sequence[tuple[int, str]] = LOOKS
) -> None:
    page = visitor.page
    address = path.replace("NOTE", known.note).replace("LONGEST", known.longest)
    address = address.replace("ALBUM", known.album).replace("PLACE", known.place)
    address = address.replace("TALK", known.talk).replace("LINE", known.line)
    address = address.replace("PRODUCT", known.product).replace("LINKING", known.linking)
    answer = page.goto(address.replace("ORDER", known.order).replace("FILM", known.film))
    assert answer is not None
    assert answer.status == 200
    assert {width: over for width in WIDTHS if (over := sticks_out(page, width))} == {}
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert faults(page) == [], (width, scheme)


def sticks_out(page: Page, width: int) -> int:
    """Pixels by which the page is wider than its window."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def faults(page: Page, *, but: str = "") -> list[str]:
    """What axe finds, each with the places where; `but` one rule."""
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {fault['help']} at {[node['html'][:200] for node in fault['nodes']][:5]}"
        for fault in found
        if fault["id"] != but
    ]
