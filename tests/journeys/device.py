"""A tablet with a profile of its own, whose browser keeps pages for "Back" as anybody's does, and what it shows."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.browser import CHROMIUM_FLAGS, chromium, close
from tests.turns import FULL

STEPS = 10 if FULL else 7
"""How often Back is pressed, and Forward: in ./test as often as is past the first page."""

PATIENCE = 10
"""Seconds until a page that is just going has gone, and the next can be looked at."""

MOMENT = 0.2
"""Seconds that a page may take to come back."""

WATCH = """
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  const fields = [...document.querySelectorAll("input, textarea")].map((field) => field.value);
  console.log("shown again: " + (document.body ? document.body.innerText : "") + fields.join(" "));
}, true);
"""
"""Says what a page that the browser had kept shows in the moment it comes back, before any script of ours runs."""

SEEN = """() => [document.title, document.documentElement?.outerHTML ?? "",
  ...[...document.querySelectorAll("input, textarea")].map((field) => field.value)].join(" ")"""


@contextmanager
def device(
    chrome: Browser, profile: Path, address: str, *, script: bool = True, restored: bool = False
) -> Iterator[BrowserContext]:
    """The browser of a tablet, not in private mode: pages marked `no-store` are kept for Back as well.

    `restored` opens it again as it was left.
    """
    context = chrome.browser_type.launch_persistent_context(
        profile,
        executable_path=chromium(),
        args=[*CHROMIUM_FLAGS, *(["--restore-last-session"] if restored else [])],
        ignore_default_args=["--disable-back-forward-cache"],
        base_url=address,
        java_script_enabled=script,
        viewport={"width": 820, "height": 1180},
    )
    context.set_default_timeout(30_000)
    if script:
        context.add_init_script(WATCH)
    try:
        yield context
    finally:
        close(context)


class Eyes:
    """Whoever holds the tablet now, and all that they get to see."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.seen: list[str] = []
        page.on("console", lambda said: self.seen.append(said.text) if "shown again" in said.text else None)

    def look(self) -> None:
        """What stands on the page now."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self.seen.append(f"{self.page.url} {self.page.evaluate(SEEN)}")
            except Error:
                if time.monotonic() > until:
                    raise
                time.sleep(MOMENT)

    def about(self, steps: int = STEPS) -> None:
        """Back as often as it goes, Forward again, and a reload."""
        for way in ("back", "forward"):
            for _ in range(steps):
                with suppress(Error):  # the page that is asked is gone before it has answered
                    self.page.evaluate(f"history.{way}()")
                time.sleep(MOMENT)
                self.look()
        with suppress(Error):  # where the server is gone
            self.page.reload()
        self.look()

    def traces(self, words: Iterable[str]) -> list[str]:
        """The words that were to be seen, each with where; what was seen is forgotten then."""
        found = [f"{word}: {seen[:80]}" for seen in self.seen for word in words if word in seen]
        self.seen.clear()
        return found
