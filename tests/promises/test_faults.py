"""P30: whatever fails beneath a page, the person gets a plain page with a reference, and nothing is half written."""

import re
from typing import Any

import pytest
from flask import Flask, Response
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from decisionaid.casework import history, seats
from decisionaid.printing import PdfPool, PrintFailed
from decisionaid.storage.database import Database
from decisionaid.web import request
from tests.builders import Case, a_case
from tests.police import Police, words
from tests.promises.onlookers import HOMES, addresses, csrf_of, ids_of, rows, sit
from tests.web.together_table import both_sign, write

SECRET = "the disk at node seven"
PLAIN = re.compile(r"\b[0-9a-f]{8}\b")


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).sorted_by_both().confirmed()


@pytest.fixture
def table(app: Flask, case: Case) -> Police:
    browser = sit(app, case, "together")
    write(browser, "/together/goals", {"title": "Walk more"})
    return browser


def breaks(*_: Any, **__: Any) -> Any:
    raise RuntimeError(SECRET)


def jams(*_: Any, **__: Any) -> Any:
    raise PrintFailed(SECRET)


def disk_fails(*_: Any, **__: Any) -> Any:
    raise OperationalError("SELECT secret", {}, Exception(SECRET))


def check_plain(response: TestResponse) -> None:
    """A page for people: what to do, a reference, nothing of the program."""
    said = words(response)
    assert response.status_code in (500, 503), response.request.path
    assert PLAIN.search(said)
    assert not any(word in response.text for word in (SECRET, "Traceback", "SELECT", ".py", "RuntimeError"))


def give_tablet(desk: Police, case: Case, token: str) -> TestResponse:
    """A press that writes in several places."""
    return desk.post(f"/desk/rounds/{case.round_id}/hand-over", data={"csrf_token": token})


PARTS: list[tuple[Any, str]] = [
    (Session, "flush"),
    (Session, "commit"),
    (Session, "get"),
    (history, "of_round"),
]


@pytest.mark.promise("P30")
@pytest.mark.parametrize("fault", [breaks, disk_fails])
@pytest.mark.parametrize(("owner", "name"), PARTS)
def test_a_press_that_fails_beneath_leaves_nothing_half_written(
    app: Flask, case: Case, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, fault: Any
) -> None:
    desk = sit(app, case, "keyworker")
    token, before = csrf_of(desk, "/desk/"), rows(case)
    with monkeypatch.context() as broken:
        broken.setattr(owner, name, fault)
        check_plain(give_tablet(desk, case, token))
    assert rows(case) == before
    assert give_tablet(desk, case, token).status_code == 303
    assert rows(case) != before


@pytest.mark.promise("P30")
@pytest.mark.parametrize(("method", "name"), [("GET", "open_reader"), ("POST", "reading"), ("POST", "open_writer")])
@pytest.mark.parametrize("seat", ["client", "keyworker", "together", "admin"])
def test_no_page_opens_while_the_database_fails(
    app: Flask, case: Case, monkeypatch: pytest.MonkeyPatch, seat: str, method: str, name: str
) -> None:
    asker, plain, asked = sit(app, case, seat), 0, addresses(app, method, **ids_of(case))
    token, before = csrf_of(asker, HOMES[seat]), rows(case)
    with monkeypatch.context() as broken:
        broken.setattr(Database, name, disk_fails)
        for address in asked:
            response = asker.open(address.path, method=method, data={"csrf_token": token} if method == "POST" else None)
            assert SECRET not in response.text
            assert "Rowan" not in response.text, address.path
            if response.status_code >= 500:
                check_plain(response)
                plain += 1
    assert plain > 5
    assert rows(case) == before
    print(f"P30: {seat}, {method}, {name} fails: {len(asked)} asked, {plain} plain pages, nothing written")


@pytest.mark.promise("P30")
def test_a_template_that_fails_shows_a_plain_page(app: Flask, table: Police, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("/together/goals", "/together/preview"):
        assert table.get(path).status_code == 200
    monkeypatch.setattr(app.jinja_env, "get_or_select_template", breaks)
    for path in ("/together/goals", "/together/preview"):
        check_plain(table.get(path))


@pytest.mark.promise("P30")
def test_a_plan_that_cannot_be_written_out_is_not_frozen(
    app: Flask, case: Case, table: Police, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, before = csrf_of(table, "/together/goals"), rows(case)
    monkeypatch.setattr(app.jinja_env, "get_or_select_template", breaks)
    check_plain(table.post("/together/freeze", data={"csrf_token": token}))
    assert rows(case) == before


@pytest.mark.promise("P30")
def test_a_printer_that_fails_keeps_no_paper(
    app: Flask, case: Case, table: Police, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(app.extensions["pdf"], "pdf", jams)
        both_sign(table)
        broken.setattr(app.extensions["pdf"], "pdf", breaks)
        before = rows(case)
        check_plain(write(table, "/together/done", to="/together/print/1", status=500))
        assert rows(case) == before
    assert write(table, "/together/done", to="/together/print/1").status_code == 303


@pytest.mark.promise("P30")
def test_blank_paper_that_cannot_be_printed_says_so(app: Flask, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = sit(app, case, "keyworker")
    monkeypatch.setattr(PdfPool, "pdf", jams)
    check_plain(desk.get("/desk/blank/en/plan-en.pdf"))


@pytest.mark.promise("P30")
def test_a_gate_that_fails_lets_nobody_in(app: Flask, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = sit(app, case, "keyworker")
    assert "Rowan" in words(desk.get("/desk/"))
    monkeypatch.setattr(seats, "seated", breaks)
    check_plain(desk.get("/desk/"))


@pytest.mark.promise("P30")
def test_control_a_page_that_tells_of_the_fault_is_noticed(
    own_app: Flask, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = "<html lang=en dir=ltr><title>Fault</title><main><h1>Fault 0a1b2c3d</h1>{}</main></html>"
    own_app.register_error_handler(Exception, lambda error: (page.format(error), 500))
    desk = sit(own_app, case, "keyworker")
    monkeypatch.setattr(seats, "seated", breaks)
    with pytest.raises(AssertionError):
        check_plain(desk.get("/desk/"))


@pytest.mark.promise("P30")
def test_control_what_is_kept_in_spite_of_a_fault_is_noticed(
    own_app: Flask, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep_all_the_same(response: Response) -> Response:
        request.commit()
        return response

    own_app.after_request(keep_all_the_same)
    desk = sit(own_app, case, "keyworker")
    token, before = csrf_of(desk, "/desk/"), rows(case)
    monkeypatch.setattr(history, "of_round", breaks)
    check_plain(give_tablet(desk, case, token))
    assert rows(case) != before
