"""`make screens`: the pictures in docs/screens, taken of the demo community in a folder of its own.

Each is a WebP of what one screen shows, small enough to stand in a repository. With the name of a
folder, `python -m tests.browser.screens FOLDER` puts every page in every manner there, to look at;
with an address, the pictures are of the demo community that runs there.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from tqdm import tqdm

from tests.browser.lively import PASSWORD, liven_up
from tests.browser.open_community import ROOT, OpenCommunity
from tests.browser.visitor import DESKTOP, PHONE, Screen, Visitor, open_chromium

SCREENS = ROOT / "docs" / "screens"
LARGEST_BYTES = 60_000
# Tried one after another until the file is small enough: share of the size, WebP quality.
ENCODINGS = ((1.0, 80), (1.0, 68), (0.8, 72), (0.8, 60), (0.65, 60), (0.5, 55))
SIZES = {"phone": PHONE, "tablet": Screen(820, 1180, touch=True), "desktop": DESKTOP}
# Who looks, by language: the profile's language decides. Staff's pages follow the browser.
READERS = {"en": "ines.runs.hills", "zh": "lin.ceramics"}
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
KEEPER = "keeper"


# Signs that the worker is still at it.
UNFINISHED = "[data-processing], .strip [role=status]"
# Below the fold pictures wait for the reader; those that have come are drawn.
PICTURES_DRAWN = """Promise.all([...document.images].filter((image) => image.complete)
    .map((image) => image.decode().catch(() => {})))"""


@dataclass(frozen=True)
class Shot:
    """One picture: which page, at which size, in which language and scheme."""

    page: str
    size: str
    language: str
    scheme: str
    folder: Path = SCREENS

    @property
    def file(self) -> Path:
        return self.folder / f"{self.page}-{self.size}-{self.language}-{self.scheme}.webp"


# Page: size-language-scheme.
CHOSEN = {
    "discover": "phone-en-light phone-zh-dark desktop-en-light desktop-zh-dark",
    "note": "phone-zh-light phone-en-dark desktop-en-light desktop-zh-dark",
    "compose": "phone-en-light desktop-zh-light",
    "pool": "phone-en-dark phone-zh-light desktop-en-light",
    "hot": "phone-zh-light desktop-en-dark",
    "nearby": "phone-en-light desktop-zh-light",
    "profile": "phone-zh-dark desktop-en-light",
    "search": "phone-zh-light desktop-en-dark",
    "notifications": "phone-en-light desktop-zh-dark",
    "settings": "phone-zh-dark desktop-en-light",
    "welcome": "phone-en-light desktop-zh-light",
    "queue": "phone-en-light desktop-en-dark",
    "follow": "phone-en-light",
    "over": "desktop-en-light desktop-zh-dark",
    "studio": "phone-zh-light desktop-en-dark",
    "messages": "phone-en-dark desktop-zh-light",
    "menu": "phone-en-light desktop-zh-dark",
    "suggest": "phone-zh-light desktop-en-dark",
    "nothing": "phone-en-light",
    "interests": "phone-en-light desktop-zh-dark",
    "people": "phone-zh-dark",
    "joining": "phone-en-light phone-zh-dark",
    "missing": "phone-zh-light",
    "offline": "phone-en-dark",
    "desk": "tablet-en-dark desktop-zh-light",
    "policy": "tablet-en-light",
    "styleguide": "desktop-en-light",
}
BY_STAFF = {"queue", "desk", "policy", "styleguide"}
BY_NOBODY = {"joining"}


def chosen_shots() -> list[Shot]:
    return [Shot(page, *one.split("-")) for page, some in CHOSEN.items() for one in some.split()]


def every_shot(folder: Path) -> list[Shot]:
    """All pages in all manners: to look at in a folder of one's own, not to keep."""
    return [
        Shot(page, size, language, scheme, folder)
        for page in CHOSEN
        for size in SIZES
        for language in LANGUAGES
        for scheme in ("light", "dark")
    ]


def main(arguments: list[str]) -> None:
    if arguments and arguments[0].startswith("http"):
        with sync_playwright() as playwright:
            take(open_chromium(playwright), arguments[0], chosen_shots())
        write_index(chosen_shots())
        return
    shots = every_shot(Path(arguments[0])) if arguments else chosen_shots()
    with tempfile.TemporaryDirectory(prefix="rockpool-") as folder, sync_playwright() as playwright:
        community = OpenCommunity(Path(folder), demo=True)
        try:
            community.wait_until_well()
            take(open_chromium(playwright), community.address, shots)
        finally:
            community.stop()
            community.left_behind()
    if not arguments:
        write_index(shots)


def write_index(shots: list[Shot]) -> None:
    """The page that shows them all; what is no longer taken is no longer there."""
    for old in set(SCREENS.glob("*.webp")) - {shot.file for shot in shots}:
        old.unlink()
    lines = ["# Screens", "", "Taken by `make screens` in the demo community.", ""]
    for page in CHOSEN:
        shown = [shot for shot in shots if shot.page == page]
        lines += [f"## {page.capitalize()}", ""]
        lines += [
            f'<img src="{shot.file.name}" height="420"'
            f' alt="{page}, {shot.size}, {shot.language}, {shot.scheme}">'
            for shot in shown
        ]
        lines.append("")
    (SCREENS / "README.md").write_text("\n".join(lines), encoding="utf-8")


