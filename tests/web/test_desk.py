"""The keyworker's desk: first steps, locking, clients, rounds; what is typed badly, and what is not theirs."""

from datetime import UTC, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from decisionaid.casework import people, reviewing
from decisionaid.casework.seats import PIN_TRIES
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, Handover, Role, Round, Service, Staff
from tests.builders import PASSWORD, PIN, Case, a_case
from tests.police import Police, words
from tests.web.doors import NEW_PASSWORD, NEW_PIN, browser, lock, sign_in, unlock


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database)


@pytest.fixture
def desk(app: Flask, case: Case) -> Police:
    """Maya's desk."""
    return sign_in(app)


def errors(response: Any) -> list[tuple[str, str]]:
    """What the summary says, each with the field that it links to (which must be on the page)."""
    page = BeautifulSoup(response.data, "html.parser")
    found = []
    for link in page.select("[data-error-summary] a"):
        field = str(link["href"]).removeprefix("#")
        assert page.find(id=field) is not None, f"the summary links to #{field}, which is not there"
        found.append((field, link.get_text(strip=True)))
    assert page.title is not None
    assert ("Error:" in page.title.get_text()) == bool(found)
    return found


# First steps, password, PIN


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
            password=PASSWORD,
            language="en",
            actor="test",
            now=datetime.now(UTC),
        )
    return sign_in(app, "idris")


STEPS = {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD, "pin": NEW_PIN, "pin_again": NEW_PIN}


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
        ({"password_again": "something else!"}, "password_again"),
        ({"pin": "12345", "pin_again": "12345"}, "pin"),
        ({"pin": "abcdef", "pin_again": "abcdef"}, "pin"),
        ({"pin": "١٢٣٥٧٩", "pin_again": "١٢٣٥٧٩"}, "pin"),
        ({"pin": "111111", "pin_again": "111111"}, "pin"),
        ({"pin": "123456", "pin_again": "123456"}, "pin"),
        ({"pin_again": "135792"}, "pin_again"),
    ],
)
def test_what_first_steps_refuse(newcomer: Police, change: dict[str, str], field: str) -> None:
    response = newcomer.send("/desk/first-steps", status=422, **{**STEPS, **change})
    assert [where for where, _ in errors(response)] == [field]
    assert NEW_PASSWORD not in response.get_data(as_text=True)
    assert newcomer.get("/desk/").headers["Location"] == "/desk/first-steps"


def test_changing_the_password_ends_every_other_session(app: Flask, desk: Police) -> None:
    other = sign_in(app)
    changed = {"current": PASSWORD, "password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
    desk.send("/desk/account/password", status=422, **{**changed, "current": "not this one"})
    desk.send("/desk/account/password", **changed)
    assert desk.get("/desk/").status_code == 200
    assert other.get("/desk/").headers["Location"] == "/sign-in"
    sign_in(app, password=NEW_PASSWORD)


def test_own_password_cannot_be_guessed_at_the_desk(desk: Police) -> None:
    for _ in range(10):
        desk.send("/desk/account/pin", status=422, current="no", pin=NEW_PIN, pin_again=NEW_PIN)
    desk.send("/desk/account/pin", status=429, current=PASSWORD, pin=NEW_PIN, pin_again=NEW_PIN)


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


# Clients

ADA = {"name": "Ada Finch", "preferred_name": "Ada", "reference": "AF-1", "language": "en"}


def test_add_and_change_a_client(desk: Police, case: Case) -> None:
    added = desk.send("/desk/clients/new", **ADA, telephone="01632 960123", may_text="y", contact_note="Mornings")
    page = added.headers["Location"]
    assert "Ada Finch" in words(desk.get(page))
    desk.send(f"{page}/details", **{**ADA, "name": "Ada Wren"})
    said = words(desk.get(page))
    assert "Ada Wren" in said
    assert "Only in person" in said
    with case.database.reading() as db:
        ada = db.query(Client).filter_by(reference="AF-1").one()
        assert ada.sought == "ada wren ada af-1"
        assert not ada.may_text


def test_a_reference_alone_is_enough_with_a_second_identifier(desk: Police, case: Case) -> None:
    only = {"reference": "0541", "language": "cy"}
    refused = desk.send("/desk/clients/new", status=422, **only)
    assert [field for field, _ in errors(refused)] == ["second_identifier"]
    desk.send("/desk/clients/new", **only, second_identifier="1979")
    assert "Client 0541 Reference only" in words(desk.get("/desk/"))
    with case.database.reading() as db:
        assert db.query(Client).filter_by(reference="0541").one().identifiers == ("0541", "1979")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reference": ""}, "reference"),
        ({"reference": "   "}, "reference"),
        ({"reference": "RE-0522"}, "reference"),
        ({"name": "x" * 81}, "name"),
        ({"language": "xx"}, "language"),
        ({"language": ""}, "language"),
        ({"may_ring": "y"}, "telephone"),
        ({"contact_note": "x" * 201}, "contact_note"),
    ],
)
def test_what_is_typed_badly_is_kept_and_said_at_its_field(desk: Police, change: dict[str, str], field: str) -> None:
    response = desk.send("/desk/clients/new", status=422, **{**ADA, "preferred_name": "Adé <b>", **change})
    assert [where for where, _ in errors(response)] == [field]
    page = BeautifulSoup(response.data, "html.parser")
    assert page.find(id="preferred_name")["value"] == "Adé <b>"  # type: ignore[index]


