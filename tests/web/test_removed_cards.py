"""An own card that was removed can be put back; a press on one never touches another; a finished sort holds none."""

import sqlite3

import pytest
from flask import Flask

from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.models import FormDraft, OwnCard, Question, SortCard
from tests.builders import CARDS, Case, a_case
from tests.police import Police, words
from tests.web.doors import sat_once
from tests.web.sorters import desk_of, held, one, order, rate, tablet_of
from tests.web.test_sort_identity import sent_from

TITLES = ("My allotment", "My brother", "My boat")
SECRET = "Thistledown"


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_round()


@pytest.fixture
def tablet(app: Flask, case: Case) -> Police:
    return sat_once(with_own_cards, app, case)


def with_own_cards(app: Flask, case: Case) -> Police:
    """A client with three own cards, all answered yes."""
    tablet = tablet_of(app, case)
    for place, title in enumerate(TITLES, 25):
        tablet.send("/s/own", title=title)
        tablet.send(f"/s/card/{place}", answer="definitely")
    return tablet


def titles(case: Case) -> list[str]:
    return [own.title for own in held(case).own]


def remove(tablet: Police, place: int) -> None:
    tablet.send(f"/s/card/{place}", to=f"/s/card/{place}/remove")


def fingerprint(case: Case) -> str:
    with case.database.reading() as db:
        return sorts.fingerprint(db, held(case).record)


def kept(case: Case) -> list[FormDraft]:
    with case.database.reading() as db:
        return db.query(FormDraft).all()


def test_two_presses_on_remove_remove_one_card(tablet: Police, case: Case) -> None:
    pressed = sent_from(tablet, "/s/card/25", "/s/card/25/remove")
    for _ in range(3):
        assert tablet.post("/s/card/25/remove", data=pressed).location == "/s/cards"
    assert titles(case) == ["My brother", "My boat"]


def test_control_a_place_alone_would_remove_the_neighbour(
    monkeypatch: pytest.MonkeyPatch, tablet: Police, case: Case
) -> None:
    monkeypatch.setattr("decisionaid.storage.sorts.LoadedSort.numbers", by_place)
    monkeypatch.setattr("decisionaid.web.client.own_cards.removed_cards", lambda _: ())
    monkeypatch.setattr("decisionaid.web.sort_forms.NamedForm.is_about", lambda *_: True)
    two_tabs = [sent_from(tablet, "/s/card/25", "/s/card/25/remove") for _ in range(2)]
    for pressed in two_tabs:
        tablet.post("/s/card/25/remove", data=pressed)
    assert titles(case) == ["My boat"]


def by_place(sort: sorts.LoadedSort, deck: tuple[str, ...]) -> dict[str, int]:
    return {card: place for place, card in enumerate(sort.shown(deck), 1)}


def test_other_own_cards_keep_their_numbers_and_none_is_given_twice(tablet: Police, case: Case) -> None:
    remove(tablet, 25)
    assert one(tablet.page("/s/card/26"), "h1").text == "My brother"
    assert tablet.get("/s/card/25").location == "/s/cards"
    last = one(tablet.page("/s/card/24"), ".bottom-bar .button-main")
    assert last["href"] == "/s/card/26"
    remove(tablet, 27)
    assert tablet.send("/s/own", title="New").location == "/s/card/28"
    assert tablet.get("/s/card/28").status_code == 200


def test_an_answer_that_waited_on_the_device_never_lands_on_a_neighbour(tablet: Police, case: Case) -> None:
    token = sent_from(tablet, "/s/card/25")["csrf_token"]
    remove(tablet, 25)
    sent = {"answer": "definitely_not", "csrf_token": token}
    assert tablet.post("/s/card/25", data=sent, headers={"X-Acknowledge": "1"}).status_code == 404
    assert {card.answer for card in held(case).cards.values()} == {"definitely"}


def test_a_card_comes_back_whole(tablet: Police, case: Case) -> None:
    rate(tablet, case, CARDS[0], "definitely")
    for card in (CARDS[0], "own-1", "own-2"):
        tablet.send("/s/order", add=card)
    tablet.send(
        "/s/words/2", success="Beans.", why="Quiet.", importance="0", confidence="10", confidence_why="I know how"
    )
    tablet.send("/s/ask/25", words="Who waters it?")
    before, in_order = fingerprint(case), order(case)
    remove(tablet, 25)
    assert order(case) == [CARDS[0], "own-2"]
    assert fingerprint(case) != before
    page = tablet.page("/s/cards")
    assert "My allotment" in one(page, "[data-removed]").text and "Removed" in one(page, "[data-removed]").text
    tablet.send("/s/cards", to="/s/own/back")
    assert order(case) == in_order
    assert fingerprint(case) == before
    assert not tablet.page("/s/cards").select("[data-removed]")
    assert kept(case) == []


