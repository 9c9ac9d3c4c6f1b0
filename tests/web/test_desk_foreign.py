"""What is not this keyworker's does not exist, in every address of the desk."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from decisionaid.casework import people, reviewing
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, Handover, Role, Round, Staff
from tests.builders import PIN, ROUND_DECK, Case, a_case
from tests.police import Police, parsed, words
from tests.web.doors import browser, sign_in

ADA: dict[str, Any] = {"name": "Ada Finch", "preferred_name": "Ada", "reference": "AF-1", "language": "en"}


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database)


@pytest.fixture
def desk(app: Flask, case: Case) -> Police:
    """Maya's desk."""
    return sign_in(app)


@pytest.fixture
def foreign(database: Database, case: Case) -> list[str]:
    """The ids of somebody else's client and round, of another service's, and of nobody's."""
    other = a_case(database, login="idris", name="Elin Frost", reference="EF-0533").with_round()
    with database.writing() as db:
        service = people.found_service(db, "Elsewhere", language="en", now=datetime.now(UTC))
        staff = Staff(
            service_id=service.id,
            login="sam",
            name="Sam",
            role=Role.KEYWORKER,
            password_hash="x",
            pin_hash="x",
            must_change=False,
            created_at=datetime.now(UTC),
        )
        db.add(staff)
        db.flush()
        theirs = people.add_client(db, staff, ADA, now=datetime.now(UTC))
        round_ = reviewing.open_round(db, theirs, staff, deck=ROUND_DECK, now=datetime.now(UTC))
        ids = [theirs.id, round_.id]
    return [other.client_id, other.round_id, *ids, case.keyworker_id, "nobody", "%00", "..", "x" * 300]


PATHS = [
    ("GET", "/desk/clients/{}"),
    ("GET", "/desk/clients/{}/details"),
    ("POST", "/desk/clients/{}/details"),
    ("POST", "/desk/clients/{}/rounds"),
    ("GET", "/desk/rounds/{}/hand-over"),
    ("POST", "/desk/rounds/{}/hand-over"),
    ("POST", "/desk/rounds/{}/together"),
    ("GET", "/desk/rounds/{}/close"),
    ("POST", "/desk/rounds/{}/close"),
    ("POST", "/desk/papers/{}"),
    ("GET", "/desk/papers/{}/plan-1-1.pdf"),
]


def counts(database: Database) -> list[int]:
    with database.reading() as db:
        return [db.query(model).count() for model in (Client, Round, Handover)]


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_foreign_ids_are_like_unknown_ones(
    desk: Police, foreign: list[str], database: Database, method: str, path: str
) -> None:
    token = parsed(desk.get("/desk/")).find("input", attrs={"name": "csrf_token"})
    assert token is not None
    before, seen = counts(database), set()
    for id_ in foreign:
        data = {"csrf_token": token["value"], "reason": "x", **ADA} if method == "POST" else None
        there = path.format(id_)
        response = desk.press(there, data, status=404) if data else desk.get(there)
        assert response.status_code == 404, id_
        seen.add(words(response))
    assert len(seen) == 1
    assert counts(database) == before


def test_positive_control_ones_own_ids_answer(desk: Police, case: Case) -> None:
    case.with_round()
    for path in (f"/desk/clients/{case.client_id}", f"/desk/rounds/{case.round_id}/close"):
        assert desk.get(path).status_code == 200


def test_a_disabled_keyworker_is_out_at_once(desk: Police, case: Case) -> None:
    with case.database.writing() as db:
        people.disable(db, case.keyworker(db), actor=case.keyworker(db), now=datetime.now(UTC))
    assert desk.get("/desk/").headers["Location"] == "/sign-in"


def test_a_pin_is_not_a_password(app: Flask, case: Case) -> None:
    browser(app).send("/sign-in", login="maya", password=PIN, status=422)
