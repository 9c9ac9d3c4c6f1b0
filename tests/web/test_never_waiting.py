"""A page never waits for those who write: while someone writes, every page of every seat answers."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from decisionaid.storage.database import Database
from decisionaid.storage.models import SeatRow
from tests.builders import Case, a_case
from tests.police import Police
from tests.promises.onlookers import addresses, browser, ids_of, sit, token_of

SEATS = ("client", "keyworker", "together", "admin", "anonymous")
WITHIN = 5
"""Seconds. A writer's turn is waited for twice as long."""


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).sorted_by_both().confirmed()


@contextmanager
def someone_writes(database: Database) -> Iterator[None]:
    with database.writing() as db:
        db.execute(text("UPDATE service SET name = name"))
        yield


@contextmanager
def a_little_later() -> Iterator[None]:
    """Late enough that being seen is noted again."""
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
        yield


@pytest.mark.parametrize("seat", SEATS)
def test_every_page_answers_while_someone_writes(app: Flask, case: Case, seat: str) -> None:
    asker, waited = sit(app, case, seat), {}
    with a_little_later(), someone_writes(case.database):
        for address in addresses(app, "GET", **ids_of(case)):
            begun = time.monotonic()
            status = asker.get(address.path).status_code
            if status >= 500 or time.monotonic() - begun > WITHIN:
                waited[address.path] = status
    assert not waited


def seen_at(case: Case) -> datetime:
    with case.database.reading() as db:
        return db.query(SeatRow).one().seen_at


def test_being_seen_is_noted_once_nobody_writes(app: Flask, case: Case) -> None:
    desk: Police = browser(app, token_of(case, "keyworker"))
    before = seen_at(case)
    with a_little_later():
        with someone_writes(case.database):
            assert desk.get("/desk/").status_code == 200
            assert seen_at(case) == before
        desk.get("/desk/")
        assert seen_at(case) > before + timedelta(minutes=1)