def test_put_back_pressed_often_has_one_effect(tablet: Police, case: Case) -> None:
    remove(tablet, 26)
    pressed = sent_from(tablet, "/s/cards", "/s/own/back")
    for _ in range(3):
        assert tablet.heard("/s/own/back", pressed) == 303
    assert sorted(titles(case)) == sorted(TITLES)
    remove(tablet, 26)
    assert titles(case) == ["My allotment", "My boat"], "and it can be removed again"


def test_each_removed_card_is_put_back_by_itself(tablet: Police, case: Case) -> None:
    for place in (25, 26):
        remove(tablet, place)
    rows = tablet.page("/s/cards").select("[data-removed]")
    assert [one(row, ".answer-name").text for row in rows] == ["My allotment", "My brother"]
    second = {str(field["name"]): field["value"] for field in rows[1].select("input")}
    assert tablet.heard("/s/own/back", second) == 303
    assert titles(case) == ["My brother", "My boat"]
    assert len(tablet.page("/s/cards").select("[data-removed]")) == 1


def test_where_its_place_is_taken_it_comes_back_without_one(tablet: Police, case: Case) -> None:
    for card in CARDS[:5]:
        rate(tablet, case, card, "definitely")
    for card in ("own-1", *CARDS[:4]):
        tablet.send("/s/order", add=card)
    remove(tablet, 25)
    tablet.send("/s/order", add=CARDS[4])
    tablet.send("/s/cards", to="/s/own/back")
    assert order(case) == list(CARDS[:5])
    assert held(case).cards["own-1"].answer == "definitely"


def test_an_eleventh_is_not_put_back(tablet: Police, case: Case) -> None:
    remove(tablet, 25)
    for number in range(8):
        tablet.send("/s/own", title=f"Card {number}")
    assert "You can have up to 10 cards of your own" in words(tablet.send("/s/cards", to="/s/own/back", status=422))
    assert len(titles(case)) == 10
    assert tablet.page("/s/cards").select("[data-removed]"), "it can still be put back later"


def test_a_press_that_names_no_card_removes_none(tablet: Police, case: Case) -> None:
    sent = sent_from(tablet, "/s/card/25", "/s/card/25/remove")
    for about in ("", sent_from(tablet, "/s/card/26", "/s/card/26/remove")["about"]):
        assert tablet.heard("/s/card/25/remove", {**sent, "about": about}) == 422
    assert tuple(titles(case)) == TITLES


def test_nobody_else_sees_it_and_giving_the_tablet_back_asks_nothing(app: Flask, tablet: Police, case: Case) -> None:
    tablet.send("/s/own", title=SECRET)
    remove(tablet, 28)
    assert SECRET in tablet.get("/s/cards").text
    for path in ("/s/check", "/s/order", "/s/back", "/s/card/1", "/s/words"):
        assert SECRET not in tablet.get(path, follow_redirects=True).text, path
    assert "Something you wrote is not saved yet" not in words(tablet.get("/s/back"))
    desk = desk_of(app, case)
    assert SECRET not in desk.get(f"/desk/clients/{case.client_id}", follow_redirects=True).text
    other = tablet_of(app, case, begun=False)
    assert SECRET not in other.get("/s/cards").text


def everything(case: Case) -> str:
    """The whole database as text."""
    path = case.database.engine.url.database
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as base:
        return "\n".join(base.iterdump())


def test_a_finished_sort_holds_nothing_of_a_removed_card(tablet: Police, case: Case) -> None:
    tablet.send("/s/own", title=SECRET)
    tablet.send("/s/card/28", answer="possibly")
    tablet.send("/s/order", add="own-4")
    tablet.send("/s/words/1", why=f"{SECRET} why")
    tablet.send("/s/ask/28", words="Who with?")
    remove(tablet, 28)
    pressed = sent_from(tablet, "/s/cards", "/s/own/back")
    assert SECRET in everything(case), "control: until then it can be put back"
    tablet.send("/s/check")
    assert SECRET not in everything(case)
    assert tablet.heard("/s/own/back", pressed) == 409
    with case.database.reading() as db:
        assert db.query(OwnCard).filter_by(title=SECRET).count() == 0
        assert db.query(SortCard).filter_by(card_id="own-4").count() == 0
        assert [question.card_id for question in db.query(Question)] == [None]


def test_it_goes_with_its_seat(app: Flask, tablet: Police, case: Case) -> None:
    remove(tablet, 25)
    assert len(kept(case)) == 1
    tablet.send("/s/cards", to="/s/leave")
    assert kept(case) == []