def take(browser: Browser, address: str, shots: list[Shot]) -> None:
    wait_for_pictures(browser, address)
    liven_up(browser, address)
    for (size, language, name), group in grouped(shots):
        visitor = at_device(browser, address, SIZES[size], language)
        if name:
            visitor.log_in(name, PASSWORD)
        own = best_note(visitor) if name in READERS.values() else ""
        for shot in tqdm(group, desc=f"{size} {language}", unit="screen"):
            photograph(visitor, shot, own)
        visitor.leave()


def grouped(shots: list[Shot]) -> Iterator[tuple[tuple[str, str, str], list[Shot]]]:
    """Shots by the device and person they need, so that each logs in once."""
    groups: dict[tuple[str, str, str], list[Shot]] = {}
    for shot in shots:
        groups.setdefault((shot.size, shot.language, who_looks(shot)), []).append(shot)
    yield from groups.items()


def who_looks(shot: Shot) -> str:
    """Name of an account, or nothing for who has none."""
    if shot.page in BY_NOBODY:
        return ""
    return KEEPER if shot.page in BY_STAFF else READERS[shot.language]


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
    """The demo's pictures are drawn by the worker, newest first; until then a card shows words."""
    visitor = Visitor(browser, address, scripts=False)
    people = (f"/people/{name}/" for name in READERS.values())
    for path in ("/", "/hot/", "/search/?q=咖啡", "/search/?q=coffee", *people):
        visitor.page.goto(path)
        visitor.reload_until(
            lambda page: (
                page.locator(".card").count() > 0 and page.locator(".card__words").count() == 0
            ),
            tries=900,
        )
    visitor.leave()


def best_note(visitor: Visitor) -> str:
    """Address of that note of the person who looks which has met most of its first readers."""
    page = visitor.page
    page.goto(f"/people/{visitor.name}/")
    notes = page.locator(".card__title a").evaluate_all("links => links.map((a) => a.pathname)")
    return str(max(notes, key=lambda note: met_readers(visitor, note)))


def met_readers(visitor: Visitor, note: str) -> float:
    """How much of the ring on a note's pool page is drawn, of 100; -1 without a ring."""
    text = visitor.context.request.get(f"{note}pool/").text()
    found = re.search(r'stroke-dasharray="([\d.]+) 100"', text)
    return float(found[1]) if found else -1.0 + ('class="ring"' in text)


def photograph(visitor: Visitor, shot: Shot, own: str) -> None:
    page = visitor.page
    query = "coffee" if shot.language == "en" else "咖啡"
    address = {
        "discover": "/", "follow": "/follow/", "nearby": "/nearby/", "hot": "/hot/",
        "search": f"/search/?q={query}", "profile": f"/people/{visitor.name}/",
        "note": own, "compose": f"{own}edit/", "pool": f"{own}pool/",
        "notifications": "/notifications/", "settings": "/settings/", "welcome": "/welcome/",
        "queue": "/admin/moderation/case/", "over": "/", "studio": "/studio/",
        "messages": "/messages/?shelf=requests", "menu": "/", "suggest": "/search/",
        "nothing": "/search/?q=zzzz", "interests": "/settings/feed/", "people": "/welcome/people/",
        "joining": "/account/signup/", "missing": "/notes/999999999/", "offline": "/offline/",
        "desk": "/admin/", "policy": "/admin/feeds/enginepolicy/add/",
        "styleguide": "/styleguide/#cards",
    }[shot.page]  # fmt: skip
    page.emulate_media(color_scheme=shot.scheme)  # type: ignore[arg-type]
    page.goto(address)
    page.wait_for_load_state("networkidle")
    visitor.reload_until(lambda page: is_finished(page, shot), tries=300)
    go_on(page, shot)
    page.evaluate(PICTURES_DRAWN)
    shot.file.parent.mkdir(parents=True, exist_ok=True)
    shot.file.write_bytes(small(Image.open(io.BytesIO(page.screenshot()))))


def go_on(page: Page, shot: Shot) -> None:
    """To what is not there when its page opens."""
    if shot.page == "over":
        page.click(".card__title a >> nth=1")
        page.wait_for_selector("dialog.over[open]")
        page.wait_for_load_state("networkidle")
    elif shot.page == "menu":
        page.click(".card__why >> nth=1")
        page.wait_for_selector("#sheet[open]")
    elif shot.page == "suggest":
        page.type("main input[name=q]", "co" if shot.language == "en" else "咖")
        page.wait_for_selector(".suggest [role=option]")


def is_finished(page: Page, shot: Shot) -> bool:
    """Whether the worker has done what this page shows."""
    if shot.page == "notifications" and page.locator(".notices__words").count() < 4:
        return False
    return page.locator(UNFINISHED).count() == 0


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
