"""`make screens`: the pictures in docs/screens, taken of the demo community in a folder of its own.

Each is a WebP of what one screen shows, small enough to stand in a repository.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from tqdm import tqdm

from tests.browser.open_community import ROOT, OpenCommunity
from tests.browser.visitor import DESKTOP, PHONE, Screen, Visitor, open_chromium

SCREENS = ROOT / "docs" / "screens"
LARGEST_BYTES = 60_000
# Tried one after another until the file is small enough: share of the size, WebP quality.
ENCODINGS = ((1.0, 80), (1.0, 68), (0.8, 72), (0.8, 60), (0.65, 60), (0.5, 55))
SIZES = {"phone": PHONE, "desktop": DESKTOP}
# Who looks, by language: the profile's language decides. Staff's pages follow the browser.
READERS = {"en": "ines.runs.hills", "zh": "lin.ceramics"}
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
KEEPER, PASSWORD = "keeper", "tidepool"


@dataclass(frozen=True)
class Shot:
    """One picture: which page, at which size, in which language and scheme."""

    page: str
    size: str
    language: str
    scheme: str

    @property
    def file(self) -> Path:
        return SCREENS / f"{self.page}-{self.size}-{self.language}-{self.scheme}.webp"


CHOSEN = [
    "discover",
    "phone",
    "en",
    "light",
    "discover",
    "phone",
    "zh",
    "dark",
    "discover",
    "desktop",
    "en",
    "light",
    "discover",
    "desktop",
    "zh",
    "dark",
    "note",
    "phone",
    "zh",
    "light",
    "note",
    "phone",
    "en",
    "dark",
    "note",
    "desktop",
    "en",
    "light",
    "note",
    "desktop",
    "zh",
    "dark",
    "compose",
    "phone",
    "en",
    "light",
    "compose",
    "desktop",
    "zh",
    "light",
    "pool",
    "phone",
    "en",
    "dark",
    "pool",
    "phone",
    "zh",
    "light",
    "pool",
    "desktop",
    "en",
    "light",
    "hot",
    "phone",
    "zh",
    "light",
    "hot",
    "desktop",
    "en",
    "dark",
    "nearby",
    "phone",
    "en",
    "light",
    "nearby",
    "desktop",
    "zh",
    "light",
    "profile",
    "phone",
    "zh",
    "dark",
    "profile",
    "desktop",
    "en",
    "light",
    "search",
    "phone",
    "zh",
    "light",
    "search",
    "desktop",
    "en",
    "dark",
    "notifications",
    "phone",
    "en",
    "light",
    "notifications",
    "desktop",
    "zh",
    "dark",
    "settings",
    "phone",
    "zh",
    "dark",
    "settings",
    "desktop",
    "en",
    "light",
    "welcome",
    "phone",
    "en",
    "light",
    "welcome",
    "desktop",
    "zh",
    "light",
    "queue",
    "phone",
    "en",
    "light",
    "queue",
    "desktop",
    "en",
    "dark",
    "follow",
    "phone",
    "en",
    "light",
]


def chosen_shots() -> list[Shot]:
    return [Shot(*CHOSEN[at : at + 4]) for at in range(0, len(CHOSEN), 4)]


def every_shot() -> list[Shot]:
    """All pages in all manners: to look at, not to keep."""
    pages = dict.fromkeys(shot.page for shot in chosen_shots())
    return [
        Shot(page, size, language, scheme)
        for page in pages
        for size in SIZES
        for language in LANGUAGES
        for scheme in ("light", "dark")
    ]


def main(arguments: list[str]) -> None:
    shots = every_shot() if "--all" in arguments else chosen_shots()
    with tempfile.TemporaryDirectory(prefix="rockpool-") as folder, sync_playwright() as playwright:
        community = OpenCommunity(Path(folder), demo=True)
        try:
            community.wait_until_well()
            take(open_chromium(playwright), community.address, shots)
        finally:
            community.stop()
            community.left_behind()


def take(browser: Browser, address: str, shots: list[Shot]) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    wait_for_pictures(browser, address)
    report_something(browser, address)
    for (size, language, is_staff), group in grouped(shots):
        name = KEEPER if is_staff else READERS[language]
        visitor = at_device(browser, address, SIZES[size], language)
        visitor.log_in(name, PASSWORD)
        for shot in tqdm(group, desc=f"{size} {language}", unit="screen"):
            photograph(visitor, shot, own_note(visitor) if not is_staff else "")
        visitor.leave()


def grouped(shots: list[Shot]) -> Iterator[tuple[tuple[str, str, bool], list[Shot]]]:
    """Shots by the person and device they need, so that each logs in once."""
    groups: dict[tuple[str, str, bool], list[Shot]] = {}
    for shot in shots:
        groups.setdefault((shot.size, shot.language, shot.page == "queue"), []).append(shot)
    yield from groups.items()


def at_device(browser: Browser, address: str, screen: Screen, language: str) -> Visitor:
    return Visitor(
        browser,
        address,
        screen=screen,
        language=LANGUAGES[language],
        device_scale_factor=2 if screen is PHONE else 1.25,
        reduced_motion="reduce",
    )


def wait_for_pictures(browser: Browser, address: str) -> None:
    """The demo's pictures are drawn by the worker, newest first."""
    visitor = Visitor(browser, address, scripts=False)
    for path in ("/", "/hot/"):
        visitor.page.goto(path)
        visitor.reload_until(
            lambda page: (
                page.locator(".card").count() > 3 and page.locator(".card__making").count() == 0
            ),
            tries=300,
        )
    visitor.leave()


