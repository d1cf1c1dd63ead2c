"""A community that is really running, and people with browsers in it. Nothing is mocked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.open_community import OpenCommunity
from tests.browser.visitor import NoBrowser, Visitor, open_chromium

STAFF, STAFF_PASSWORD = "warden", "low-tide-at-noon-7"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            chromium = open_chromium(playwright)
        except NoBrowser as error:
            pytest.fail(str(error), pytrace=False)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def community(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenCommunity]:
    """One for all journeys; it stops cleanly, leaves nobody behind and has logged no error."""
    running = OpenCommunity(tmp_path_factory.mktemp("community"))
    try:
        running.wait_until_well()
        running.open_staff_account(STAFF, STAFF_PASSWORD)
        yield running
    finally:
        code, left = running.stop(), running.left_behind()
    assert left == []
    assert code == 0, running.said()
    assert "Traceback" not in running.said(), running.said()


@pytest.fixture
def arrive(browser: Browser, community: OpenCommunity) -> Iterator[Callable[..., Visitor]]:
    """Somebody comes with a device; at the end their console must have been calm."""
    here: list[Visitor] = []

    def come(**device: Any) -> Visitor:
        here.append(Visitor(browser, community.address, **device))
        return here[-1]

    yield come
    for visitor in here:
        visitor.leave()
    assert [trouble for visitor in here for trouble in visitor.troubles] == []
