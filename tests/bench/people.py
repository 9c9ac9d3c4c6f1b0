"""Who is there when something is measured: clients with a tablet, and whole services of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, inspect
from sqlalchemy.orm import Session

from decisionaid import create_app
from decisionaid.casework import seats
from decisionaid.core.search import haystack, reference_key
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, Staff
from tests.builders import Case, a_case


@contextmanager
def an_app(database: Database) -> Iterator[Flask]:
    """The program over a database, in this process."""
    app = create_app(DATABASE=database)
    try:
        yield app
    finally:
        app.extensions["pdf"].close()


def at_seat(app: Flask, token: str) -> FlaskClient:
    """A browser that holds a seat."""
    browser = app.test_client()
    browser.set_cookie("seat", token)
    return browser


def desk_token(database: Database, service_id: str, login: str) -> str:
    """The desk of somebody who works there."""
    with database.writing() as db:
        staff = db.query(Staff).filter_by(service_id=service_id, login=login).one()
        return seats.open_desk(db, staff, datetime.now(UTC))


def tablet_token(case: Case) -> str:
    """A tablet in the hands of the client."""
    return _from_desk(case, seats.hand_over)


def together_token(case: Case) -> str:
    """The screen at which the two sit together."""
    return _from_desk(case, seats.open_together)


def _from_desk(case: Case, opened: Any) -> str:
    now = datetime.now(UTC)
    with case.database.writing() as db:
        token = seats.open_desk(db, case.keyworker(db), now)
        db.flush()
        found = seats.seated(db, token, now)
        assert found is not None
        return str(opened(db, found[0], case.round(db), now))


def sorters(database: Database, number: int, language: str = "en") -> list[Case]:
    """So many clients who have begun to sort."""
    return [
        a_case(database, name=f"Person {n}", reference=f"{language}-{n}", language=language).with_open_sorts()
        for n in range(number)
    ]


def a_service_of(database: Database, clients: int, *, mine: int = 60) -> Case:
    """A service of so many clients, of whom a keyworker ("maya") has `mine`; all others are another's, each with an
    open round. Returns a case of the other keyworker."""
    for number in range(mine):
        case = a_case(database, name=f"Mine {number:03}", reference=f"M-{number}")
        if number % 3:
            case.with_round()
        if number % 3 == 1:
            case.sorted_by_both()
    other = a_case(database, login="idris", name="Other", reference="O-0").with_round()
    with database.writing() as db:
        client, round_ = db.get_one(Client, (other.service_id, other.client_id)), other.round(db)
        numbers = range(1, clients - mine)
        named = [_named(number) for number in numbers]
        _copies(db, client, named)
        _copies(db, round_, [{"id": f"round-{one['id']}", "client_id": one["id"]} for one in named])
    return other


def _named(number: int) -> dict[str, object]:
    name, reference = f"Person {number:05}", f"P-{number}"
    made = {"sought": haystack(name, "", reference, ""), "reference_key": reference_key(reference)}
    return {"id": f"p-{number}", "name": name, "reference": reference, **made}


def _copies(db: Session, original: Any, changes: list[dict[str, object]]) -> None:
    columns = {column.key: getattr(original, column.key) for column in inspect(type(original)).column_attrs}
    db.execute(insert(type(original)), [{**columns, **change} for change in changes])
