"""A sort from paper, end to end: offered at the desk, typed in the client's seat, shown to both, printed as such."""

import pytest
from flask import Flask

from decisionaid.core.sort import Party
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from tests.builders import CARDS, PIN, Case, a_case
from tests.police import Police, words
from tests.web.doors import sign_in
from tests.web.sorters import rate, tablet_of
from tests.web.together_table import both_sign, paper, printed, sit, write

MARK = "Typed in from paper"
OFFER = "Enter answers from paper"
SAID = "Rowan did the cards on paper. Maya Osei typed them in on"


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).sorted_by_keyworker_alone()


def at(case: Case) -> str:
    return f"/desk/rounds/{case.round_id}/paper"


def paper_seat(app: Flask, case: Case) -> Police:
    """The desk's browser, in which the client's seat now stands open, marked as from paper."""
    desk = sign_in(app)
    assert desk.send(at(case)).headers["Location"] == "/s/"
    return desk


def typed_in(app: Flask, case: Case) -> Police:
    """All of the paper is typed in, as fast as a test can, and finished; back at the desk."""
    screen = paper_seat(app, case)
    for card in CARDS[:8]:
        rate(screen, case, card, "definitely")
    screen.send("/s/check")
    screen.send("/s/back", pin=PIN, go="desk")
    return screen


def offered(desk: Police, case: Case) -> list[bool]:
    """Whether the client's page and the one for the tablet offer it."""
    pages = (f"/desk/clients/{case.client_id}", f"/desk/rounds/{case.round_id}/hand-over")
    return [OFFER in words(desk.get(page)) for page in pages]


def test_the_desk_offers_it_when_the_own_sort_is_finished(app: Flask, database: Database) -> None:
    case = a_case(database).with_round()
    desk = sign_in(app)
    assert offered(desk, case) == [False, False]
    assert desk.get(at(case)).status_code == 409
    assert offered(desk, case.sorted_by_keyworker_alone()) == [True, True]
    assert "Rowan’s answers from paper" in words(desk.get(at(case)))


def test_a_tablet_given_in_this_round_leaves_no_paper_to_type_in(app: Flask, case: Case) -> None:
    tablet_of(app, case, begun=False)
    desk = sign_in(app)
    assert offered(desk, case) == [False, False]
    refused = desk.get(at(case))
    assert refused.status_code == 409
    assert "You can’t enter paper answers now" in words(refused)


def test_every_page_of_the_seat_says_where_it_comes_from(app: Flask, case: Case) -> None:
    screen = paper_seat(app, case)
    for page in [
        "say",
        "card/1",
        "cards",
        "order",
        "words",
        "goal",
        "safe/1",
        "own",
        "ask",
        "check",
        "back",
        "reading",
    ]:
        assert MARK in words(screen.get(f"/s/{page}")), page
    screen.send("/s/check")
    assert MARK in words(screen.get("/s/done"))


def test_control_a_tablet_says_nothing_of_paper(app: Flask, case: Case) -> None:
    assert MARK not in words(tablet_of(app, case).get("/s/card/1"))


def test_the_pin_gives_the_desk_back_and_what_was_typed_waits(app: Flask, case: Case) -> None:
    screen = paper_seat(app, case)
    assert screen.get("/desk/").status_code == 404
    rate(screen, case, CARDS[0], "definitely")
    screen.send("/s/back", pin=PIN, go="desk")
    assert offered(screen, case) == [True, True]
    screen.send(at(case))
    assert screen.get("/s/").headers["Location"].startswith("/s/card/")


@pytest.mark.promise("P07")
def test_both_read_that_it_came_from_paper_and_pace_asks_nothing(app: Flask, case: Case) -> None:
    typed_in(app, case)
    table = sit(app, case)
    said = words(table.get("/together/"))
    assert SAID in said
    assert "is this what you chose?" in said
    assert "Would you like to check your answers again?" not in said
    write(table, "/together/", to="/together/confirm")
    assert SAID in words(table.get("/together/side-by-side"))


@pytest.mark.promise("P07")
def test_the_plan_prints_who_typed_it_in_place_of_the_hand_over(app: Flask, case: Case) -> None:
    typed_in(app, case)
    table = sit(app, case)
    write(table, "/together/", to="/together/confirm")
    write(table, "/together/card/1", {"outcome": "client_choice"})
    write(table, "/together/card/1", to="/together/goals")
    both_sign(table, reason="Rowan answered these questions aloud")
    said = printed(paper(table))
    assert SAID in said
    assert "Maya had finished before the paper was typed in." in said
    assert "handed over by" not in said
    assert "Neither saw" not in said
    assert "Rowan finished on" not in said


@pytest.mark.promise("P07")
def test_nothing_is_compared_before_the_client_confirms_and_not_right_begins_anew(app: Flask, case: Case) -> None:
    typed_in(app, case)
    table = sit(app, case)
    assert table.get("/together/side-by-side").headers["Location"] == "/together/"
    write(table, "/together/not-right", {"reason": "a card was mixed up"})
    with case.database.reading() as db:
        assert case.round(db).closed_reason == "a card was mixed up"
        assert sorts.record_of(db, case.round(db), Party.CLIENT) is not None, "what was typed is kept"


def test_the_desk_reads_who_typed_it_in_and_nothing_of_what(app: Flask, case: Case) -> None:
    said = words(typed_in(app, case).get(f"/desk/clients/{case.client_id}"))
    assert "Maya Osei typed in what the client said on paper" in said
    assert "The client started their cards" not in said
