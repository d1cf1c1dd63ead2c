"""Every page of the desk: axe finds nothing in light and dark, and none scrolls sideways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import STAFF, STAFF_PASSWORD
from tests.browser.open_community import OpenCommunity
from tests.browser.test_every_page import CALM, LOOKS, WIDTHS, faults, sticks_out
from tests.browser.visitor import DESKTOP, Visitor

pytestmark = pytest.mark.browser

DESK = (
    "", "boosts/boost/", "brands/brand/", "brands/verification/", "brands/product/",
    "brands/brandlog/", "campaigns/campaign/", "community/note/", "community/notevideo/",
    "community/channel/", "experiments/experiment/",
    "entry/entryrules/add/", "entry/invitation/add/", "entry/newcomer/", "entry/networkblock/add/",
    "mfa/authenticator/",
    "experiments/experiment/add/", "experiments/watch/", "feeds/enginepolicy/",
    "feeds/enginepolicy/add/", "feeds/poolentry/", "feeds/pooltransition/", "feeds/secondlook/",
    "feeds/supplyhour/", "lab/replay/", "lab/replay/add/", "moderation/case/",
    "moderation/case/?settled=1", "moderation/report/", "moderation/decision/",
    "moderation/appeal/", "moderation/guideline/", "moderation/guideline/add/",
    "moderation/logline/", "outbox/job/", "rules/hit/", "rules/rule/",
    "rules/rule/write/words/", "topics/topic/", "trust/circle/", "wallet/transfer/",
    "wallet/voucherbatch/add/", "webhooks/endpoint/",
)  # fmt: skip


@pytest.fixture(scope="module")
def cookies(browser: Browser, community: OpenCommunity) -> Any:
    visitor = Visitor(browser, community.address, screen=DESKTOP)
    visitor.log_in(STAFF, STAFF_PASSWORD)
    state = visitor.context.storage_state()
    visitor.leave()
    return state


@pytest.mark.parametrize("path", DESK)
def test_a_page_of_the_desk(path: str, arrive: Callable[..., Visitor], cookies: Any) -> None:
    look_at(arrive(screen=DESKTOP, storage_state=cookies, **CALM), f"/admin/{path}")


def test_the_style_guide(arrive: Callable[..., Visitor], cookies: Any) -> None:
    """Both themes stand on it at once: where a part is wrong in one of them, it is seen here.
    What is a landmark stands there twice."""
    visitor = arrive(screen=DESKTOP, storage_state=cookies, **CALM)
    look_at(visitor, "/styleguide/", but="landmark-unique")


def look_at(visitor: Visitor, address: str, *, but: str = "") -> None:
    page: Page = visitor.page
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200
    assert {width: over for width in WIDTHS if (over := sticks_out(page, width))} == {}
    assert visitor.troubles == []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": DESKTOP.height})
        page.emulate_media(color_scheme=scheme)
        assert faults(page, but=but) == [], (width, scheme)
    # What axe itself says of a page whose policy refuses the styles it sets is none of the page's.
    visitor.troubles.clear()
