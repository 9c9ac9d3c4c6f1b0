"""A real Chromium: the two browsers of a journey are called `tablet` and `desk`."""

import os
import shutil
import signal
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from threading import Timer

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page

from decisionaid.i18n import LANGUAGES
from tests.turns import FULL

OURS = f"--started-by={os.getpid()}"
"""Means nothing to Chromium; by it the browsers of this process are known."""

CHROMIUM_FLAGS = [
    OURS,
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Each window would load two pages of its address bar's own: half of what a new one costs.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]
CLOSED_WITHIN = 20.0
"""Seconds until a browser has to say that something is closed."""

WIDTHS = (390, 820, 1280)
ONLY_FAULTS = {"resultTypes": ["violations"]}
"""What axe tells in full; of the rest it would write down every place as well."""


def chromium() -> str:
    """Where Debian's Chromium is; Playwright's own browser is never downloaded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "Chromium is missing: ./test installs it, or name it to your package manager"
    return found


def shell() -> str:
    """Chromium without its window, as Debian has it too: a page costs a third. Where it is missing, Chromium whole."""
    return shutil.which("chromium-headless-shell") or chromium()


def close(what: Browser | BrowserContext) -> None:
    """Close it. Once in a great while Chromium never says that it has: then all browsers of this process are ended."""
    ending = Timer(CLOSED_WITHIN, end_browsers)
    ending.start()
    with suppress(Error):
        what.close()
    ending.cancel()


def end_browsers() -> None:
    """Kill the browsers that this process started."""
    for process in ours():
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def ours() -> list[int]:
    """The browsers that this process started."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if OURS.encode() in line.read_bytes().split(b"\0"):
                found.append(int(line.parent.name))
    return found


def widths_of(language: str, number: int) -> tuple[int, ...]:
    """At which widths the page of this number is looked at in this language: in the short form each at one."""
    if FULL:
        return WIDTHS
    return (WIDTHS[(number + list(LANGUAGES).index(language)) % len(WIDTHS)],)


def in_turn(languages: Collection[str], number: int) -> list[str]:
    """In which of these languages the page of this number is looked at: in the short form in one, which changes."""
    return list(languages) if FULL else [list(languages)[number // len(WIDTHS) % len(languages)]]


def check_accessible(page: Page, widths: tuple[int, ...] = WIDTHS) -> None:
    """Axe finds nothing on this page at these widths (WCAG 2.2 A and AA, and best practice)."""
    was = page.viewport_size
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        results = Axe().run(page, options=ONLY_FAULTS)
        assert results.violations_count == 0, f"{page.url} at {width} px:\n{results.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{page.url} scrolls sideways at {width} px: {wide}"
    if was:
        page.set_viewport_size(was)
