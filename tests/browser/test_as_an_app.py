"""Installed on a phone: read without a network, shared into, and never another person's page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.photos import plain_photo
from tests.browser.visitor import PHONE, Visitor

pytestmark = pytest.mark.browser
KEPT = "caches.open('kept').then((c) => c.match('/kept/feed')).then((f) => f ? f.json() : null)"
OWNER = "caches.open('kept').then((c) => c.match('/kept/owner')).then((o) => o ? o.text() : null)"
SHARES = """async () => {
  const form = document.createElement("form");
  const target = { method: "post", action: "/compose/share/", enctype: "multipart/form-data" };
  Object.assign(form, target).innerHTML =
    '<input name="title"><textarea name="text"></textarea><input type="file" name="pictures">';
  document.body.append(form);
}"""


def wait_for_the_worker(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    wait_until(page, "navigator.serviceWorker.controller !== null")


def wait_until(page: Page, condition: str) -> None:
    """Asked from outside: the page's own policy forbids what Playwright would run in it."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)


def write_a_note(visitor: Visitor, title: str) -> None:
    visitor.page.goto("/compose/")
    visitor.page.fill("input[name=title]", title)
    visitor.page.fill("textarea[name=body]", "Read it in the tunnel, too.")
    visitor.page.select_option("select[name=channel]", index=1)
    visitor.page.click(".compose__acts button[value=publish]")
    visitor.page.wait_for_url(re.compile(r"/notes/\d+/$"))


def test_the_last_feed_is_read_without_a_network(arrive: Callable[..., Visitor]) -> None:
    writer = arrive(screen=PHONE)
    writer.sign_up("ola.tunnel", "nature", "craft", "pets")
    write_a_note(writer, "What the tide left in the tunnel")

    reader = arrive(screen=PHONE)
    reader.sign_up("pia.tunnel", "nature", "craft", "pets")
    page = reader.page
    page.goto("/")
    wait_for_the_worker(page)
    wait_until(page, f"{KEPT}.then((feed) => Boolean(feed?.cards.length))")

    reader.context.set_offline(True)
    page.goto("/settings/")
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    expect(page.get_by_role("heading", name="What you read last")).to_be_visible()
    expect(page.locator("#kept .card").first).to_be_visible()
    # Failed requests are what is tested; the console has a word for each.
    reader.troubles.clear()
    reader.context.set_offline(False)
    expect(page.get_by_role("heading", name="Settings")).to_be_visible(timeout=10_000)

    # Somebody else at the same phone finds nothing of it.
    reader.context.clear_cookies()
    page.goto("/hot/")
    wait_until(page, f"{OWNER}.then((owner) => owner === '')")
    kept = page.evaluate(KEPT)
    assert kept is None or kept["address"] == "/hot/"


def test_the_offline_page_names_nobody(arrive: Callable[..., Visitor]) -> None:
    reader = arrive(screen=PHONE)
    reader.sign_up("quin.tunnel", "nature", "craft", "pets")
    assert "quin.tunnel" not in reader.page.request.get("/offline/").text()


def test_a_picture_is_shared_from_the_phone(arrive: Callable[..., Visitor]) -> None:
    writer = arrive(screen=PHONE)
    writer.sign_up("rio.shares", "nature", "craft", "pets")
    page = writer.page
    page.goto("/")
    wait_for_the_worker(page)
    page.evaluate(SHARES)
    page.fill("form[action='/compose/share/'] [name=title]", "From the gallery")
    page.fill("form[action='/compose/share/'] [name=text]", "Taken on the pier.")
    page.set_input_files(
        "form[action='/compose/share/'] [name=pictures]",
        plain_photo("pier 港.jpg"),
    )
    page.evaluate("document.querySelector(\"form[action='/compose/share/']\").submit()")
    expect(page.locator("input[name=title]")).to_have_value("From the gallery")
    expect(page.locator("textarea[name=body]")).to_have_value("Taken on the pier.")
    expect(page.locator(".picture-row[data-picture]")).to_have_count(1, timeout=15_000)
    # Taken once: the next new note is empty.
    page.goto("/compose/?shared=1")
    expect(page.locator("input[name=title]")).to_have_value("")


def test_words_outlive_a_lost_network_and_a_closed_tab(arrive: Callable[..., Visitor]) -> None:
    writer = arrive(screen=PHONE)
    writer.sign_up("sol.lost", "nature", "craft", "pets")
    page = writer.page
    page.goto("/compose/")
    writer.context.set_offline(True)
    page.fill("input[name=title]", "Written under the sea")
    page.fill("textarea[name=body]", "No bars here.")
    expect(page.locator("#saved")).to_contain_text("Not saved yet", timeout=10_000)
    wait_until(page, "localStorage.length > 0")
    page.close(run_before_unload=False)
    # Failed requests are what is tested; the console has a word for each.
    writer.troubles.clear()
    writer.context.set_offline(False)
    again = writer.context.new_page()
    again.goto("/compose/")
    expect(again.locator("input[name=title]")).to_have_value("Written under the sea")
    expect(again.locator("#saved")).to_contain_text("Draft saved", timeout=10_000)
    assert again.evaluate("localStorage.length") == 0
