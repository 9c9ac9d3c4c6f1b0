"""What was changed in the database past the program is neither shown, nor signed, nor printed."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from decisionaid.casework import sealing
from decisionaid.core.plan import text_hash
from decisionaid.storage.database import Database
from decisionaid.storage.models import Printout, Signature, Signing
from decisionaid.storage.triggers import TRIGGERS
from tests.builders import Case, a_case
from tests.police import Police, words
from tests.promises.onlookers import desk_token
from tests.web.doors import sat_once
from tests.web.together_table import both_sign, sit, write

ALTERED, TITLE = 409, "This plan has been altered"


def with_plan(app: Flask, case: Case) -> Police:
    """A plan that waits for both."""
    table = sit(app, case.sorted_by_both().confirmed())
    write(table, "/together/goals", {"title": "Walk more"})
    write(table, "/together/preview", to="/together/freeze")
    return table


def signed_plan(app: Flask, case: Case) -> Police:
    """A plan that both have signed."""
    table = sit(app, case.sorted_by_both().confirmed())
    write(table, "/together/goals", {"title": "Walk more"})
    both_sign(table)
    return table


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database)


def desk_of(app: Flask, case: Case) -> Police:
    desk = app.test_client()
    assert isinstance(desk, Police)
    desk.set_cookie("seat", desk_token(case, case.keyworker_id))
    return desk


def _text(db: Session) -> None:
    db.query(Signing).one().text += "<p>And no drink at all.</p>"


def _text_and_its_hash(db: Session) -> None:
    """Whoever knows how the hash is made still has the signatures against them."""
    signing = db.query(Signing).one()
    signing.text += "<p>And no drink at all.</p>"
    signing.text_hash = text_hash(signing.text, signing.language, signing.version, signing.deck_digest)


def _language(db: Session) -> None:
    db.query(Signing).one().language = "cy"


def _decks(db: Session) -> None:
    db.query(Signing).one().deck_digest = "other"


def _signature(db: Session) -> None:
    db.query(Signature).first().text_hash = "of another text"  # type: ignore[union-attr]


def _paper(db: Session) -> None:
    kept = db.query(Printout).one()
    kept.pdf = kept.pdf.replace(b"%PDF-1.7", b"%PDF-1.6")


def _hash_of_paper(db: Session) -> None:
    db.query(Printout).one().pdf_hash = ""


TEXTS: list[Callable[[Session], None]] = [_text, _language, _decks]
OF_A_SIGNED_PLAN = [*TEXTS, _text_and_its_hash, _signature, _paper, _hash_of_paper]


def alter(case: Case, how: Callable[[Session], None]) -> None:
    with case.database.writing() as db:
        for trigger in TRIGGERS:
            for drop in trigger.drop("sqlite"):
                db.execute(text(drop))
        how(db)


@pytest.mark.parametrize("how", OF_A_SIGNED_PLAN)
def test_an_altered_plan_is_not_printed(app: Flask, case: Case, how: Callable[[Session], None]) -> None:
    table = sat_once(signed_plan, app, case)
    desk = desk_of(app, case)
    with case.database.reading() as db:
        signing = db.query(Signing).one()
    files = {table: "/together/plan-1-1.pdf", desk: f"/desk/papers/{signing.id}/plan-1-1.pdf"}
    assert [seat.get(path).mimetype for seat, path in files.items()] == ["application/pdf"] * 2
    alter(case, how)
    for seat, path in files.items():
        answer = seat.get(path)
        assert (answer.status_code, answer.mimetype) == (ALTERED, "text/html")
        assert TITLE in words(answer) and "they can look for the plan in a backup" in words(answer)


@pytest.mark.parametrize("how", [*TEXTS, _text_and_its_hash, _signature])
def test_a_paper_that_was_not_kept_yet_is_not_made_of_an_altered_text(
    app: Flask, case: Case, how: Callable[[Session], None]
) -> None:
    sat_once(signed_plan, app, case)
    alter(case, how)
    with case.database.writing() as db:
        db.query(Printout).delete()
        signing = db.query(Signing).one()
    desk = desk_of(app, case)
    page = desk.page(f"/desk/clients/{case.client_id}")
    form = page.select_one(f'form[action="/desk/papers/{signing.id}"]')
    assert form is not None
    sent = desk.post(
        f"/desk/papers/{signing.id}", data={str(box["name"]): box["value"] for box in form.select("input")}
    )
    assert sent.status_code == 303
    assert (desk.led(sent).status_code, TITLE in words(desk.led(sent))) == (ALTERED, True)
    with case.database.reading() as db:
        assert db.query(Printout).count() == 0


def test_a_replaced_version_that_was_altered_is_not_printed(app: Flask, case: Case) -> None:
    table = sat_once(signed_plan, app, case)
    both_sign(table)
    assert table.get("/together/plan-1-1.pdf").mimetype == "application/pdf"
    with case.database.writing() as db:
        for trigger in TRIGGERS:
            for drop in trigger.drop("sqlite"):
                db.execute(text(drop))
        db.query(Signing).filter_by(version=1).one().text += "!"
    assert table.get("/together/plan-1-1.pdf").status_code == ALTERED
    assert table.get("/together/plan-1-2.pdf").mimetype == "application/pdf"


@pytest.mark.parametrize("how", TEXTS)
def test_an_altered_text_is_neither_shown_nor_signed(app: Flask, case: Case, how: Callable[[Session], None]) -> None:
    table = sat_once(with_plan, app, case)
    page = table.page("/together/sign")
    assert "And no drink" not in page.get_text()
    form = page.select_one('form[action="/together/sign/client"]')
    assert form is not None
    fields = {str(box["name"]): str(box.get("value", "")) for box in form.select("input[name]")}
    alter(case, how)
    assert table.page("/together/sign").h1.get_text() == TITLE  # type: ignore[union-attr]
    assert "And no drink" not in table.get("/together/sign").text
    sent = table.post("/together/sign/client", data={**fields, "client-signs": "yes", "client-name": "Rowan Ellis"})
    assert TITLE in words(table.led(sent))
    with case.database.reading() as db:
        assert db.query(Signature).count() == 0


def test_control_without_the_look_at_the_hash_it_prints(
    app: Flask, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = sat_once(signed_plan, app, case)
    monkeypatch.setattr(sealing, "check_text", lambda *_: None)
    monkeypatch.setattr(sealing, "check_paper", lambda *_: None)
    alter(case, _text)
    assert table.get("/together/plan-1-1.pdf").mimetype == "application/pdf"


def test_a_plan_can_be_withdrawn_where_its_text_was_altered(app: Flask, case: Case) -> None:
    """The way on for the two: nothing of the plan itself is lost."""
    table = sat_once(with_plan, app, case)
    alter(case, _text)
    write(table, "/together/sign", to="/together/withdraw")
    assert "Walk more" in words(table.get("/together/preview"))
    both_sign(table)
    assert table.get("/together/plan-1-2.pdf").mimetype == "application/pdf"
