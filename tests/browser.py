"""A real Chromium before a real server: the two browsers of a journey are called `tablet` and `desk`."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from decisionaid.check import server

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


def chromium() -> str:
    """Where Debian's Chromium is; Playwright's own browser is never downloaded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "Chromium is missing: ./test installs it, or name it to your package manager"
    return found


@contextmanager
def served(database: Path, *arguments: str) -> Iterator[str]:
    """The shipped server over a database, on a free port; yields its address, "http://127.0.0.1:43210"."""
    with server.served(database.parent, *arguments) as address:
        _answers(address.removeprefix("http://"))
        yield address


def _answers(host: str) -> None:
    connection = HTTPConnection(host, timeout=10)
    try:
        connection.request("GET", "/health")
        assert connection.getresponse().status == HTTPStatus.NO_CONTENT
    finally:
        connection.close()


def check_accessible(page: Page) -> None:
    """Axe finds nothing on this page at three widths (WCAG 2.2 A and AA, and best practice)."""
    was = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        results = Axe().run(page)
        assert results.violations_count == 0, f"{page.url} at {width} px:\n{results.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{page.url} scrolls sideways at {width} px: {wide}"
    if was:
        page.set_viewport_size(was)
