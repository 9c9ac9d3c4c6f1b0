"""A client whose seat the service has ended is told what is saved and whom to ask, by each way of asking."""

import pytest
from flask import Flask

from decisionaid.casework import people
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, SeatRow, Staff
from tests.builders import Case, a_case
from tests.police import Police, words
from tests.promises.onlookers import admin_of, browser, colleague, own_device_token, token_of
from tests.web.saves import save
from tests.web.sorters import held, token

SAVED = "Your answers are saved"


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_open_sorts()


@pytest.fixture
def phone(app: Flask, case: Case) -> Police:
    return browser(app, own_device_token(case))


def end(case: Case, how: str = "disabled") -> None:
    other = colleague(case)
    with case.database.writing() as db:
        admin = db.get_one(Staff, (case.service_id, admin_of(case)))
        if how == "disabled":
            people.disable(db, case.keyworker(db), actor=admin, now=case.later())
        else:
            client = db.get_one(Client, (case.service_id, case.client_id))
            people.reassign(db, client, db.get_one(Staff, (case.service_id, other)), actor=admin, now=case.later())


@pytest.mark.promise("P10")
@pytest.mark.parametrize("how", ["disabled", "handed on"])
@pytest.mark.parametrize("path", ["/s/", "/s/card/1", "/s/check", "/s/done"])
def test_each_page_says_what_is_saved_and_whom_to_ask(phone: Police, case: Case, how: str, path: str) -> None:
    assert SAVED not in words(phone.get(path, follow_redirects=True)), "control: nothing has ended yet"
    end(case, how)
    answer = phone.get(path)
    assert answer.status_code == 410
    assert SAVED in words(answer) and "Ask the service to carry on." in words(answer)
    assert "Rowan" not in answer.text and "Maya" not in answer.text


def test_the_page_speaks_the_clients_language(phone: Police, case: Case) -> None:
    with case.database.writing() as db:
        db.get_one(Client, (case.service_id, case.client_id)).language = "cy"
    end(case)
    assert "Mae eich atebion wedi’u cadw" in words(phone.get("/s/"))


def test_a_press_without_script_leads_to_that_page_and_writes_nothing(phone: Police, case: Case) -> None:
    csrf_token = token(phone, "/s/card/1")
    end(case)
    answer = phone.post("/s/card/1", data={"answer": "definitely", "csrf_token": csrf_token})
    assert (answer.status_code, answer.location) == (303, "/s/")
    assert held(case).cards == {}


def test_the_saving_script_hears_that_its_choice_is_lost(phone: Police, case: Case) -> None:
    choice = save(phone, "/s/card/1", answer="definitely")
    assert choice.by(phone).status_code == 204
    later = save(phone, "/s/card/2", answer="definitely")
    end(case)
    assert later.by(phone).status_code == 410
    assert len(held(case).cards) == 1


def test_leaving_it_ends_the_telling(phone: Police, case: Case) -> None:
    end(case)
    page = phone.get("/s/")
    assert 'action="/s/leave"' in page.text
    assert phone.post("/s/leave").location == "/away"
    assert phone.get("/s/").location == "/away"
    with case.database.reading() as db:
        assert db.query(SeatRow).filter_by(kind="client").count() == 0


def test_a_seat_that_ended_otherwise_leads_to_the_neutral_page(app: Flask, case: Case) -> None:
    tablet = browser(app, token_of(case, "client"))
    own_device_token(case)  # the same cards on another device
    assert tablet.get("/s/card/1").location == "/away"
