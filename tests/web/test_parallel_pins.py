"""P02: of guesses at the PIN that come at the same moment each one counts, and no more than five are looked at."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import ORMExecuteState

from decisionaid.casework import passwords, seats
from decisionaid.casework.seats import PIN_TRIES
from decisionaid.storage.database import Database
from decisionaid.storage.models import SeatRow
from tests.builders import PIN, Case, a_case
from tests.police import Police
from tests.promises.onlookers import browser, csrf_of, token_of
from tests.web.doors import lock

GUESSES = 12
DOORS = {"client": "/s/back", "together": "/together/desk", "keyworker": "/desk/locked"}
"""Where a PIN is asked for, by whose seat."""


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).sorted_by_both()


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The guesses that are compared with what is kept. The comparison is slow, as the real one is."""
    seen: list[str] = []

    def matches(_kept: str | None, secret: str) -> bool:
        seen.append(secret)
        time.sleep(0.05)
        return secret == PIN

    monkeypatch.setattr(passwords, "matches", matches)
    return seen


@pytest.fixture
def together_at_the_gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Once set, no guess goes on before all of them have been let in with the tries that there were."""
    meeting, closed, seated = threading.Barrier(GUESSES, timeout=20), threading.Event(), seats.seated

    def meet(*asked: object) -> object:
        found = seated(*asked)  # type: ignore[arg-type]
        if closed.is_set():
            meeting.wait()
        return found

    monkeypatch.setattr(seats, "seated", meet)
    yield closed
    closed.clear()


def door(app: Flask, case: Case, seat: str) -> tuple[str, dict[str, str]]:
    """The cookie of a seat that asks for the PIN, and the rest of the form."""
    token = token_of(case, seat)
    here = browser(app, token)
    if seat == "keyworker":
        lock(here)
    return token, {"csrf_token": csrf_of(here, DOORS[seat]), "go": "desk"}


def guess(app: Flask, seat: str, token: str, fields: dict[str, str], pin: str) -> Police:
    guesser = browser(app, token)
    guesser.post(DOORS[seat], data={**fields, "pin": pin})
    return guesser


@pytest.mark.promise("P02")
@pytest.mark.parametrize("seat", DOORS)
def test_wrong_pins_at_the_same_moment_all_count_and_five_are_looked_at(
    app: Flask, case: Case, seat: str, looked_at: list[str], together_at_the_gate: threading.Event
) -> None:
    token, fields = door(app, case, seat)
    together_at_the_gate.set()
    with ThreadPoolExecutor(GUESSES) as thieves:
        list(thieves.map(lambda number: guess(app, seat, token, fields, f"{number:06}"), range(GUESSES)))
    together_at_the_gate.clear()
    with case.database.reading() as db:
        assert [row.pin_failures for row in db.query(SeatRow)] == [PIN_TRIES]
    assert len(looked_at) == PIN_TRIES
    guess(app, seat, token, fields, PIN)
    assert PIN not in looked_at, "the right PIN after five wrong ones is not even looked at"


@pytest.mark.promise("P02")
@pytest.mark.parametrize("seat", DOORS)
def test_control_the_right_pin_as_the_fifth_try_opens(app: Flask, case: Case, seat: str, looked_at: list[str]) -> None:
    token, fields = door(app, case, seat)
    for number in range(PIN_TRIES - 1):
        guess(app, seat, token, fields, f"{number:06}")
    assert guess(app, seat, token, fields, PIN).get("/desk/").status_code == 200
    assert len(looked_at) == PIN_TRIES


def test_a_try_is_taken_from_a_row_that_is_locked(case: Case) -> None:
    """On PostgreSQL; on SQLite a writer has its turn alone."""
    asked: list[str] = []
    token = token_of(case, "together")
    with case.database.writing() as db:
        found = seats.seated(db, token, datetime.now(UTC))
        assert found is not None

        @event.listens_for(db, "do_orm_execute")
        def note(state: ORMExecuteState) -> None:
            asked.append(str(cast(Any, state.statement).compile(dialect=postgresql.dialect())))  # type: ignore[no-untyped-call]

        assert seats.take_try(db, found[0]) == PIN_TRIES - 1
    assert ["FOR UPDATE" in each for each in asked] == [True]
