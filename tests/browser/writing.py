"""Writing a note as a person does: with the page's modules, or with its form alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from tests.browser.photos import Photo
from tests.browser.visitor import Visitor

NOTE_PAGE = re.compile(r"/notes/(\d+)/$")


@dataclass(frozen=True)
class Draft:
    """What somebody is about to publish."""

    title: str
    body: str
    tags: str
    channel: str
    place: str
    city: str
    latitude: str
    longitude: str
    photos: list[Photo] = field(default_factory=list)


def type_words(page: Page, draft: Draft) -> None:
    page.fill("input[name=title]", draft.title)
    page.fill("textarea[name=body]", draft.body)
    page.fill("input[name=tags]", draft.tags)
    page.select_option("select[name=channel]", draft.channel)
    page.fill("input[name=place_name]", draft.place)


def publish(page: Page) -> int:
    """Press the button; the number of the note whose page comes up."""
    page.click("button[value=publish]")
    page.wait_for_url(NOTE_PAGE)
    found = NOTE_PAGE.search(page.url)
    assert found is not None
    return int(found[1])


def publish_by_form(author: Visitor, draft: Draft) -> int:
    """One multipart form with everything in it: what a browser without scripts sends."""
    page = author.page
    page.goto("/compose/")
    type_words(page, draft)
    page.click(".place__more summary")
    page.fill("input[name=place_city]", draft.city)
    page.fill("input[name=latitude]", draft.latitude)
    page.fill("input[name=longitude]", draft.longitude)
    page.set_input_files("#pick", draft.photos)
    return publish(page)


def pictures_of(page: Page) -> Locator:
    return page.locator(".strip__item picture img")


def see_pictures(page: Page, count: int) -> None:
    """All of them have really arrived, and are more than a name."""
    expect(pictures_of(page)).to_have_count(count)
    for index in range(count):
        picture = pictures_of(page).nth(index)
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 0
