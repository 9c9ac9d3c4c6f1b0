"""The keyworker's desk: clients, rounds, printing; what is typed badly."""

from typing import Any

import pytest
from flask import Flask

from decisionaid.casework import signing
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, Handover, Round, Signing
from tests.builders import Case, a_case
from tests.police import Police, parsed, words
from tests.web.cases import frozen, signed
from tests.web.doors import browser, errors, sign_in, unlock


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database, own_clock=True)


@pytest.fixture
def desk(app: Flask, case: Case) -> Police:
    """Maya's desk."""
    return sign_in(app)


# Clients

ADA: dict[str, Any] = {"name": "Ada Finch", "preferred_name": "Ada", "reference": "AF-1", "language": "en"}


def test_add_and_change_a_client(desk: Police, case: Case) -> None:
    added = desk.send("/desk/clients/new", **ADA, telephone="01632 960123", may_text="y", contact_note="Mornings")
    page = added.headers["Location"]
    assert "Ada Finch" in words(desk.get(page))
    desk.send(f"{page}/details", **{**ADA, "name": "Ada Wren"})
    said = words(desk.get(page))
    assert "Ada Wren" in said
    assert "No safe way recorded yet: only in person" in said
    with case.database.reading() as db:
        ada = db.query(Client).filter_by(reference="AF-1").one()
        assert ada.sought == "ada wren ada af 1 adawren af1 1632960123"
        assert not ada.may_text


def test_a_reference_alone_is_enough_with_a_second_identifier(desk: Police, case: Case) -> None:
    only: dict[str, Any] = {"reference": "0541", "language": "cy"}
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
def test_what_is_typed_badly_is_kept_and_said_at_its_field(desk: Police, change: dict[str, Any], field: str) -> None:
    response = desk.send("/desk/clients/new", status=422, **{**ADA, "preferred_name": "Adé <b>", **change})
    assert [where for where, _ in errors(response)] == [field]
    page = parsed(response)
    assert page.find(id="preferred_name")["value"] == "Adé <b>"  # type: ignore[index]


def test_nothing_is_stored_from_a_form_that_was_refused(desk: Police, case: Case) -> None:
    desk.send("/desk/clients/new", status=422, **{**ADA, "reference": "RE-0522"})
    with case.database.reading() as db:
        assert db.query(Client).count() == 1


def test_form_with_a_token_of_nobodys_shows_nothing_of_what_was_typed(desk: Police) -> None:
    response = desk.press("/desk/clients/new", {**ADA, "csrf_token": "old"}, status=400)
    assert "Nothing was saved" in words(response)
    for shown in (response.text, desk.get("/desk/clients/new").text):
        assert ADA["name"] not in shown


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
    token = parsed(desk.get(page)).find("input", attrs={"name": "csrf_token"})
    assert token is not None
    desk.press(f"{page}/rounds", {"csrf_token": token["value"]}, status=409)
    with case.database.reading() as db:
        assert db.query(Round).count() == 1


def test_close_an_unfinished_round_with_a_reason(desk: Police, case: Case) -> None:
    case.with_round()
    path = f"/desk/rounds/{case.round_id}/close"
    assert [field for field, _ in errors(desk.send(path, status=422, reason=" "))] == ["reason"]
    desk.send(path, reason="Moved away <i>soon</i>")
    said = words(desk.get(f"/desk/clients/{case.client_id}"))
    assert "Closed without a plan: Moved away <i>soon</i>" in said
    assert "Start the first round" in said
    assert desk.get(path).status_code == 409
    assert desk.get(f"/desk/rounds/{case.round_id}/hand-over").status_code == 409


@pytest.mark.promise("P02")
def test_a_round_whose_plan_waits_for_signatures_says_what_to_do_first(desk: Police, case: Case) -> None:
    case.sorted_by_both().confirmed()
    path = f"/desk/rounds/{case.round_id}/close"
    token = str(desk.page(path).select("input[name=csrf_token]")[0]["value"])
    frozen(case)
    sent = desk.led(desk.post(path, data={"csrf_token": token, "reason": "Moved away"}))
    for answer in (sent, desk.get(path)):
        assert answer.status_code == 409
        assert "This plan is waiting for signatures" in words(answer)
        assert "sign it, or choose “Change the plan first” there" in words(answer)
    with case.database.reading() as db:
        assert case.round(db).closed_at is None


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


# Printing


def test_what_was_signed_is_given_out_byte_for_byte_under_a_neutral_name(desk: Police, case: Case) -> None:
    signed(frozen(case.sorted_by_both().confirmed()))
    with case.database.writing() as db:
        version = db.query(Signing).one()
        signing.keep_paper(db, version, b"%PDF-1.7 as it was signed", case.later())
    path = f"/desk/papers/{version.id}"
    answer = desk.send(f"/desk/clients/{case.client_id}", path)
    assert answer.headers["Location"] == f"{path}/plan-1-1.pdf"
    paper = desk.get(answer.headers["Location"])
    assert paper.data == b"%PDF-1.7 as it was signed"
    assert paper.headers["Content-Disposition"] == 'inline; filename="plan-1-1.pdf"'
    assert paper.mimetype == "application/pdf"
    assert desk.get(f"{path}/plan-1-2.pdf").status_code == 404


def test_a_version_that_waits_for_signatures_has_no_paper(desk: Police, case: Case) -> None:
    frozen(case.sorted_by_both().confirmed())
    with case.database.reading() as db:
        version = db.query(Signing).one()
    assert desk.get(f"/desk/papers/{version.id}/plan-1-1.pdf").status_code == 404
    token = str(desk.page(f"/desk/clients/{case.client_id}").select("[name=csrf_token]")[0]["value"])
    assert desk.heard(f"/desk/papers/{version.id}", {"csrf_token": token}) == 404
