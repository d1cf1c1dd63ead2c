"""One person before one screen: a browser of their own, whose console is listened to."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect

PASSWORD = "tide-and-rock-9"
# The machine that runs the tests may be busy with anything else.
PATIENCE_MS = 30_000
CHROMIUM_OPTIONS = [
    "--no-sandbox",  # root has none in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Screen:
    width: int
    height: int
    touch: bool = False


PHONE = Screen(390, 844, touch=True)
DESKTOP = Screen(1280, 800)


class NoBrowser(Exception):
    """There is nothing to run the journeys in."""


def open_chromium(playwright: Playwright) -> Browser:
    """Debian's own Chromium. Raises NoBrowser with what to do."""
    path = shutil.which("chromium")
    if path is None:
        raise NoBrowser(
            "The browser tests need Chromium. On Debian: sudo apt-get install chromium"
            " (`make test` does it by itself as root)."
        )
    expect.set_options(timeout=PATIENCE_MS)
    return playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)


class Visitor:
    """A person at a device. `troubles` gathers what their console says is wrong."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        *,
        screen: Screen = PHONE,
        scheme: str = "light",
        language: str = "en-GB",
        scripts: bool = True,
        **more: Any,
    ) -> None:
        self.address = address
        self.name = ""
        self.troubles: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=address,
            viewport={"width": screen.width, "height": screen.height},
            has_touch=screen.touch,
            color_scheme=scheme,
            locale=language,
            java_script_enabled=scripts,
            **more,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))

    def _listen(self, message: ConsoleMessage) -> None:
        # A broken rule of the content security policy is an error on the console, too.
        if message.type in ("error", "warning"):
            about = message.location.get("url", "")
            self.troubles.append(f"{message.type} on {self.page.url}: {message.text} ({about})")

    def leave(self) -> None:
        self.context.close()

    # ------------------------------------------------------------ coming in
    def sign_up(self, name: str, *interests: str, email: str = "") -> None:
        """Through the doors: join, choose interests, look at people, arrive on discover."""
        self.name = name
        page = self.page
        page.goto("/account/signup/")
        page.fill("input[name=username]", name)
        page.fill("input[name=email]", email or f"{name}@example.org")
        page.fill("input[name=password1]", PASSWORD)
        page.click("main form button")
        page.wait_for_url("**/welcome/")
        for slug in interests:
            # The box itself is not drawn: one presses the tile or the chip around it.
            page.click(f"label:has(> input[value={slug}])")
        page.click(".welcome__acts button")
        page.wait_for_url("**/welcome/people/")
        page.click(".welcome__acts .button--act")
        page.wait_for_url(f"{self.address}/")

    def log_in(self, name: str, password: str = PASSWORD) -> None:
        self.name = name
        self.page.goto("/account/login/")
        self.page.fill("input[name=login]", name)
        self.page.fill("input[name=password]", password)
        self.page.click("main form button")
        self.page.wait_for_url(f"{self.address}/")

    # ------------------------------------------------------------ looking without reading
    def status_of(self, path: str) -> int:
        return self.context.request.get(path, max_redirects=0).status

    def finds(self, text: str, path: str) -> bool:
        """Whether a page says this, fetched with this person's cookies and not looked at."""
        answer = self.context.request.get(path)
        return answer.ok and text in answer.text()

    def reload_until(self, happened: Callable[[Page], bool], *, tries: int = 60) -> None:
        """Open the same page again until it shows what the worker had to do first."""
        for _ in range(tries):
            if happened(self.page):
                return
            # The page's own rest, not a wait for something: each look asks three processes.
            self.page.wait_for_timeout(300)
            self.page.reload()
        raise AssertionError(f"{self.page.url} did not change:\n{self.page.inner_text('body')}")
