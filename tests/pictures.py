"""Takes the README's pictures from the demonstration: `.venv/bin/python -m tests.pictures`."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from decisionaid.demonstration import prepare
from tests.browser import CHROMIUM_FLAGS, chromium
from tests.forked import served
from tests.journeys.presses import MAYBE, YES, named, open_client, rate, seat, sign_in

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
LARGEST = 200_000
"""Bytes of one picture."""
TABLET = {"width": 820, "height": 1180}
DESK = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Camera:
    """Takes pictures of the demonstration served at `address` into `folder`, each page in a window of its own."""

    browser: Browser
    address: str
    folder: Path

    def take_all(self) -> None:
        """Every picture of the README."""
        for scene, size in ((desk, DESK), (together, DESK), (review, DESK), (client, TABLET)):
            with self._page(size) as page:
                scene(page, self)

    def take(self, page: Page, name: str) -> None:
        """A picture of the page as it is first seen."""
        expect(page.locator("main h1")).to_be_visible()
        page.evaluate("document.activeElement.blur()")
        page.evaluate("document.fonts.ready")
        page.screenshot(path=self.folder / f"{name}.png")
        self._shrink(name)

    def take_paper(self, pdf: bytes, name: str) -> None:
        """A picture of the first page of a PDF."""
        paper = self.folder / f"{name}.pdf"
        paper.write_bytes(pdf)
        command = ["pdftoppm", "-png", "-singlefile", "-r", "80", str(paper), str(self.folder / name)]
        subprocess.run(command, check=True)
        paper.unlink()
        self._shrink(name)

    def _shrink(self, name: str) -> None:
        """As few colours as flat pictures need."""
        path = self.folder / f"{name}.png"
        with Image.open(path) as whole:
            few = whole.convert("RGB").quantize(128)
        few.save(path, optimize=True)
        assert path.stat().st_size < LARGEST, f"{path.name} is too large: {path.stat().st_size} bytes"

    @contextmanager
    def _page(self, size: dict[str, int]) -> Iterator[Page]:
        context = self.browser.new_context(base_url=self.address, locale="en-GB", viewport=size)  # type: ignore[arg-type]
        yield context.new_page()
        context.close()


Scene = Callable[[Page, Camera], None]


def desk(page: Page, camera: Camera) -> None:
    """The caseload, and a plan as it is printed."""
    sign_in(page)
    camera.take(page, "caseload")
    open_client(page, "Hana")
    form = page.locator(".papers form").first
    sent: dict[str, str | float | bool] = {"csrf_token": form.locator("[name=csrf_token]").input_value()}
    camera.take_paper(page.request.post(form.get_attribute("action") or "", form=sent).body(), "plan-1")


def together(page: Page, camera: Camera) -> None:
    """Two sorts side by side, and the talk about a difference."""
    sign_in(page)
    open_client(page, "Grace")
    named(page, "Compare together").click()
    named(page, "This is what I chose").click()
    page.goto("/together/side-by-side")
    camera.take(page, "side-by-side")
    page.goto("/together/card/1")
    camera.take(page, "talk")


def review(page: Page, camera: Camera) -> None:
    """What moved since the last plan."""
    sign_in(page)
    open_client(page, "Rowan")
    named(page, "Open this plan together").click()
    page.goto("/together/moved")
    camera.take(page, "review")


def client(page: Page, camera: Camera) -> None:
    """A card, and the order, as a client sees them."""
    seat(page)
    rate(page, "/s", [YES, MAYBE, YES, YES, MAYBE, YES])
    page.goto("/s/card/1")
    camera.take(page, "card")
    page.goto("/s/order")
    for count in range(1, 4):
        page.locator("[name=add]").first.click()
        expect(page.locator("[data-card]")).to_have_count(count)
    camera.take(page, "order")


def main() -> None:
    """Take all pictures anew."""
    if not shutil.which("pdftoppm"):
        raise SystemExit("pdftoppm is missing; poppler-utils has it.")
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "demonstration.db"
        prepare(database)
        with served(database) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
            Camera(browser, address, PICTURES).take_all()
            browser.close()


if __name__ == "__main__":
    main()
