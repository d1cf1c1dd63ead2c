"""A brand finds a creator, they agree, the note is paid for and says so everywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.open_community import OpenCommunity
from tests.browser.photos import plain_photo
from tests.browser.visitor import PHONE, Visitor

from .conftest import STAFF, STAFF_PASSWORD

pytestmark = pytest.mark.browser
TITLE = "A kettle on the balcony"
BODY = (
    "I boiled it every morning for a week and wrote down what I saw: the lid sits well, the handle"
    " stays cold, and the spout drips a little when you pour in a hurry."
)

# What readers did with a note, its author left out: how often, by kind of event.
EVENTS = (
    "import json; from collections import Counter; from feeds.models import Event;"
    " rows = Event.objects.filter(note=%s).exclude(person__username='ana.writes');"
    " found = Counter(rows.values_list('kind', flat=True));"
    " print(json.dumps({kind: found[kind] for kind in (1, 2)}))"
)


def test_from_the_directory_to_the_money(
    arrive: Callable[..., Visitor], community: OpenCommunity
) -> None:
    brand, creator = arrive(), arrive(screen=PHONE)
    brand.sign_up("kettle.mo", "food", "home", "craft")
    creator.sign_up("ana.writes", "food", "craft", "pets")
    creator.page.goto("/creators/me/")
    creator.page.get_by_label("Brands may find me").check()
    creator.page.get_by_label("Price of a note").fill("120")
    creator.page.get_by_role("button", name="Save").click()
    opens_a_brand(brand.page)
    money_arrives(arrive(), "kettle.mo")

    page = brand.page
    page.goto("/creators/?sort=price")
    page.locator(".creator", has_text="ana.writes").get_by_role(
        "link", name="Make an offer"
    ).click()
    page.get_by_label("Title").fill("A week with our kettle")
    page.get_by_label("What is wanted").fill("One honest note with a picture.")
    page.get_by_label("Draft until").fill((date.today() + timedelta(days=9)).isoformat())
    page.get_by_role("button", name="Send the offer").click()
    page.wait_for_url(re.compile(r"/collaborations/\d+/$"))
    deal = page.url

    mine = creator.page
    mine.goto("/collaborations/")
    mine.get_by_role("link", name="A week with our kettle").click()
    mine.get_by_role("button", name="Agree for").click()
    expect(mine.locator("main")).to_contain_text("held")
    saves_a_draft(mine)
    mine.goto(deal)
    mine.get_by_role("button", name="Hand in this draft").click()
    page.goto(deal)
    expect(page.locator("main")).to_contain_text("the handle stays cold")
    page.get_by_role("button", name="Approve this draft").click()
    mine.goto(deal)
    mine.get_by_role("button", name="Publish and be paid").click()
    expect(mine.locator("main")).to_contain_text("Published and paid")
    mine.goto("/wallet/")
    expect(mine.locator("main")).to_contain_text("120.00")
    note = carries_its_label(creator, mine, deal)
    stands_in_feeds_with_it(page, note)
    is_reported_as_it_was(community, page, deal, note)


def opens_a_brand(page: Page) -> None:
    page.goto("/my/brands/new/")
    page.fill("input[name=name]", "Mo Kettles")
    page.fill("input[name=slug]", "mo.kettles")
    page.locator("main form button.button--act").first.click()
    page.wait_for_url("**/my/brands/**")


def money_arrives(desk: Visitor, person: str) -> None:
    desk.log_in(STAFF, STAFF_PASSWORD)
    page = desk.page
    page.goto("/admin/wallet/account/top-up/")
    page.fill("input[name=person]", person)
    page.fill("input[name=amount]", "500.00")
    page.fill("input[name=remark]", "bank transfer 18")
    page.click(".desk-acts button")
    expect(page.locator(".messagelist .success")).to_be_visible()


def saves_a_draft(page: Page) -> None:
    page.goto("/compose/")
    page.set_input_files("#pick", [plain_photo()])
    expect(page.locator(".picture-row[data-state=ready]")).to_have_count(1)
    page.fill("input[name=title]", TITLE)
    page.fill("textarea[name=body]", BODY)
    page.select_option("select[name=channel]", "craft")
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_load_state()


def carries_its_label(creator: Visitor, page: Page, deal: str) -> str:
    """On the note, its card and for programs; and an edit cannot take it off."""
    page.goto(deal)
    page.locator("main").get_by_role("link", name=TITLE).click()
    expect(page.locator(".badge--label")).to_have_text("Paid partnership")
    note = page.url.rstrip("/").rpartition("/")[2]
    told = page.request.get(f"/api/v1/notes/{note}/").json()
    assert told["disclosure"] == "paid"
    page.goto("/people/ana.writes/")
    expect(page.locator(f"#note-{note} .card__label")).to_have_text("Paid partnership")
    page.goto(f"/notes/{note}/edit/")
    page.locator("[name=paid]").uncheck()
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("main")).to_contain_text("the label stays")
    # The browser notes the refusal, as it should.
    assert ["400" in trouble for trouble in creator.troubles] == [True]
    creator.troubles.clear()
    return note


def stands_in_feeds_with_it(page: Page, note: str) -> None:
    """For the brand's member as a reader: followed, and in the feed that other sites read."""
    page.goto(f"/notes/{note}/")
    page.get_by_role("button", name="Follow").first.click()
    label = page.locator(f"#note-{note} .card__label")
    page.goto("/follow/")
    for _ in range(30):
        if label.count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    expect(label).to_have_text("Paid partnership")
    for form in ("rss", "atom"):
        told = page.request.get(f"/people/ana.writes/notes.{form}")
        assert told.ok, form
        assert "Paid partnership" in told.text(), form


def is_reported_as_it_was(community: OpenCommunity, page: Page, deal: str, note: str) -> None:
    """The page and the API say what the raw events say."""
    said = page.locator(".stat-list, .tiles, .figures-table").filter(has_text="Opens").first
    for _ in range(30):
        page.goto(deal)
        told = page.request.get(f"/api/v1{deal[deal.index('/collaborations/') :]}").json()
        report = told["report"]["totals"]
        if report["opens"]:
            break
        page.wait_for_timeout(1_000)
    raw = json.loads(community.manage("shell", "-v", "0", "-c", EVENTS % note).splitlines()[-1])
    assert (report["impressions"], report["opens"]) == (raw["1"], raw["2"])
    assert raw["2"] >= 1
    expect(said).to_contain_text(str(raw["2"]))
