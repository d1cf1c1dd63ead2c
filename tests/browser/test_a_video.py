"""A video is posted from a phone, prepared while its author watches, and played by a reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import DESKTOP, PHONE, Visitor
from tests.browser.writing import NOTE_PAGE, publish
from tests.videos.conftest import make

pytestmark = pytest.mark.browser

TITLE = "Waves over slate"
AFTER_THE_END_MS = 4000
PLACE = "+30.2236+120.1172/"
MOVES = (
    "video => new Promise(done => video.addEventListener('timeupdate', () => done(video.muted)))"
)


@pytest.fixture(scope="module")
def waves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds of 720p with a tone, as a phone names it, with the place it was taken at."""
    return make(
        tmp_path_factory.mktemp("phone") / "IMG_0042.MOV",
        *("-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=24:duration=6"),
        *("-f", "lavfi", "-i", "sine=duration=6", "-preset", "ultrafast", "-pix_fmt", "yuv420p"),
        *("-metadata", f"location={PLACE}"),
    )  # fmt: skip


def test_a_video_from_the_picker_to_playing(arrive: Callable[..., Visitor], waves: Path) -> None:
    author, reader = arrive(screen=PHONE), arrive(screen=DESKTOP, scheme="dark")
    author.sign_up("vera.waves", "nature", "travel", "food")
    reader.sign_up("ugo.looks", "nature", "pets", "music")
    reader.page.goto("/people/vera.waves/")
    reader.page.click(".person__acts .button--act")
    note = write(author, waves)
    see_it_become_ready(author.page)
    play(reader, note)
    what_is_played_tells_nothing(reader, waves)
    author.page.goto(f"/notes/{note}/edit/")
    author.page.click("#video-rows [data-remove]")
    expect(author.page.locator("#video-rows [data-video]")).to_have_count(0)
    expect(author.page.locator("#dropzone")).to_be_visible()
    reader.page.reload()
    expect(reader.page.locator("video")).to_have_count(0)


def write(author: Visitor, waves: Path) -> int:
    page = author.page
    page.goto("/compose/")
    page.set_input_files("#pick-video", waves)
    row = page.locator("#video-rows [data-video]")
    expect(row).to_have_attribute("data-state", re.compile("processing|ready"))
    expect(page.locator("#dropzone")).to_be_hidden()  # pictures or a video
    row.locator("input[type=text]").fill("Green waves break on slate")
    page.fill("input[name=title]", TITLE)
    page.fill("textarea[name=body]", "An hour before high tide, with the wind from the sea.")
    page.select_option("select[name=channel]", "nature")
    return publish(page)


def see_it_become_ready(page: Page) -> None:
    """By itself: the page that came up after publishing is not loaded again."""
    assert NOTE_PAGE.search(page.url)
    player = page.locator("#pictures video")
    expect(player).to_have_attribute("aria-label", "Green waves break on slate")
    expect(player).to_have_attribute("poster", re.compile("^/media/notes/"))


def play(reader: Visitor, note: int) -> None:
    page = reader.page
    page.goto("/follow/")
    card = page.locator(f"#note-{note}")
    expect(card.locator(".card__video")).to_contain_text("0:06")
    card.locator(".card__title a").click()
    page.wait_for_url(f"**/notes/{note}/**")
    player = page.locator("#pictures video")
    assert player.evaluate("video => video.readyState") == 0  # nothing is loaded unasked
    page.click("[data-play]")
    assert player.evaluate(MOVES) is True  # it moves, without a sound
    expect(page.locator("[data-play]")).to_be_hidden()
    assert player.evaluate("video => [video.videoWidth, video.videoHeight]") == [1280, 720]
    player.evaluate("video => { video.currentTime = 4; }")
    expect(player).to_have_js_property("ended", True)
    only_playing_counts(page)


def only_playing_counts(page: Page) -> None:
    """A page that is left open after the end of its video is not being watched."""
    page.wait_for_timeout(AFTER_THE_END_MS)
    with page.expect_request("**/events/") as told:
        page.evaluate("dispatchEvent(new Event('pagehide'))")
    events = {event["kind"]: event.get("value") for event in told.value.post_data_json["events"]}
    open_for = page.evaluate("performance.now()") / 1000
    assert events.keys() == {"open", "dwell"}
    assert 1 <= events["dwell"] <= open_for - AFTER_THE_END_MS / 1000


def what_is_played_tells_nothing(reader: Visitor, waves: Path) -> None:
    address = reader.page.locator("#pictures video").evaluate("video => video.currentSrc")
    answer = reader.context.request.get(address, headers={"Range": "bytes=0-"})
    assert answer.status == 206
    assert PLACE.encode() in waves.read_bytes()
    assert PLACE.encode() not in answer.body()
