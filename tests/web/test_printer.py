"""What prints stands in a queue of its own; where it is full, people are told so at once, and nothing is lost."""

from typing import Any

import pytest
from flask import Flask, request

from decisionaid.printing import PLACES, PdfPool, PrinterBusy
from decisionaid.storage.database import Database
from decisionaid.storage.models import Printout
from decisionaid.web.printer import PRINTS, THREADS
from tests.builders import a_case
from tests.police import words
from tests.promises.every_form import forms
from tests.promises.onlookers import addresses, ids_of, sit
from tests.web.cases import frozen, signed
from tests.web.together_table import both_sign, write

PRINTING = {
    "keyworker.blank_file",
    "keyworker.plan_file",
    "keyworker.print_plan",
    "together.file",
    "together.print_plan",
    "together.give_word",
}


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No press is free; the paths from which one was wanted."""
    asked: list[str] = []

    def none_free(*_: Any, **__: Any) -> bytes:
        asked.append(request.path)
        raise PrinterBusy

    monkeypatch.setattr(PdfPool, "pdf", none_free)
    return asked


def test_whoever_asks_is_told_to_try_again(app: Flask, database: Database, busy: list[str]) -> None:
    desk = sit(app, a_case(database), "keyworker")
    answer = desk.get("/desk/blank/en/plan-en.pdf")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The printer is busy" in words(answer)
    assert busy == ["/desk/blank/en/plan-en.pdf"]


@pytest.mark.parametrize("seat", ["together", "keyworker"])
def test_press_that_finds_it_busy_leads_to_a_page_of_its_own(
    app: Flask, database: Database, busy: list[str], seat: str
) -> None:
    case = signed(frozen(a_case(database, own_clock=True).sorted_by_both().confirmed()))
    asker = sit(app, case, seat)
    form = next(each for each in forms(app, case, seat, asker) if each.endpoint == f"{seat}.print_plan")
    sent = asker.post(form.path, data=form.data)
    assert (sent.status_code, sent.location) == (303, "/said/printer")
    told = asker.get(sent.location)
    assert (told.status_code, told.headers["Retry-After"]) == (503, "5")
    assert "The printer is busy" in words(told)


def test_each_seat_has_places_of_its_own(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def note(*_: Any, whose: str, **__: Any) -> bytes:
        asked.append(whose)
        raise PrinterBusy

    monkeypatch.setattr(PdfPool, "pdf", note)
    maya = sit(app, a_case(database), "keyworker")
    idris = sit(app, a_case(database, login="idris", reference="ID-1"), "keyworker")
    for desk in (maya, maya, idris):
        desk.get("/desk/blank/en/plan-en.pdf")
    assert "" not in asked
    assert (asked[0] == asked[1], asked[1] == asked[2]) == (True, False)


def test_signatures_are_kept_and_the_paper_is_made_later(
    app: Flask, database: Database, busy: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = sit(app, a_case(database).sorted_by_both().confirmed(), "together")
    write(table, "/together/goals", {"title": "Walk more"})
    both_sign(table)
    assert busy
    assert table.get("/together/done").status_code == 200
    write(table, "/together/done", to="/together/print/1", status=503)
    monkeypatch.undo()
    write(table, "/together/done", to="/together/print/1")
    with database.reading() as db:
        assert db.query(Printout).one().pdf.startswith(b"%PDF-")


def test_every_address_that_prints_has_its_own_threads(app: Flask, database: Database, busy: list[str]) -> None:
    case = signed(frozen(a_case(database, own_clock=True).sorted_by_both().confirmed()))
    for seat in ("keyworker", "together", "client", "admin"):
        asker = sit(app, case, seat)
        for address in addresses(app, "GET", **ids_of(case)):
            asker.get(address.path)
    assert [path for path in busy if not PRINTS.search(path)] == []
    found = {rule.endpoint for rule in app.url_map.iter_rules() if PRINTS.search(rule.rule)}
    assert found == PRINTING
    assert THREADS > PLACES
