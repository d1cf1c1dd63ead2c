"""Fetch everything, close the account, and bring it to another community, by hand in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.open_community import OpenCommunity
from tests.browser.photos import plain_photo, tilted_photo
from tests.browser.visitor import DESKTOP, PASSWORD, PHONE, Visitor
from tests.browser.writing import Draft, pictures_of, publish_by_form

pytestmark = pytest.mark.browser

NOTE = Draft(
    title="What the tide left on Sunday",
    body="Three green pieces and a blue one, all of them worn round. #seaglass",
    tags="beach",
    channel="nature",
    place="Low Bay",
    city="Hangzhou",
    latitude="30.27",
    longitude="120.16",
    photos=[tilted_photo(), plain_photo()],
)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenCommunity]:
    """Another community, with nobody in it."""
    other = OpenCommunity(tmp_path_factory.mktemp("elsewhere"))
    try:
        other.wait_until_well()
        yield other
    finally:
        code, left = other.stop(), other.left_behind()
    assert (code, left) == (0, [])
    assert "Traceback" not in other.said(), other.said()


def test_notes_go_with_their_owner_to_another_community(
    arrive: Callable[..., Visitor],
    browser: Browser,
    elsewhere: OpenCommunity,
    tmp_path: Path,
) -> None:
    author = arrive(scripts=False)
    author.sign_up("ada.leaves", "nature", "craft", "pets")
    note = publish_by_form(author, NOTE)
    author.reload_until(lambda page: pictures_of(page).count() == 2)
    here = arrive(screen=PHONE)
    here.log_in("ada.leaves")
    archive = fetch_archive(here, tmp_path)
    close_account(here, note)
    settled = Visitor(browser, elsewhere.address, screen=DESKTOP)
    settled.sign_up("ada.arrives", "nature", "craft", "pets")
    bring_archive(settled, archive)
    page = settled.page
    page.goto("/drafts/")
    page.click(f"text={NOTE.title}")
    expect(page.locator("textarea[name=body]")).to_have_value(NOTE.body)
    expect(page.locator(".picture-row")).to_have_count(2)
    settled.leave()
    assert settled.troubles == []


def fetch_archive(visitor: Visitor, folder: Path) -> Path:
    """Ask, watch it being made without reloading, show who one is, and save the file."""
    page = visitor.page
    page.goto("/settings/data/")
    page.click("text=Make my archive")
    page.click("a:has-text('Fetch it')")
    page.fill("input[name=password]", PASSWORD)
    with page.expect_download() as download:
        page.click("main form .button--act")
    path = folder / "mine.zip"
    download.value.save_as(path)
    assert download.value.suggested_filename.startswith("rockpool-ada.leaves-")
    return path


def close_account(visitor: Visitor, note: int) -> None:
    page = visitor.page
    page.goto("/settings/data/leave/")
    page.check("input[name=sure]")
    page.click("text=Close and delete my account")
    expect(page.locator("h1")).to_have_text("Your account is closed")
    assert visitor.status_of(f"/notes/{note}/") == 404
    page.goto("/account/login/")
    page.fill("input[name=login]", "ada.leaves")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    expect(page.locator("h1")).to_have_text("You closed this account")


def bring_archive(visitor: Visitor, archive: Path) -> None:
    """The note is younger than a week: it comes as a draft, and that is said."""
    page = visitor.page
    page.goto("/settings/data/bring/")
    page.set_input_files("input[name=file]", archive)
    page.check("input[value=published]")
    page.click("text=Bring it in")
    expect(page.locator("#intake")).to_contain_text("1 taken in")
    expect(page.locator("#intake")).to_contain_text("younger than a week")
