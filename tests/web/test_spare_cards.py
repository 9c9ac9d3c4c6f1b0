"""Cards that a service adds are sorted, compared and planned like all others; a round that is open stays as it is."""

import pytest
from flask import Flask

from decisionaid.casework import people
from decisionaid.core.sort import Party
from decisionaid.storage.database import Database
from decisionaid.storage.models import Round, Service, Staff
from tests.builders import DECK, DECKS, Case, a_case
from tests.police import parsed
from tests.web.doors import sign_in
from tests.web.sorters import desk_of, root, tablet_of
from tests.web.together_table import sit, write

SLEEP, USING = (DECKS.card_words(DECK.id, "en").cards[card].title for card in ("sleep", "safer-using"))
CARDS = len(DECK.cards)


def add(case: Case, *cards: str) -> None:
    """The service adds these cards, and no others."""
    with case.database.writing() as db:
        admin = db.query(Staff).filter_by(login="robin").one()
        people.set_spare_cards(db, db.get_one(Service, case.service_id), cards, actor=admin, now=case.later())


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database)


def offered(app: Flask, case: Case, party: Party) -> list[str]:
    """The cards that this party is asked about, as the page of all cards lists them."""
    browser = tablet_of(app, case) if party is Party.CLIENT else desk_of(app, case)
    page = browser.page("/s/cards" if party is Party.CLIENT else f"{root(case)}/cards")
    known = {said.title for said in DECKS.card_words(DECK.id, "en").cards.values()}
    return [text for text in page.stripped_strings if text in known]


@pytest.mark.parametrize("party", Party)
def test_a_card_that_is_added_is_in_the_next_round_and_not_in_one_that_is_open(
    app: Flask, case: Case, party: Party
) -> None:
    case.with_round()
    add(case, "sleep", "safer-using")
    before = offered(app, case, party)
    assert (len(before), SLEEP in before) == (CARDS, False)


@pytest.mark.parametrize("party", Party)
def test_a_card_that_is_taken_out_stays_in_a_round_that_is_open(app: Flask, case: Case, party: Party) -> None:
    add(case, "sleep", "safer-using")
    case.with_round()
    add(case)
    found = offered(app, case, party)
    assert (len(found), {SLEEP, USING} <= set(found)) == (CARDS + 2, True)


def test_the_desk_opens_rounds_with_the_cards_that_are_added(app: Flask, case: Case) -> None:
    add(case, "sleep")
    sign_in(app).send(f"/desk/clients/{case.client_id}", f"/desk/clients/{case.client_id}/rounds")
    with case.database.reading() as db:
        service = db.get_one(Service, case.service_id)
        assert service.spare_cards == ("sleep",)
        assert [round_.spare_cards for round_ in rounds(case)] == [("sleep",)]


def rounds(case: Case) -> list[Round]:
    with case.database.reading() as db:
        return list(db.query(Round).filter_by(client_id=case.client_id))


def test_an_added_card_is_compared_talked_through_and_planned(app: Flask, case: Case) -> None:
    add(case, "safer-using")
    table = sit(app, case.sorted_by_both().confirmed())
    page = parsed(table.get("/together/table"))
    paths = [
        str(link["href"]) for link in page.select("a[href^='/together/card/']") if link.get_text(strip=True) == USING
    ]
    assert len(paths) == 1
    write(table, paths[0], {"outcome": "client_choice"})
    write(table, paths[0], to="/together/goals")
    plan = parsed(table.get("/together/preview"))
    assert USING in plan.get_text()
    red = DECKS.safety_words("safety-check", "en").red_cards["drugs"].title
    assert red in plan.get_text(), "this card warns too"