def report_something(browser: Browser, address: str) -> None:
    """So that staff has something to decide."""
    visitor = Visitor(browser, address, scripts=False)
    visitor.log_in(READERS["en"], PASSWORD)
    visitor.page.goto("/hot/")
    cards = visitor.page.locator(f".card:not(:has([href='/people/{READERS['en']}/']))")
    notes = [card.get_attribute("data-note") for card in cards.all()[:3]]
    for note, words in zip(notes, ("The shop pays for these.", "", "Not theirs."), strict=True):
        visitor.page.goto(f"/report/?note={note}")
        visitor.page.locator("#report-form input[type=radio]").first.check()
        visitor.page.fill("#report-form textarea", words)
        visitor.page.click("#report-form .button--act")
        visitor.page.wait_for_load_state()
    visitor.leave()


def own_note(visitor: Visitor) -> str:
    """Address of the newest note of the person who looks."""
    visitor.page.goto(f"/people/{visitor.name}/")
    return visitor.page.locator(".card__title a").first.get_attribute("href") or ""


def photograph(visitor: Visitor, shot: Shot, own: str) -> None:
    page = visitor.page
    query = "coffee" if shot.language == "en" else "咖啡"
    address = {
        "discover": "/", "follow": "/follow/", "nearby": "/nearby/", "hot": "/hot/",
        "search": f"/search/?q={query}", "profile": f"/people/{visitor.name}/",
        "note": own, "compose": f"{own}edit/", "pool": f"{own}pool/",
        "notifications": "/notifications/", "settings": "/settings/", "welcome": "/welcome/",
        "queue": "/admin/moderation/report/",
    }[shot.page]  # fmt: skip
    page.emulate_media(color_scheme=shot.scheme)  # type: ignore[arg-type]
    page.goto(address)
    page.wait_for_load_state("networkidle")
    # Below the fold pictures wait for the reader; those on the screen must have come.
    page.evaluate(
        "Promise.all([...document.images].filter(one => one.complete).map(one => one.decode().catch(() => {})))"
    )
    shot.file.write_bytes(small(Image.open(io.BytesIO(page.screenshot()))))


def small(picture: Image.Image) -> bytes:
    """As WebP within LARGEST_BYTES, as good as that allows."""
    plain = picture.convert("RGB")
    for share, quality in ENCODINGS:
        size = (round(plain.width * share), round(plain.height * share))
        scaled = plain if share == 1 else plain.resize(size, Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        scaled.save(buffer, "WEBP", quality=quality, method=6)
        if buffer.tell() <= LARGEST_BYTES:
            return buffer.getvalue()
    raise ValueError(f"A screen of {plain.size} does not fit into {LARGEST_BYTES} bytes.")


if __name__ == "__main__":
    main(sys.argv[1:])
