"""Out of this seat: to the desk with the PIN, or to the neutral page."""

import pytest
from flask import Flask

from decisionaid.storage.database import Database
from decisionaid.storage.models import SeatRow
from tests.builders import PIN, a_case
from tests.police import words
from tests.web.together_table import sit, write


def test_the_pin_opens_the_desk_and_ends_this_seat(app: Flask, database: Database) -> None:
    table = sit(app, a_case(database).sorted_by_both())
    old = table.get_cookie("seat")
    assert write(table, "/together/desk", {"pin": PIN}).headers["Location"] == "/desk/"
    assert table.get("/desk/").status_code == 200
    assert table.get("/together/").status_code == 404
    assert old is not None
    table.set_cookie("seat", old.value)
    assert table.get("/together/").headers["Location"] == "/away"


@pytest.mark.promise("P02")
def test_five_wrong_pins_leave_only_the_sign_in(app: Flask, database: Database) -> None:
    table = sit(app, a_case(database).sorted_by_both())
    for left in (4, 3, 2, 1):
        said = words(write(table, "/together/desk", {"pin": "000000"}, status=422))
        assert f"{left} {'try' if left == 1 else 'tries'} left" in said
    assert write(table, "/together/desk", {"pin": "000000"}).headers["Location"] == "/sign-in"
    assert table.get("/together/desk").headers["Location"] == "/sign-in"
    token = str(table.page("/together/").find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]
    assert table.post("/together/desk", data={"pin": PIN, "csrf_token": token}).headers["Location"] == "/sign-in"


def test_the_desk_does_not_answer_from_here(app: Flask, database: Database) -> None:
    table = sit(app, a_case(database).sorted_by_both())
    for address in ("/desk/", "/s/", "/admin/"):
        assert table.get(address).status_code == 404


def test_a_break_shows_nothing_of_anybody(app: Flask, database: Database) -> None:
    table = sit(app, a_case(database).sorted_by_both().confirmed())
    main = table.page("/together/break").find("main")
    assert main is not None
    assert "Rowan" not in main.get_text()


def test_leaving_ends_the_seat(app: Flask, database: Database) -> None:
    table = sit(app, a_case(database).sorted_by_both())
    assert write(table, "/together/", to="/together/leave").headers["Location"] == "/away"
    with database.reading() as db:
        assert db.query(SeatRow).count() == 0
    assert table.get("/together/").headers["Location"] == "/away"
