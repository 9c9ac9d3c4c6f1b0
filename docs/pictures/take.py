"""Takes the README's pictures from the running demonstration: `python -m docs.pictures.take`."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from decisionaid.demonstration import prepare
from tests.browser import CHROMIUM_FLAGS, chromium, served
from tests.journeys.presses import MAYBE, YES, named, open_client, rate, seat, sign_in

HERE = Path(__file__).parent
LARGEST = 200_000
"""Bytes of one picture."""
TABLET = {"width": 820, "height": 1180}
DESK = {"width": 1280, "height": 900}


def take_all() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "demonstration.db"
        prepare(database)
        with served(database) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
            with _page(browser, address, DESK) as page:
                _desk(page, Path(folder))
            with _page(browser, address, DESK) as page:
                _together(page)
            with _page(browser, address, DESK) as page:
                _review(page)
            with _page(browser, address, TABLET) as page:
                _client(page)
            browser.close()


@contextmanager
def _page(browser: Browser, address: str, size: dict[str, int]) -> Iterator[Page]:
    context = browser.new_context(base_url=address, locale="en-GB", viewport=size)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def _desk(page: Page, folder: Path) -> None:
    sign_in(page)
    _take(page, "caseload")
    open_client(page, "Hana")
    form = page.locator(".papers form").first
    sent: dict[str, str | float | bool] = {"csrf_token": form.locator("[name=csrf_token]").input_value()}
    paper = folder / "plan.pdf"
    paper.write_bytes(page.request.post(form.get_attribute("action") or "", form=sent).body())
    command = ["pdftoppm", "-png", "-singlefile", "-r", "80", str(paper), str(HERE / "plan-1")]
    subprocess.run(command, check=True)  # noqa: S603 - our own command
    _small(HERE / "plan-1.png")


def _together(page: Page) -> None:
    sign_in(page)
    open_client(page, "Grace")
    named(page, "Sit together and compare").click()
    named(page, "This is what I chose").click()
    page.goto("/together/side-by-side")
    _take(page, "side-by-side")
    page.goto("/together/card/1")
    _take(page, "talk")


def _review(page: Page) -> None:
    sign_in(page)
    open_client(page, "Rowan")
    named(page, "Sit together over this plan").click()
    page.goto("/together/moved")
    _take(page, "review")


def _client(page: Page) -> None:
    seat(page)
    rate(page, "/s", [YES, MAYBE, YES, YES, MAYBE, YES])
    page.goto("/s/card/1")
    _take(page, "card")
    page.goto("/s/order")
    for count in range(1, 4):
        page.locator("[name=add]").first.click()
        expect(page.locator("[data-card]")).to_have_count(count)
    _take(page, "order")


def _take(page: Page, name: str) -> None:
    assert page.locator("main h1").count(), f"{page.url} is no page to take a picture of"  # noqa: S101
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=HERE / f"{name}.png")
    _small(HERE / f"{name}.png")


def _small(path: Path) -> None:
    """As few colours as flat pictures need."""
    with Image.open(path) as whole:
        few = whole.convert("RGB").quantize(128)
    few.save(path, optimize=True)
    if path.stat().st_size >= LARGEST:
        raise SystemExit(f"{path.name} is too large: {path.stat().st_size} bytes")


if __name__ == "__main__":
    if not shutil.which("pdftoppm"):
        raise SystemExit("pdftoppm is missing; poppler-utils has it.")
    take_all()
