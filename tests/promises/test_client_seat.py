"""P02: the client's seat is answered what is declared for it alone. P07: from the desk nothing writes the client's."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from decisionaid.core.sort import Party
from decisionaid.storage.database import Database
from decisionaid.storage.models import Handover
from tests.builders import CARDS, Case, a_case
from tests.police import Police
from tests.promises.onlookers import Address, addresses, bare, browser, csrf_of, ids_of, rows, sit
from tests.promises.test_doors import SEAT_OF
from tests.web.doors import sign_in
from tests.web.sorters import held
from tests.web.together_table import both_sign, paper, printed, write
from tests.web.together_table import sit as sit_together

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
OPEN = ("client", "everybody")
FORGED = {
    "party": "client",
    "side": "client",
    "as": "client",
    "answer": "definitely",
    "option": "stop",
    "go": "next",
    "what_matters": "FORGED",
    "why": "FORGED",
    "success": "FORGED",
    "words": "FORGED",
    "question": "FORGED",
    "title": "FORGED",
    "reason": "FORGED",
    "add": CARDS[0],
    "listened": "no",
    "say": "keyworker",
    "card": CARDS[0],
}
"""What somebody could send who wants to write for the client."""


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_open_sorts()


def asked(asker: Police, address: Address, method: str, token: str) -> TestResponse:
    data = {"csrf_token": token} if method in ("POST", "PUT", "PATCH", "DELETE") else None
    return asker.led(asker.open(address.path, method=method, data=data))


def declared(address: Address, method: str) -> bool:
    """Whether the table of doors lets this seat ask so; of what may be asked, anybody may ask how (OPTIONS)."""
    may = address.rule.methods or set()
    return SEAT_OF.get(address.endpoint) in OPEN and (method in may or method == "OPTIONS")


def strays(app: Flask, case: Case) -> tuple[int, list[str]]:
    """How often this seat asked for what is not declared, and where it was told anything but "no such page"."""
    tablet, tried, found = sit(app, case, "client"), 0, []
    token = csrf_of(tablet, "/s/welcome")
    nothing = bare(tablet.get("/s/nothing"))
    all_addresses = addresses(app, **ids_of(case))
    open_here = {(a.path, method) for a in all_addresses for method in METHODS if declared(a, method)}
    for address in all_addresses:
        for method in METHODS:
            if (address.path, method) in open_here:
                continue
            tried += 1
            answer = asked(tablet, address, method, token)
            if answer.status_code != 404 or (answer.data and bare(answer) != nothing):
                found.append(f"{method} {address.path}: {answer.status_code}")
    return tried, found


@pytest.mark.promise("P02")
def test_from_the_clients_seat_every_other_address_and_method_is_not_there(app: Flask, case: Case) -> None:
    tried, found = strays(app, case)
    assert found == []
    assert tried > 1000
    print(f"P02: {tried} addresses and methods that are not the client's: 404 each")


@pytest.mark.promise("P02")
def test_a_door_left_open_to_the_client_is_noticed(app: Flask, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SEAT_OF, "client.cards", "keyworker")
    assert "GET /s/cards: 200" in strays(app, case)[1]


@pytest.mark.promise("P02")
def test_the_keyworkers_copied_cookie_opens_nothing_after_the_hand_over(app: Flask, case: Case) -> None:
    desk = sign_in(app)
    kept = desk.get_cookie("seat")
    assert kept is not None
    copied = browser(app, kept.value)
    desk_pages = [a.path for a in addresses(app, "GET", **ids_of(case)) if a.endpoint.startswith("keyworker.")]
    opened = [path for path in desk_pages if copied.get(path).status_code == 200]
    assert len(opened) > 8, "control: the copy opened nothing before either"
    write(desk, f"/desk/rounds/{case.round_id}/hand-over", {})
    assert {copied.get(path).headers.get("Location") for path in desk_pages} == {"/sign-in"}


def of_client(case: Case) -> list[str]:
    """Every row of the client's sort, and the sort as it reads."""
    kept = [row for table in rows(case).values() for row in table if case.client_sort_id in row]
    return [*kept, repr(held(case, Party.CLIENT).value(CARDS, 5))]


def forge(app: Flask, case: Case, seat: str, under: tuple[str, ...]) -> int:
    """Send everything forged to every press under these addresses; how many there were."""
    asker, home = sit(app, case, seat), {"keyworker": "/desk/", "client": "/s/welcome"}[seat]
    token, tried = csrf_of(asker, home), 0
    ids = {"sort_id": case.client_sort_id, "sort": case.client_sort_id, "round_id": case.round_id}
    for address in addresses(app, "POST", **ids_of(case)):
        if address.path.startswith(under):
            asker.post(address.path, data={**FORGED, **ids, "csrf_token": token})
            tried += 1
    return tried


@pytest.mark.promise("P07")
def test_nothing_sent_from_the_desk_writes_the_clients_side(app: Flask, case: Case) -> None:
    before = of_client(case)
    own = f"/desk/rounds/{case.round_id}/sort"
    forged = forge(app, case, "keyworker", ("/s/", "/together/", own))
    assert forged > 40
    assert of_client(case) == before
    print(f"P07: {forged} forged presses from the desk: 0 changes of the client’s side")
    forge(app, case, "client", ("/s/card", "/s/words", "/s/goal"))
    assert of_client(case) != before, "control: the same sent from the client's seat wrote nothing"


@pytest.mark.promise("P07")
def test_who_handed_the_tablet_over_and_when_is_kept_and_printed(app: Flask, case: Case) -> None:
    write(sign_in(app), f"/desk/rounds/{case.round_id}/hand-over", {})
    with case.database.reading() as db:
        given = db.query(Handover).one()
        assert (given.round_id, given.by_id) == (case.round_id, case.keyworker_id)
    table = sit_together(app, case.sorted_by_both().confirmed())
    write(table, "/together/card/1", {"outcome": "client_choice"})
    write(table, "/together/card/1", to="/together/goals")
    both_sign(table)
    said = printed(paper(table))
    assert "Rowan: on the service’s tablet, handed over by Maya Osei on" in said
    assert ": on their own screen, finished on" in said
