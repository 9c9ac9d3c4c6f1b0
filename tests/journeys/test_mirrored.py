"""P36: a language that runs from right to left, made of files alone, on every page a client sees, and on paper."""

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from decisionaid.printing import PdfPool
from decisionaid.storage.database import Database
from tests.browser import WIDTHS
from tests.builders import Case, a_case
from tests.journeys.screen import Screen, screen
from tests.mirrored import CODE, an_app, mirrored, speak_it
from tests.web.sorters import tablet_of
from tests.web.together_table import both_sign, days, in_days, paper, printed, sit, write

CLIENT = ["welcome", "say", "card/1", "card/2", "cards", "order", "own", "words", "words/1", "ask", "goal?open=1"]
CLIENT += ["goal/all", "goal/1", "safe/1", "check", "back"]
TOGETHER = ["side-by-side", "table", "card/1", "card/1/in_between", "goals", "goal/1", "plan", "plan/support", "choice"]
TOGETHER += ["safe", "questions", "dates", "preview", "break", "desk"]

STRAYS = """() => {
    const turned = node => getComputedStyle(node).transform.startsWith("matrix(-1, 0, 0, 1");
    const seen = [...document.querySelectorAll("body *")].filter(node => node.getClientRects().length);
    const card = document.querySelector(".chart")?.parentElement.getBoundingClientRect();
    return {
        arrows: seen.filter(node => node.matches(".flip") && !turned(node)).length,
        numbers: seen.filter(node => turned(node) && /\\d/.test(node.textContent)).length,
        cut: seen.filter(node => node.matches(".chart text")).map(node => node.getBoundingClientRect())
            .filter(text => text.left < card.left || text.right > card.right).length,
        wide: document.documentElement.scrollWidth - innerWidth,
    };
}"""
"""Arrows that point the wrong way, numbers that are turned round, words off the chart, and how much too wide it is."""

DIRECTION = re.compile(
    "[\N{LEFT-TO-RIGHT EMBEDDING}-\N{RIGHT-TO-LEFT OVERRIDE}\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}]"
)
"""Marks that the reader of a PDF puts where the direction changes."""

FINE = {"arrows": 0, "numbers": 0, "cut": 0, "wide": 0}


@pytest.fixture
def app(tmp_path: Path, database: Database, pdf_pool: PdfPool, monkeypatch: pytest.MonkeyPatch) -> Flask:
    speak_it(tmp_path, monkeypatch)
    return an_app(tmp_path, database, pdf_pool)


@pytest.fixture
def case(app: Flask, database: Database) -> Case:
    return a_case(database, language=CODE)


def check(shown: Screen, paths: list[str]) -> None:
    """Each page is in the mirrored language, runs from right to left, keeps within its width, and turns its arrows."""
    arrows = 0
    for path in paths:
        page = shown.show(path)
        assert page.locator("html").get_attribute("dir") == "rtl", path
        assert page.locator("html").get_attribute("lang") == CODE, path
        arrows += page.locator(".flip").count()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(STRAYS) == FINE, f"{path} at {width} px"
    assert arrows > len(paths) / 3


@pytest.mark.promise("P36")
def test_the_clients_seat_is_mirrored(app: Flask, case: Case, window: Page) -> None:
    tablet = tablet_of(app, case.with_open_sorts())
    tablet.send("/s/card/1", answer="definitely")
    for _ in range(2):
        tablet.send("/s/card/2", answer="possibly")
    first = tablet.page("/s/order").select("button[name=add]")[0]
    tablet.send("/s/order", add=first["value"])
    check(screen(window, tablet), [f"/s/{path}" for path in CLIENT])


@pytest.mark.promise("P36")
def test_together_is_mirrored_with_the_desks_english_beneath(app: Flask, case: Case, window: Page) -> None:
    table = sit(app, case.sorted_by_both())
    check(screen(window, table), ["/together/"])
    case.confirmed()
    write(table, "/together/card/1", {"outcome": "client_choice"})
    write(table, "/together/card/1", to="/together/goals")
    check(screen(window, table), [f"/together/{path}" for path in TOGETHER])
    goals = table.page("/together/goals")
    assert mirrored("Goals") in goals.get_text()
    assert goals.select(".beneath[lang=en]")


@pytest.mark.promise("P36")
def test_the_plan_is_mirrored_and_its_numbers_are_not(app: Flask, case: Case) -> None:
    table = sit(app, case.sorted_by_both().confirmed())
    write(table, "/together/card/1", {"outcome": "client_choice"})
    write(table, "/together/card/1", to="/together/goals")
    step = {"step-what": "Ring the plots.", "step-who": "Rowan", "step-written_in": "en"}
    write(table, "/together/goal/1", {**step, **days("step-by_when", in_days(5))}, to="/together/goal/1/action")
    write(table, "/together/plan/support", {"aftercare": "The evening group, on Mondays.", "written_in": "en"})
    both_sign(table)
    text = DIRECTION.sub("", printed(paper(table)))
    for said in ("01632 960117", "01632 960140", "116 123", "The evening group, on Mondays.", "Ring the plots."):
        assert said in text, said
    assert "Rowan Ellis · RE-0522" in text
    assert mirrored("What will be done, by whom and by when") in text or mirrored("If I need someone") in text


@pytest.mark.promise("P36")
def test_control_what_is_not_mirrored_is_found(window: Page) -> None:
    window.set_viewport_size({"width": 390, "height": 900})
    page = "<html dir=rtl><p style='width:300px'><svg class=flip style='{}'></svg> <span class=a>12</span></p>"
    turn = "transform:scaleX(-1)"
    window.set_content(page.format(turn))
    assert window.evaluate(STRAYS) == FINE
    window.set_content(
        page.format("") + "<style>.a{display:inline-block;transform:scaleX(-1)} p{width:500px!important}"
    )
    found = window.evaluate(STRAYS)
    assert (found["arrows"], found["numbers"]) == (1, 1)
    assert found["wide"] > 0
    chart = "<div style='width:90px'><svg class=chart style='overflow:visible'><text x=200 y=20>Words"
    window.set_content(chart)
    assert window.evaluate(STRAYS)["cut"] == 1
