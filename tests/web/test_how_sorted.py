"""How each sort was made: printed in neutral words; what gives reason to ask is a question, and stops nobody."""

from datetime import timedelta

import pytest
from flask import Flask

from decisionaid.core.sort import Rating
from decisionaid.storage.database import Database
from decisionaid.storage.models import Handover
from decisionaid.storage.models.sorts import Device
from tests.builders import CARDS, Case, a_case
from tests.police import Police, words
from tests.web.doors import browser, sign_in
from tests.web.pairs import connected
from tests.web.sorters import tablet_of
from tests.web.together_table import sit, write

QUESTION = "Would you like to check your answers again?"
QUICK = "The cards were answered quickly."
DESK = "The cards were done in the keyworker’s own browser."


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_open_sorts()


def sort_quickly(case: Case) -> Case:
    """The client answers a card each second."""
    case.pace = timedelta(seconds=1)
    case.sorted_by_client()
    case.pace = timedelta(minutes=1)
    return case.sorted_by_keyworker(dict.fromkeys(CARDS, Rating.NOT), ())


def given_from_the_desk(case: Case) -> None:
    with case.database.writing() as db:
        at = case.later()
        db.add(
            Handover(
                service_id=case.service_id,
                round_id=case.round_id,
                by_id=case.keyworker_id,
                at=at,
                device=Device.OWN,
                from_desk=True,
            )
        )


def asked(table: Police, path: str = "/together/") -> list[str]:
    """Which of the questions a page asks."""
    said = words(table.get(path))
    return [question for question in (QUESTION, QUICK, DESK) if question in said]


@pytest.mark.promise("P07")
def test_nothing_is_asked_without_a_reason(app: Flask, case: Case) -> None:
    table = sit(app, case.sorted_by_both())
    assert asked(table) == []
    case.confirmed()
    assert asked(table, "/together/side-by-side") == []


@pytest.mark.promise("P07")
def test_a_quick_sort_is_a_question_and_stops_nobody(app: Flask, case: Case) -> None:
    table = sit(app, sort_quickly(case))
    assert asked(table) == [QUESTION, QUICK]
    write(table, "/together/", to="/together/confirm")
    assert asked(table, "/together/side-by-side") == [QUESTION, QUICK]
    assert asked(table, "/together/preview") == []


@pytest.mark.promise("P07")
def test_the_desks_own_browser_is_a_question_and_stops_nobody(app: Flask, case: Case) -> None:
    given_from_the_desk(case.sorted_by_both())
    table = sit(app, case)
    assert asked(table) == [QUESTION, DESK]
    write(table, "/together/", to="/together/confirm")
    assert asked(table, "/together/side-by-side") == [QUESTION, DESK]
    said = words(table.get("/together/preview"))
    assert "on their own device, connected by Maya" in said and DESK not in said and QUESTION not in said


@pytest.mark.promise("P07")
def test_control_a_limit_that_nobody_meets_asks_nobody(app: Flask, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("decisionaid.core.pace.QUICK", timedelta(0))
    assert asked(sit(app, sort_quickly(case))) == []


def test_the_keyworker_reads_the_question_too(app: Flask, database: Database) -> None:
    case = a_case(database, language="cy").with_open_sorts()
    assert asked(sit(app, sort_quickly(case))) == [QUESTION, QUICK], "beneath the client’s Welsh"


def test_each_device_is_printed_with_who_gave_it_and_when(app: Flask, case: Case) -> None:
    tablet_of(app, case)
    connected(sign_in(app), browser(app), case)
    table = sit(app, case.sorted_by_both())
    write(table, "/together/", to="/together/confirm")
    said = words(table.get("/together/preview"))
    tablet, own = (said.index(part) for part in ("on the service’s tablet, handed", "on their own device, connected"))
    assert tablet < own
