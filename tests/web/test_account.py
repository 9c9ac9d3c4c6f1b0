"""Looking after one's own sign-in: first steps, password, PIN, details, locking."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from decisionaid.casework import passwords, people
from decisionaid.casework.seats import PIN_TRIES
from decisionaid.casework.tries import ONE_PERSON
from decisionaid.storage.database import Database
from decisionaid.storage.models import Role, Service
from tests.builders import PASSWORD, PASSWORD_HASH, PIN_HASH, Case, a_case
from tests.police import Police, words
from tests.web.doors import NEW_PASSWORD, NEW_PIN, STEPS, errors, lock, sign_in, unlock


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database)


@pytest.fixture
def desk(app: Flask, case: Case) -> Police:
    """Maya's desk."""
    return sign_in(app)


@pytest.fixture
def newcomer(app: Flask, case: Case) -> Police:
    """Idris, who has a first password and nothing else."""
    with case.database.writing() as db:
        people.add_staff(
            db,
            db.query(Service).one(),
            login="Idris",
            name="Idris Vaughan",
            role=Role.KEYWORKER,
            password_hash=PASSWORD_HASH,
            language="en",
            actor="test",
            now=datetime.now(UTC),
        )
    return sign_in(app, "idris")


def test_first_steps_come_before_anything_else(newcomer: Police) -> None:
    for path in ("/desk/", "/desk/plans", "/desk/clients/new", "/desk/account"):
        assert newcomer.get(path).headers["Location"] == "/desk/first-steps"
    newcomer.send("/desk/first-steps", **STEPS)
    assert "No clients here yet" in words(newcomer.get("/desk/"))
    assert newcomer.get("/desk/first-steps").headers["Location"] == "/desk/"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "too short", "password_again": "too short"}, "password"),
        ({"password": "x" * 129, "password_again": "x" * 129}, "password"),
        ({"password": PASSWORD, "password_again": PASSWORD}, "password"),
        ({"password": "aaaaaaaaaaaa", "password_again": "aaaaaaaaaaaa"}, "password"),
        ({"password": "our Idris comes", "password_again": "our Idris comes"}, "password"),
        ({"password": "up to hill lane", "password_again": "up to hill lane"}, "password"),
        ({"password_again": "something else!"}, "password_again"),
        ({"pin": "12345", "pin_again": "12345"}, "pin"),
        ({"pin": "abcdef", "pin_again": "abcdef"}, "pin"),
        ({"pin": "١٢٣٥٧٩", "pin_again": "١٢٣٥٧٩"}, "pin"),
        ({"pin": "111111", "pin_again": "111111"}, "pin"),
        ({"pin": "123456", "pin_again": "123456"}, "pin"),
        ({"pin": "121212", "pin_again": "121212"}, "pin"),
        ({"pin_again": "135792"}, "pin_again"),
    ],
)
def test_what_first_steps_refuse(newcomer: Police, change: dict[str, Any], field: str) -> None:
    response = newcomer.send("/desk/first-steps", status=422, **{**STEPS, **change})
    assert errors(response)[0][0] == field
    assert NEW_PASSWORD not in response.get_data(as_text=True)
    assert newcomer.get("/desk/").headers["Location"] == "/desk/first-steps"


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "at least 12 characters"),
        ("abcdefghijklmnop", "is a pattern"),
        ("Maya and a dog", "Leave your name"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(desk: Police, password: str, said: str) -> None:
    typed: dict[str, Any] = {"current": PASSWORD, "password": password, "password_again": password}
    assert said in errors(desk.send("/desk/account/password", status=422, **typed))[0][1]


def test_changing_the_password_ends_every_other_session(app: Flask, desk: Police) -> None:
    other = sign_in(app)
    changed: dict[str, Any] = {"current": PASSWORD, "password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
    desk.send("/desk/account/password", status=422, **{**changed, "current": "not this one"})
    desk.send("/desk/account/password", **changed)
    assert desk.get("/desk/").status_code == 200
    assert other.get("/desk/").headers["Location"] == "/sign-in"
    sign_in(app, password=NEW_PASSWORD)


def test_own_password_cannot_be_guessed_at_the_desk(desk: Police) -> None:
    change: dict[str, Any] = {"pin": NEW_PIN, "pin_again": NEW_PIN}
    for _ in range(2):
        for _ in range(ONE_PERSON.free - 1):
            desk.send("/desk/account/pin", status=422, current="no", **change)
        desk.send("/desk/account/pin", current=PASSWORD, **change)
    for _ in range(ONE_PERSON.free):
        desk.send("/desk/account/pin", status=422, current="no", **change)
    refused = desk.send("/desk/account/pin", status=422, current=PASSWORD, **change)
    assert errors(refused) == [("current", "Too many tries. Wait 2 seconds, then try again.")]


def test_new_password_ends_the_waits_at_the_desk(app: Flask, desk: Police, case: Case) -> None:
    change: dict[str, Any] = {"pin": NEW_PIN, "pin_again": NEW_PIN}
    for _ in range(ONE_PERSON.free):
        desk.send("/desk/account/pin", status=422, current="no", **change)
    with case.database.writing() as db:
        maya = case.keyworker(db)
        people.reset(db, maya, passwords.hashed(PASSWORD), actor="reset-password", now=datetime.now(UTC))
        maya.must_change, maya.pin_hash = False, PIN_HASH
    sign_in(app).send("/desk/account/pin", current=PASSWORD, **change)


def test_own_details_and_language(desk: Police, case: Case) -> None:
    desk.send("/desk/account", language="xx", telephone="", hours="", status=422)
    desk.send("/desk/account", language="cy", telephone=" 01632  960199 ", hours="9 to 5")
    with case.database.reading() as db:
        maya = case.keyworker(db)
        assert (maya.language, maya.telephone, maya.hours) == ("cy", "01632 960199", "9 to 5")
    assert desk.page("/desk/").html["lang"] == "cy"  # type: ignore[index]


# Locking


def test_a_locked_desk_shows_nothing_until_the_pin_is_given(desk: Police, case: Case) -> None:
    held = desk.get_cookie("seat")
    lock(desk)
    for path in ("/desk/", f"/desk/clients/{case.client_id}", "/desk/plans", "/desk/account"):
        response = desk.get(path)
        assert response.headers["Location"] == "/desk/locked"
        assert "Rowan" not in response.get_data(as_text=True)
    assert "Rowan" not in words(desk.get("/desk/locked"))
    unlock(desk)
    renewed = desk.get_cookie("seat")
    assert held is not None
    assert renewed is not None
    assert renewed.value != held.value
    assert "Rowan Ellis" in words(desk.get("/desk/"))


def test_five_wrong_pins_ask_for_a_full_sign_in(desk: Police) -> None:
    lock(desk)
    for _ in range(PIN_TRIES - 1):
        unlock(desk, "000000", status=422)
    unlock(desk, "000000")
    assert desk.get("/desk/locked").headers["Location"] == "/sign-in"
    assert desk.get("/sign-in").status_code == 200
    desk.send("/sign-in", login="maya", password=PASSWORD)
    assert desk.get("/desk/").status_code == 200
