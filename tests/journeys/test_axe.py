"""P36: axe finds nothing on any page, in any language, at three widths; and no page scrolls sideways.

In ./test this runs in a short form: with each commit every second page is looked at, in one language and at one width,
which change from page to page.
PROMISES=full in the environment asks for all languages at every width.
"""

import shutil
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, Page

from decisionaid.i18n import LANGUAGES
from decisionaid.storage.database import Database
from tests.browser import WIDTHS, close, widths_of
from tests.forked import served
from tests.journeys.tour import STOPS, Tour, pages

NO_PAGE = {
    "public.home",
    "public.health",
    "public.favicon",
    "public.sweep_up",
    "public.who_sits",
    "client.start",
    "client.worker",
    "client.safe",
    "client.after_question",
    "client.last",
    "keyworker.sort_last",
    "keyworker.sort_done",
    "keyworker.plan_file",
    "keyworker.blank_file",
    "together.file",
    "public.two_words",
}
"""Addresses that send on to a page, or answer with no page; the two words stand only while a device waits, and are
looked at in `test_own_device`."""
RUN = """{ window.found = axe.run({ resultTypes: ["violations"] }).then(found => found.violations.map(
    fault => `${fault.id}: ${fault.nodes.map(node => node.target.join(" ")).join(", ")}`)); 0 }"""
"""Begins, and does not wait, so that several pages are looked at at once."""


def faults(pages: dict[Page, tuple[int, ...]]) -> list[list[str]]:
    """What axe finds on each page at its widths (WCAG 2.2 A and AA, best practice), and where it scrolls sideways."""
    found: dict[Page, list[str]] = {page: [] for page in pages}
    for page in pages:
        page.evaluate(AXE_SCRIPT)
    for width in WIDTHS:
        looked_at = [page for page, widths in pages.items() if width in widths]
        for page in looked_at:
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(RUN)
        for page in looked_at:
            found[page] += [f"{width} px: {fault}" for fault in page.evaluate("window.found")]
            wide = page.evaluate("document.documentElement.scrollWidth")
            found[page] += [f"{width} px: scrolls sideways, {wide}"] if wide > width else []
    return list(found.values())


def unvisited(app: Flask) -> set[str]:
    """The pages of the program that are not on the tour."""
    rules = app.url_map.iter_rules()
    return {rule.endpoint for rule in rules if "GET" in (rule.methods or ())} - pages() - NO_PAGE


@pytest.mark.in_turn(1)
@pytest.mark.promise("P36")
def test_every_page_is_on_the_tour(app: Flask) -> None:
    assert unvisited(app) == set()


@pytest.mark.promise("P36")
def test_control_a_page_without_a_visit_is_named(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(STOPS, "together.give_word")
    assert unvisited(app) == {"together.sign"}


@pytest.mark.in_turn(1)
@pytest.mark.promise("P36")
def test_axe_finds_nothing_on_any_page(app: Flask, demonstration: Path, tmp_path: Path, chrome: Browser) -> None:
    copy = tmp_path / demonstration.name
    shutil.copy(demonstration, copy)
    database = Database(f"sqlite:///{copy}")
    found: list[tuple[str, dict[str, list[str]]]] = []
    widths: set[int] = set()

    def look(screens: dict[str, Page], called: str) -> None:
        looks = {page: widths_of(language, tour.looks) for language, page in screens.items()}
        widths.update(*looks.values())
        return found.append((called, dict(zip(screens, faults(looks), strict=True))))

    with served(copy) as address:
        screens = {language: chrome.new_context(base_url=address).new_page() for language in LANGUAGES}
        tour = Tour(app, database, screens, address, look)
        tour.take()
        for screen in screens.values():
            close(screen.context)
    database.close()
    languages = {language for _, told in found for language in told}
    print(f"{len(found)} of {tour.looks} pages, in {len(languages)} languages, at {len(widths)} widths")
    assert (languages, widths) == (set(LANGUAGES), set(WIDTHS))
    assert tour.seen == pages()
    assert [(called, told) for called, told in found if any(told.values())] == []


@pytest.mark.promise("P36")
def test_control_a_fault_is_found(chrome: Browser) -> None:
    page = chrome.new_page()
    page.set_content("<html lang=en><title>A page</title><main><h1>A page</h1><p>Fine</p></main></html>")
    assert faults({page: WIDTHS}) == [[]]
    page.set_content("<html lang=en><title>A page</title><main><h1>A page</h1><input><p style='width:500px'>-</main>")
    expected = [f"{width} px: label: input" for width in WIDTHS]
    assert faults({page: WIDTHS}) == [[expected[0], "390 px: scrolls sideways, 508", *expected[1:]]]
    page.close()
