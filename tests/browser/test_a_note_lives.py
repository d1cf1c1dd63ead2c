"""Sign up, post, be found, be liked and answered, get first readers, be hidden and come back."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import STAFF, STAFF_PASSWORD
from tests.browser.photos import SEA, SKY, opened, plain_photo, tilted_photo
from tests.browser.visitor import DESKTOP, PATIENCE_MS, PHONE, Visitor
from tests.browser.writing import Draft, publish, see_pictures, type_words

pytestmark = pytest.mark.browser

# How often the clock builds the hot lists (community/settings.py).
HOT_SECONDS = 120
REASON = "It shows a door code. Cover it and tell us."
HERE = {"latitude": 30.2236, "longitude": 120.1172}
NOTE = Draft(
    title="Sea green where the glaze ran thin",
    body=(
        "I mixed ash and feldspar, dipped the cup twice and waited a whole night for the kiln to"
        " cool. The rim turned #celadon where the glaze ran thin, and I would do it all again."
    ),
    tags="pottery, slow mornings",
    channel="pottery",
    place="Nine Bends Kiln",
    city="Hangzhou",
    latitude="30.2236",
    longitude="120.1172",
    photos=[tilted_photo(), plain_photo()],
)


def test_a_note_from_first_draft_to_hidden_and_back(arrive: Callable[..., Visitor]) -> None:
    author = arrive(screen=PHONE, scheme="light", geolocation=HERE, permissions=["geolocation"])
    follower = arrive(screen=DESKTOP, scheme="dark")
    stranger = arrive(screen=PHONE, scheme="dark")
    author.sign_up("mira.kiln", "craft", "pottery", "food")
    follower.sign_up("otto.reads", "craft", "art", "travel")
    stranger.sign_up("sanne.walks", "pottery", "pets", "music")
    follow(follower, author)
    note = write_with_pictures(author)
    picture = what_was_published_tells_nothing(author)
    meet_in_follow(follower, note)
    react_on_the_page(follower, note)
    the_author_is_told(author)
    the_pool_moves(author, stranger, note)
    looks = looks_at(note, picture, author, follower, anybody=arrive())
    until_all(note, looks)
    staff = arrive(screen=DESKTOP)
    staff.log_in(STAFF, STAFF_PASSWORD)
    decide(staff, note, "Hide")
    assert [path for who, path in looks if is_there(note, who, path)] == []
    the_author_reads_why(author, note)
    decide(staff, note, "Show again")
    until_all(note, looks)


def follow(follower: Visitor, author: Visitor) -> None:
    page = follower.page
    page.goto(f"/people/{author.name}/")
    page.click(".person__acts .button--act")
    expect(page.locator(".person__acts [aria-pressed=true]")).to_be_visible()


def write_with_pictures(author: Visitor) -> int:
    page = author.page
    page.goto("/")
    page.click(".dock__compose")
    page.wait_for_url("**/compose/")
    for number, photo in enumerate(NOTE.photos, start=1):
        # What the worker has not yet touched is said to be in preparation.
        with page.expect_response(is_picture_upload) as sent:
            page.set_input_files("#pick", photo)
        assert 'data-state="processing"' in sent.value.json()["row"]
        expect(page.locator(".picture-row[data-picture]")).to_have_count(number)
    expect(page.locator(".picture-row[data-state=ready]")).to_have_count(2)
    page.locator("[name^=alt-]").first.fill("Sun over a green bay")
    type_words(page, NOTE)
    page.click("[data-locate]")
    expect(page.locator("input[name=latitude]")).to_have_value(re.compile(r"^30\.22"))
    page.fill("input[name=place_city]", NOTE.city)
    note = publish(page)
    see_pictures(page, 2)
    return note


def is_picture_upload(response: object) -> bool:
    request = response.request  # type: ignore[attr-defined]
    return request.method == "POST" and request.url.endswith("/pictures/")


def what_was_published_tells_nothing(author: Visitor) -> str:
    """The tilted picture stands upright and has lost where, when and with what; its address."""
    address = author.page.locator(".strip__item [data-zoom]").first.get_attribute("href") or ""
    picture = opened(author.context.request.get(address).body())
    assert picture.height > picture.width
    assert dict(picture.getexif()) == {}
    assert not {"exif", "icc_profile", "xmp"} & picture.info.keys()
    upright = picture.convert("RGB")
    for at, colour in ((0.1, SKY), (0.95, SEA)):
        found = upright.getpixel((upright.width // 2, int(upright.height * at)))
        assert all(abs(a - b) < 16 for a, b in zip(found, colour, strict=True))
    return address


def card(page: Page, note: int) -> str:
    return f"#note-{note}"


def meet_in_follow(follower: Visitor, note: int) -> None:
    """It arrives by itself, with its reason; the heart answers before the server does."""
    page = follower.page
    page.goto("/follow/")
    follower.reload_until(lambda page: page.locator(card(page, note)).count() == 1)
    expect(page.locator(f"{card(page, note)} .card__title")).to_have_text(NOTE.title)
    heart = page.locator(f"{card(page, note)} .heart")
    held: list[Route] = []
    page.route("**/like/", lambda route: held.append(route))
    expect(heart).to_have_attribute("aria-pressed", "false")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(heart.locator("[data-count]")).to_have_text("1")
    while not held:
        page.wait_for_timeout(20)
    with page.expect_response("**/like/") as answer:
        held[0].continue_()
    assert answer.value.ok
    page.unroute("**/like/")
    page.reload()
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(heart.locator("[data-count]")).to_have_text("1")


def react_on_the_page(follower: Visitor, note: int) -> None:
    page = follower.page
    page.click(f"{card(page, note)} .card__title a")
    page.wait_for_url(f"**/notes/{note}/")
    page.click("[data-collect]")
    expect(page.locator("[data-collect]")).to_have_attribute("aria-pressed", "true")
    page.fill("#comment-body", "Which ash? Mine turns brown.")
    page.click(".comment-form button")
    expect(page.locator("#threads .comment__body")).to_have_text("Which ash? Mine turns brown.")
    expect(page.locator("#comment-total")).to_have_text("1")
    page.click("[formaction$='/share/']")
    expect(page.locator("#sheet [data-share-link]")).to_have_value(re.compile(r"/s/[\w-]+/$"))


def the_author_is_told(author: Visitor) -> None:
    page = author.page
    page.goto("/notifications/")
    author.reload_until(lambda page: page.locator(".notices__words").count() >= 4)
    told = page.locator(".notices").inner_text()
    assert "Which ash? Mine turns brown." in told
    assert told.count("otto.reads") >= 4


def the_pool_moves(author: Visitor, stranger: Visitor, note: int) -> None:
    """A reader who owes the author nothing has the card before their eyes for a second."""
    page = author.page
    page.goto(f"/notes/{note}/pool/")
    ring = page.locator(".ring")
    author.reload_until(lambda page: ring.count() == 1)
    expect(ring).to_have_attribute("aria-label", re.compile("^0 of [1-9]"))
    expect(page.locator(".log")).to_contain_text("Entered the first pool")
    theirs = stranger.page
    theirs.goto("/")
    stranger.reload_until(lambda page: page.locator(card(page, note)).count() == 1)
    expect(theirs.locator(f"{card(theirs, note)} .card__why")).to_contain_text("new here")
    with theirs.expect_request("**/events/"):
        theirs.locator(card(theirs, note)).scroll_into_view_if_needed()
    author.reload_until(lambda page: "0 of" not in (ring.get_attribute("aria-label") or "0 of"))
    expect(ring).to_have_attribute("aria-label", re.compile("^1 of [1-9]"))


def looks_at(
    note: int, picture: str, author: Visitor, follower: Visitor, anybody: Visitor
) -> list[tuple[Visitor, str]]:
    """Every place in which the note can be met, and who looks there."""
    page = author.page
    page.goto(f"/notes/{note}/")
    place = page.locator(".note__place").get_attribute("href") or ""
    tag = page.locator(".chip--tag", has_text="pottery").get_attribute("href") or ""
    spot = f"lat={HERE['latitude']:.2f}&lon={HERE['longitude']:.2f}"
    shared = [
        f"/nearby/?{spot}", f"/nearby/?{spot}&order=distance", "/hot/", "/hot/?channel=craft",
        "/search/?q=glaze", tag, place, f"/people/{author.name}/", f"/notes/{note}/",
        f"/notes/{note}/comments/", f"/notes/{note}/menu/", picture,
    ]  # fmt: skip
    # Discover does not show the follower again what they have seen in follow.
    return [
        *((follower, path) for path in ["/follow/", "/people/otto.reads/?shelf=liked", *shared]),
        *((anybody, path) for path in ["/", "/channels/pottery/", *shared]),
    ]


def is_there(note: int, who: Visitor, path: str) -> bool:
    """Whether the answer is the note, its picture, or a list with its card."""
    answer = who.context.request.get(path)
    if not answer.ok or answer.headers["content-type"].startswith("image/"):
        return answer.ok
    text = answer.text()
    return f'id="note-{note}"' in text or f"/notes/{note}/" in text


def until_all(note: int, looks: list[tuple[Visitor, str]]) -> None:
    """What the worker computes ahead follows within seconds, hot with the clock's next round."""
    give_up = time.monotonic() + PATIENCE_MS / 1000 + HOT_SECONDS
    while missing := [path for who, path in looks if not is_there(note, who, path)]:
        assert time.monotonic() < give_up, missing


def decide(staff: Visitor, note: int, verdict: str) -> None:
    page = staff.page
    page.goto(f"/admin/community/note/{note}/change/")
    page.get_by_role("link", name=verdict, exact=True).click()
    page.fill("textarea[name=reason]", REASON)
    page.click(".desk-form button")
    page.wait_for_url(f"**/admin/community/note/{note}/change/")
    expect(page.locator(".messagelist .success")).to_be_visible()


def the_author_reads_why(author: Visitor, note: int) -> None:
    page = author.page
    page.goto(f"/notes/{note}/")
    expect(page.locator(".notice--bad")).to_contain_text(REASON)
    page.goto("/notifications/")
    author.reload_until(lambda page: REASON in page.locator(".notices").first.inner_text())
