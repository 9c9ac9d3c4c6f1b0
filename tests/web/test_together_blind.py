"""Nothing of the keyworker's sort is shown before the client has said that their own answers are right."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from decisionaid.casework import sorting
from decisionaid.core.sort import Rating
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.models import Round, SortRecord
from tests.builders import CARDS, Case, a_case
from tests.police import Police, words
from tests.web.together_table import sit, write

CANARY = "the keyworker thinks of herons"
SAMPLES = {"number": "1", "version": "1", "outcome": "differ", "part": "support", "party": "client", "kind": "planned"}


def with_canary(case: Case) -> Case:
    """Both have finished; the keyworker's reason is one that can be looked for."""
    case.with_open_sorts().sorted_by_client()
    with case.database.writing() as db:
        sort = sorts.load(db, db.get_one(SortRecord, (case.service_id, case.keyworker_sort_id)))
        assert sort is not None
        for card in CARDS:
            sorting.rate_card(db, sort, CARDS, card, Rating.DEFINITELY, case.later())
            sorting.describe_card(db, sort, CARDS, card, {"why": CANARY}, case.later())
        db.flush()
        sorting.finish(db, sort.record, case.round(db), seen=sorts.fingerprint(db, sort.record), now=case.later())
    return case


def addresses(app: Flask, method: str) -> list[str]:
    """Every address of this seat that answers `method`, with something in each blank."""
    rules = [r for r in app.url_map.iter_rules() if r.endpoint.startswith("together.") and method in (r.methods or ())]
    return [re.sub(r"<(?:\w+:)?(\w+)>", lambda found: SAMPLES[found[1]], rule.rule) for rule in rules]


def test_no_page_shows_a_trace_before_the_client_confirms(app: Flask, database: Database) -> None:
    table = sit(app, with_canary(a_case(database)))
    pages = {address: table.get(address, follow_redirects=True) for address in addresses(app, "GET")}
    assert len(pages) > 20
    traces = [address for address, page in pages.items() if CANARY in page.text or "side-by-side" in page.text]
    assert traces == []
    assert "is this what you chose?" in words(pages["/together/side-by-side"])


def test_after_confirming_the_same_look_finds_it(app: Flask, database: Database) -> None:
    table = sit(app, with_canary(a_case(database)))
    write(table, "/together/", to="/together/confirm")
    assert any(CANARY in table.get(address, follow_redirects=True).text for address in addresses(app, "GET"))


def test_no_form_works_before_the_client_confirms(app: Flask, database: Database) -> None:
    table = sit(app, with_canary(a_case(database)))
    token = str(table.page("/together/").find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]
    before = {"/together/confirm", "/together/not-right", "/together/leave", "/together/desk"}
    for address in set(addresses(app, "POST")) - before:
        answer = table.post(address, data={"csrf_token": token})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/together/"), address


@pytest.mark.parametrize("finished", ["nobody", "client", "keyworker"])
def test_who_has_finished_is_not_told(app: Flask, database: Database, finished: str) -> None:
    case = a_case(database).with_open_sorts()
    if finished == "client":
        case.sorted_by_client()
    if finished == "keyworker":
        case.sorted_by_keyworker()
    said = words(sit(app, case).get("/together/"))
    assert "First, you each do the cards" in said
    assert "finished your cards. There’s no rush. Back to my client list" in said


def test_not_right_closes_unseen_and_opens_a_fresh_round(app: Flask, database: Database) -> None:
    case = with_canary(a_case(database))
    table = sit(app, case)
    write(table, "/together/not-right", {"reason": "I pressed the wrong ones"})
    shown = table.get("/together/", follow_redirects=True)
    assert "These cards are closed" in words(shown)
    assert CANARY not in everything(app, table)
    with database.reading() as db:
        rounds = db.query(Round).order_by(Round.number).all()
        assert [round_.closed_reason for round_ in rounds] == ["I pressed the wrong ones", ""]
        assert rounds[1].closed_at is None
    fresh = sit(app, replace(case, round_id=rounds[1].id))
    assert "First, you each do the cards" in words(fresh.get("/together/"))


def test_confirming_twice_and_saying_not_right_after_are_refused(app: Flask, database: Database) -> None:
    table = sit(app, with_canary(a_case(database)))
    first, second = (_token(table) for _ in range(2))
    assert table.post("/together/confirm", data=first).status_code == 303
    assert table.heard("/together/confirm", second) == 409
    assert table.heard("/together/not-right", {**second, "reason": "Late"}) == 409


def _token(table: Police) -> dict[str, str]:
    """The token of the page as it is drawn now."""
    form = table.page("/together/").find("input", attrs={"name": "csrf_token"})
    return {"csrf_token": str(form["value"])}  # type: ignore[index]


def everything(app: Flask, table: Police) -> str:
    """All pages of the seat in one."""
    return "".join(table.get(address, follow_redirects=True).text for address in addresses(app, "GET"))
