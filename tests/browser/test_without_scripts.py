"""Everything that matters works in a browser that runs no JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.photos import plain_photo, tilted_photo
from tests.browser.visitor import DESKTOP, PHONE, Visitor
from tests.browser.writing import Draft, pictures_of, publish_by_form, see_pictures

pytestmark = pytest.mark.browser

NOTE = Draft(
    title="西湖边的咖啡馆，早上七点就开门",
    body=(
        "靠窗的位置能看到断桥。手冲用的是云南的豆子，酸度很轻，喝到最后有一点甜。\n"
        "They open at seven, and before nine the whole lakeside belongs to you and the coffee."
    ),
    tags="咖啡, coffee, 西湖",
    channel="coffee",
    place="断桥咖啡",
    city="杭州",
    latitude="30.2590",
    longitude="120.1480",
    photos=[plain_photo("window.jpg"), tilted_photo("bridge.jpg")],
)


@pytest.fixture
def writer(arrive: Callable[..., Visitor]) -> Visitor:
    writer = arrive(screen=PHONE, scripts=False)
    writer.sign_up("hua.lake", "food", "coffee", "travel")
    return writer


@pytest.fixture
def reader(arrive: Callable[..., Visitor]) -> Visitor:
    reader = arrive(screen=DESKTOP, scripts=False)
    reader.sign_up("piet.plain", "coffee", "craft", "books")
    return reader


def test_posting_finding_and_answering_without_scripts(writer: Visitor, reader: Visitor) -> None:
    note = publish_by_form(writer, NOTE)
    writer.reload_until(lambda page: pictures_of(page).count() == 2)
    see_pictures(writer.page, 2)
    for query in ("咖啡", "lakeside coffee", "断桥"):
        find_by_search(reader, query, note)
    read_on_discover(reader, note)
    like_and_take_back(reader)
    collect(reader)
    comment_and_reply(reader, writer, note)
    follow_and_see_in_follow(reader, writer, note)
    writer.page.goto("/notifications/")
    writer.reload_until(lambda page: page.locator(".notices__words").count() >= 3)


def find_by_search(reader: Visitor, query: str, note: int) -> None:
    page = reader.page
    page.goto("/")
    page.fill(".top input[name=q]", query)
    page.press(".top input[name=q]", "Enter")
    page.wait_for_url("**/search/?q=*")
    # The words of a note reach the index by way of the worker.
    reader.reload_until(lambda page: page.locator(f"#note-{note}").count() == 1)


def read_on_discover(reader: Visitor, note: int) -> None:
    page = reader.page
    page.goto("/")
    reader.reload_until(lambda page: page.locator(f"#note-{note}").count() == 1)
    page.click(f"#note-{note} .card__title a")
    page.wait_for_url(f"**/notes/{note}/")
    expect(page.locator("h1")).to_have_text(NOTE.title)
    expect(page.locator(".note__body")).to_contain_text("belongs to you and the coffee")
    see_pictures(page, 2)


def like_and_take_back(reader: Visitor) -> None:
    like = reader.page.locator("[data-like]")
    for pressed, count in (("true", "1"), ("false", "0"), ("true", "1")):
        like.click()
        expect(like).to_have_attribute("aria-pressed", pressed)
        expect(like.locator("[data-count]")).to_have_attribute("data-count", count)


def collect(reader: Visitor) -> None:
    reader.page.click("[data-collect]")
    expect(reader.page.locator("[data-collect]")).to_have_attribute("aria-pressed", "true")
    reader.page.goto(f"/people/{reader.name}/?shelf=collected")
    expect(reader.page.locator(".card__title")).to_have_text(NOTE.title)
    reader.page.go_back()


def comment_and_reply(reader: Visitor, writer: Visitor, note: int) -> None:
    page = reader.page
    page.fill("#comment-body", "Is there oat milk?")
    page.click("#comment-form button")
    expect(page.locator(".comment__body")).to_have_text("Is there oat milk?")
    answering = writer.page
    answering.goto(f"/notes/{note}/")
    answering.click("details.reply summary")
    answering.fill("details.reply textarea", "有燕麦奶!")
    answering.click("details.reply form button")
    expect(answering.locator(".replies .comment__body")).to_have_text("有燕麦奶!")


def follow_and_see_in_follow(reader: Visitor, writer: Visitor, note: int) -> None:
    page = reader.page
    page.goto(f"/people/{writer.name}/")
    page.click(".person__acts .button--act")
    expect(page.locator(".person__acts [aria-pressed=true]")).to_be_visible()
    expect(page.locator(".person .stat-list")).to_contain_text(re.compile(r"1"))
    page.goto("/follow/")
    reader.reload_until(lambda page: page.locator(f"#note-{note}").count() == 1)
