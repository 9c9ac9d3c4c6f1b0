"""A real Chromium: the two browsers of a journey are called `tablet` and `desk`."""

import shutil

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (390, 820, 1280)
ONLY_FAULTS = {"resultTypes": ["violations"]}
"""What axe tells in full; of the rest it would write down every place as well."""


def chromium() -> str:
    """Where Debian's Chromium is; Playwright's own browser is never downloaded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "Chromium is missing: ./test installs it, or name it to your package manager"
    return found


def check_accessible(page: Page) -> None:
    """Axe finds nothing on this page at three widths (WCAG 2.2 A and AA, and best practice)."""
    was = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        results = Axe().run(page, options=ONLY_FAULTS)
        assert results.violations_count == 0, f"{page.url} at {width} px:\n{results.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{page.url} scrolls sideways at {width} px: {wide}"
    if was:
        page.set_viewport_size(was)
