"""A new person: three interests, five likes, and discover is visibly theirs; it explains itself,
obeys "less of this", and takes that back."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.open_community import OpenCommunity
from tests.browser.visitor import PHONE, Visitor

pytestmark = pytest.mark.browser

WORDS = (
    "evening patient hand window river copper lantern walk morning salt glaze thread paper garden"
    " cellar winter bright slow edge corner harbour ladder stone cup table song record needle"
    " whisker paw blanket sun shelf kettle smoke ash rain bridge market wool brush ink letter"
)
# Nearly a page. A channel comes once in five places, so four of these can be about one subject. Its
# channel is nobody else's: in a busy one, other journeys' notes would have some of the four places.
FOUND, LOOKED_AT = "loden-coat", 18
# Subjects, their channel, how many notes there are of each, and how old the newest is in hours. No
# channel returns within five places, so that a list can only change where there are several.
SUBJECTS = (
    (FOUND, "vintage", 30, 200), ("tabby", "cats", 9, 20), ("vinyl", "music", 9, 20),
    ("filter", "coffee", 9, 20), ("ridge", "hiking", 9, 20), ("lens", "gadgets", 9, 20),
    ("fern", "plants", 9, 20), ("broth", "home-cooking", 9, 20), ("alley", "city-walks", 9, 20),
)  # fmt: skip


def words(seed: str) -> str:
    """A text of its own: what repeats another note is not recommended."""
    dice, choices = random.Random(seed), WORDS.split()
    return " ".join(dice.choice(choices) for _ in range(60)).capitalize() + "."


def lines() -> Iterator[dict[str, Any]]:
    for writer in range(5):
        yield {"type": "person", "id": f"w{writer}", "username": f"tide.writer{writer}"}
    for tag, channel, count, newest in SUBJECTS:
        for number in range(count):
            yield {
                "type": "note", "id": f"{tag}{number}", "author": f"w{number % 5}",
                "title": f"{tag} number {number}", "tags": [tag], "channel": channel,
                "body": words(f"{tag} {number}"),
                "at": f"-{number * 3 + newest}h",
            }  # fmt: skip


@pytest.fixture(scope="module")
def shore(community: OpenCommunity, tmp_path_factory: pytest.TempPathFactory) -> None:
    file: Path = tmp_path_factory.mktemp("shore") / "shore.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines()), encoding="utf-8")
    community.manage("import_community", str(file), "--strict")


def about(page: Page, tag: str) -> int:
    """Cards about a tag among the first ones of discover."""
    titles = page.locator(".card__title").all_inner_texts()[:LOOKED_AT]
    return sum(tag in title for title in titles)


def test_discover_becomes_theirs_and_obeys(shore: None, arrive: Callable[..., Visitor]) -> None:
    reader = arrive(screen=PHONE)
    reader.sign_up("new.here", "books", "sport", "tech")
    page = reader.page
    reader.reload_until(lambda page: page.locator(".card").count() >= LOOKED_AT)
    before = about(page, FOUND)
    like_five(page)
    page.goto("/")
    reader.reload_until(lambda page: about(page, FOUND) >= before + 2)
    the_receipt_is_right(page)
    less_of_it(page)
    page.goto("/")
    assert about(page, FOUND) == 0
    take_it_back(page)
    page.goto("/")
    reader.reload_until(lambda page: about(page, FOUND) > 0)


def like_five(page: Page) -> None:
    page.goto(f"/tags/{FOUND}/")
    for heart in page.locator(".card .heart").all()[:5]:
        with page.expect_response(lambda answer: "/like/" in answer.url) as sent:
            heart.click()
        assert sent.value.ok
    expect(page.locator(".card .heart[aria-pressed=true]")).to_have_count(5)


def the_receipt_is_right(page: Page) -> None:
    card = page.locator(".card", has_text=FOUND).first
    said = card.locator(".card__why span").first.inner_text()
    card.locator(".card__why").click()
    sheet = page.locator("#sheet")
    expect(sheet.locator(".menu__why")).to_have_text(said)
    assert FOUND in " ".join(sheet.locator(".receipt li").all_inner_texts())


def less_of_it(page: Page) -> None:
    with page.expect_response(lambda answer: answer.url.endswith("/less/")) as sent:
        page.locator("#sheet button", has_text=f"Less of #{FOUND}").click()
    assert sent.value.ok


def take_it_back(page: Page) -> None:
    page.goto("/settings/feed/")
    row = page.locator(".known__row", has_text=f"#{FOUND}").first
    expect(row).to_contain_text("cards before")
    row.get_by_role("button", name="Take back").click()
    page.wait_for_url("**/settings/feed/")
