"""A creator reads what became of her note, in figures and words, and acts on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.photos import plain_photo, tilted_photo
from tests.browser.visitor import PHONE, Visitor
from tests.browser.writing import publish, see_pictures

pytestmark = pytest.mark.browser
BODY = (
    "Three bowls from one lump, thrown after supper. The glaze ran on the second one and I like it"
    " best for that: a green edge as if the sea had stood in it for a night and gone again."
)


def test_a_creator_reads_her_studio_and_acts_on_it(arrive: Callable[..., Visitor]) -> None:
    author, reader = arrive(screen=PHONE), arrive(screen=PHONE)
    author.sign_up("una.bowls", "craft", "pottery", "food")
    reader.sign_up("kit.reads", "pottery", "pets", "music")
    note = publish_bowls(author)
    page = reader.page
    page.goto(f"/notes/{note}/")
    page.get_by_role("button", name="Like", exact=False).first.click()
    # A page tells how long it was read when it is left.
    page.wait_for_timeout(1_200)
    page.goto("/hot/")

    mine = author.page
    mine.goto("/people/una.bowls/")
    mine.get_by_role("link", name="Studio").click()
    row = mine.get_by_role("row", name="Three bowls after supper")
    author.reload_until(lambda page: row.count() == 1)
    row.get_by_role("link").click()
    opens = mine.locator(".tiles div", has_text="Opens").locator("b")
    author.reload_until(lambda page: opens.inner_text() == "1")
    expect(mine.locator("#feeds ~ *")).to_contain_text("Links and elsewhere")
    expect(mine.locator(".hints")).to_contain_text("Its first readers are on their way")
    # What to do about it stands one step away: a second cover for the first readers.
    mine.get_by_role("link", name="Where it stands in the pools").click()
    mine.locator("#cover-test [name=picture]").first.check()
    with mine.expect_download() as file:
        mine.goto(f"/notes/{note}/insights/")
        mine.get_by_role("link", name="All figures as a file").click()
    lines = file.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("day,note,feed,impressions,opens")


def publish_bowls(author: Visitor) -> int:
    page = author.page
    page.goto("/compose/")
    page.set_input_files("#pick", [tilted_photo(), plain_photo()])
    expect(page.locator(".picture-row[data-state=ready]")).to_have_count(2)
    page.fill("input[name=title]", "Three bowls after supper")
    page.fill("textarea[name=body]", BODY)
    page.select_option("select[name=channel]", "craft")
    note = publish(page)
    see_pictures(page, 2)
    return note