def test_nothing_is_stored_from_a_form_that_was_refused(desk: Police, case: Case) -> None:
    desk.send("/desk/clients/new", status=422, **{**ADA, "reference": "RE-0522"})
    with case.database.reading() as db:
        assert db.query(Client).count() == 1


def test_an_expired_form_is_sent_again_with_all_that_was_typed(desk: Police) -> None:
    response = desk.post("/desk/clients/new", data={**ADA, "csrf_token": "old"})
    assert response.status_code == 400
    page = BeautifulSoup(response.data, "html.parser")
    data = {field["name"]: field["value"] for field in page.select("main form input")}
    assert {name: data[name] for name in ADA} == ADA
    assert desk.post("/desk/clients/new", data=data).status_code == 303


def test_text_comes_tidy(desk: Police, case: Case) -> None:
    desk.send("/desk/clients/new", **{**ADA, "name": "  Ada\u202e \x00 Finch\t"})
    with case.database.reading() as db:
        assert db.query(Client).filter_by(reference="AF-1").one().name == "Ada Finch"


# Rounds


def test_open_a_round_once(desk: Police, case: Case) -> None:
    page = f"/desk/clients/{case.client_id}"
    desk.send(page, f"{page}/rounds")
    assert "Do your own cards" in words(desk.get(page))
    again = desk.send("/desk/clients/new", "/desk/lock")  # any page has a token
    assert again.status_code == 303
    unlock(desk)
    token = BeautifulSoup(desk.get(page).data, "html.parser").find("input", attrs={"name": "csrf_token"})
    assert token is not None
    refused = desk.post(f"{page}/rounds", data={"csrf_token": token["value"]})
    assert refused.status_code == 409
    with case.database.reading() as db:
        assert db.query(Round).count() == 1


def test_close_an_unfinished_round_with_a_reason(desk: Police, case: Case) -> None:
    case.with_round()
    path = f"/desk/rounds/{case.round_id}/close"
    assert [field for field, _ in errors(desk.send(path, status=422, reason=" "))] == ["reason"]
    desk.send(path, reason="Moved away <i>soon</i>")
    said = words(desk.get(f"/desk/clients/{case.client_id}"))
    assert "closed before a plan: Moved away <i>soon</i>" in said
    assert "Open the first round" in said
    assert desk.get(path).status_code == 409
    assert desk.get(f"/desk/rounds/{case.round_id}/hand-over").status_code == 409


def test_handing_the_tablet_over_closes_the_desk(app: Flask, desk: Police, case: Case) -> None:
    case.with_round()
    copied = browser(app)
    held = desk.get_cookie("seat")
    assert held is not None
    copied.set_cookie("seat", held.value)
    given = desk.send(f"/desk/rounds/{case.round_id}/hand-over")
    assert given.headers["Location"] == "/s/"
    assert desk.get("/desk/").status_code == 404
    assert copied.get("/desk/").headers["Location"] == "/sign-in"
    with case.database.reading() as db:
        assert db.query(Handover).one().by_id == case.keyworker_id


def test_sitting_together_closes_the_desk(desk: Police, case: Case) -> None:
    case.sorted_by_both()
    desk.send("/desk/", f"/desk/rounds/{case.round_id}/together")
    assert desk.get("/desk/").status_code == 404


# What is not theirs


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
        theirs = people.add_client(db, staff, {"name": "A", "reference": "A-1", "language": "en"}, now=datetime.now(UTC))
        round_ = reviewing.open_round(
            db, theirs, staff, deck_id="life-areas", deck_digest="x", places=5, now=datetime.now(UTC)
        )
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
    token = BeautifulSoup(desk.get("/desk/").data, "html.parser").find("input", attrs={"name": "csrf_token"})
    assert token is not None
    before, seen = counts(database), set()
    for id_ in foreign:
        data = {"csrf_token": token["value"], "reason": "x", **ADA} if method == "POST" else None
        response = desk.open(path.format(id_), method=method, data=data)
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
