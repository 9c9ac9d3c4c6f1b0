"""Which cards a round is started with, where the service has several decks of them."""

from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask, g

from decisionaid import packaged
from decisionaid.casework import reviewing
from decisionaid.core.safety import rules
from decisionaid.printing import PdfPool
from decisionaid.storage.database import Database
from decisionaid.storage.decks import CARD_DECK, Decks, load_decks
from decisionaid.storage.kept_decks import round_deck
from decisionaid.storage.models import AgreedGoal, Round, Service, Signing
from decisionaid.web.safety import rules_of
from tests.builders import CARDS as OUR_CARDS
from tests.builders import CHECK, DECKS, Case, a_case, open_up
from tests.own_decks import CARDS, NEW, NEW_TITLE, OWN, SHARED, SPARE, SPARE_TITLE, TITLE, TITLE_CY, add_own, with_own
from tests.police import Police, parsed, words
from tests.promises.decks_changed import program
from tests.promises.onlookers import sit
from tests.storage.bad_decks import put
from tests.web.doors import errors
from tests.web.sorters import held, tablet_of
from tests.web.together_table import both_sign, paper, printed, write


@pytest.fixture(scope="module")
def both_decks(tmp_path_factory: pytest.TempPathFactory) -> Decks:
    """Ours and the service's own."""
    return with_own(tmp_path_factory.mktemp("own"))


@pytest.fixture
def two(database: Database, pdf_pool: PdfPool, both_decks: Decks) -> Flask:
    """The program, started with both decks."""
    return _program(database, pdf_pool, both_decks)


@pytest.fixture
def ours_alone(database: Database, pdf_pool: PdfPool) -> Flask:
    """The program over the same records, after the service's own deck was taken away."""
    return _program(database, pdf_pool, DECKS)


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database)


@pytest.fixture
def desk(two: Flask, case: Case) -> Police:
    return sit(two, case, "keyworker")


def test_where_there_is_one_deck_nothing_is_asked(ours_alone: Flask, case: Case) -> None:
    desk = sit(ours_alone, case, "keyworker")
    write(desk, page_of(case), to=opening(case))
    assert decks_of(case) == [CARD_DECK]
    assert "Cards:" not in words(desk.get(page_of(case)))


def test_where_there_are_two_the_desk_asks_and_at_a_first_round_none_is_chosen_beforehand(
    desk: Police, case: Case
) -> None:
    asked = start(desk, case)
    assert offered(asked) == {CARD_DECK: "What matters in my life", OWN: TITLE}
    assert chosen(asked) == []
    assert GONE not in asked.get_text()
    refused = write(desk, asking(case), to=opening(case), status=422)
    assert errors(refused) == [("deck", "Choose the cards for this round.")]
    assert decks_of(case) == []
    write(desk, asking(case), {"deck": CARD_DECK}, to=opening(case))
    assert decks_of(case) == [CARD_DECK]


def test_the_caseload_asks_too(desk: Police, case: Case) -> None:
    asked = desk.send("/desk/", opening(case)).headers["Location"]
    assert (asked, decks_of(case)) == (asking(case), [])


def test_the_round_is_started_with_the_deck_that_was_chosen(desk: Police, case: Case, both_decks: Decks) -> None:
    write(desk, asking(case), {"deck": OWN}, to=opening(case))
    (round_,) = rounds(case)
    wanted = round_deck(both_decks, OWN)
    assert (round_.deck_id, round_.deck_digest, round_.places) == (OWN, wanted.digest, wanted.places)
    assert f"Cards: {TITLE}" in words(desk.get(page_of(case)))


def test_decks_are_called_in_the_language_of_the_desk_and_in_english_where_they_lack_it(
    two: Flask, case: Case, both_decks: Decks
) -> None:
    with case.database.writing() as db:
        case.keyworker(db).language = "cy"
    assert offered(start(sit(two, case, "keyworker"), case))[OWN] == TITLE_CY
    assert both_decks.card_titles("pl") == {CARD_DECK: "Co jest dla mnie ważne w życiu", OWN: TITLE}


@pytest.mark.parametrize("unknown", ["drinking-goal", "safety-check", "nowhere", "x" * 5000])
def test_an_unknown_deck_is_refused_at_its_field_and_starts_nothing(desk: Police, case: Case, unknown: str) -> None:
    refused = desk.press(opening(case), {"csrf_token": token(desk, case), "deck": unknown}, status=422)
    assert errors(refused) == [("deck", "Choose one from the list")]
    assert (chosen(parsed(refused)), decks_of(case)) == ([], [])
    write(desk, asking(case), {"deck": OWN}, to=opening(case))
    assert decks_of(case) == [OWN]


def test_a_deck_that_was_taken_away_in_between_is_refused_and_no_other_takes_its_place(
    two: Flask, ours_alone: Flask, case: Case
) -> None:
    desk = sit(two, case, "keyworker")
    sent = {"csrf_token": token(desk, case), "deck": OWN}
    later = ours_alone.test_client()
    later.set_cookie("seat", desk.get_cookie("seat").value)  # type: ignore[union-attr]
    assert isinstance(later, Police)
    refused = later.press(opening(case), sent, status=422)
    assert (errors(refused)[0][0], decks_of(case)) == ("deck", [])


def test_pressed_twice_one_round_is_started(desk: Police, case: Case) -> None:
    sent = {"csrf_token": token(desk, case), "deck": OWN}
    led_to = [desk.press(opening(case), sent).headers["Location"] for _ in range(2)]
    assert led_to == [page_of(case)] * 2
    assert decks_of(case) == [OWN]


def test_the_button_of_the_client_page_asks_each_time_it_is_pressed(desk: Police, case: Case) -> None:
    sent = {"csrf_token": desk.page(page_of(case)).select(f'form[action="{opening(case)}"] input')[0]["value"]}
    for _ in range(2):
        assert desk.press(opening(case), sent).headers["Location"] == asking(case)


def test_after_a_round_was_started_back_leads_to_the_client(desk: Police, case: Case) -> None:
    other_tab = token(desk, case)
    write(desk, asking(case), {"deck": OWN}, to=opening(case))
    back = desk.get(asking(case))
    assert (back.status_code, back.location) == (303, page_of(case))
    desk.press(opening(case), {"csrf_token": other_tab, "deck": CARD_DECK}, status=409)
    assert decks_of(case) == [OWN]


def test_nobody_elses_client_is_asked_about(two: Flask, case: Case, database: Database) -> None:
    other = sit(two, a_case(database, login="idris", reference="ID-1"), "keyworker")
    assert other.get(asking(case)).status_code == 404


# The deck of the service's own, through a round and its review


@pytest.fixture
def signed(two: Flask, case: Case, both_decks: Decks) -> Case:
    """A first round with the service's own deck, and its plan, whose goal is the card that ours do not have."""
    own = replace(case.with_round(round_deck(both_decks, OWN)), cards=CARDS).sorted_by_both().confirmed()
    table = sit(two, own, "together")
    write(table, "/together/goals", {"title": "See my officer each week"})
    with own.database.writing() as db:
        db.query(AgreedGoal).one().card_id = NEW
    both_sign(table)
    return own


def test_a_round_with_a_deck_of_the_services_own_is_sorted_and_printed(two: Flask, signed: Case) -> None:
    said = printed(paper(sit(two, signed, "together")))
    assert f"{TITLE}, version 1." in said
    assert NEW_TITLE in words(sit(two, signed, "together").get("/together/table"))


def test_a_round_keeps_a_deck_that_was_taken_away(two: Flask, ours_alone: Flask, signed: Case) -> None:
    pages = [words(sit(app, signed, "together").get("/together/table")) for app in (two, ours_alone)]
    assert NEW_TITLE in pages[0] and pages[0] == pages[1]


def test_the_client_sorts_the_cards_that_were_chosen(two: Flask, case: Case, both_decks: Decks) -> None:
    tablet = tablet_of(two, case.with_round(round_deck(both_decks, OWN)))
    said = tablet.page("/s/cards").get_text()
    known = {**both_decks.card_words(CARD_DECK, "en").cards, **both_decks.card_words(OWN, "en").cards}
    assert {id for id, card in known.items() if card.title in said} == set(CARDS)


def test_the_order_has_as_many_places_as_the_deck_says(
    database: Database, pdf_pool: PdfPool, case: Case, tmp_path: Path
) -> None:
    folder = add_own(tmp_path)
    put("top", to=3)(folder / OWN / f"{OWN}.json")
    decks = load_decks(packaged("questionnaires"), own=folder)
    tablet = tablet_of(_program(database, pdf_pool, decks), case.with_round(round_deck(decks, OWN)))
    for card in CARDS[:2]:
        place = held(case).shown(CARDS).index(card) + 1
        tablet.send(f"/s/card/{place}", answer="definitely")
    tablet.send("/s/order", add=CARDS[0])
    page = tablet.page("/s/order")
    assert len(page.select(".place")) == 3
    assert "five" not in page.get_text()


def test_a_review_keeps_to_the_deck_of_the_round_before(two: Flask, signed: Case) -> None:
    desk = sit(two, signed, "keyworker")
    assert chosen(start(desk, signed)) == [OWN]
    write(desk, asking(signed), to=opening(signed))
    assert decks_of(signed) == [OWN, OWN]


@pytest.mark.parametrize("pressed_on", ["client page", "caseload"])
def test_where_that_deck_is_gone_a_page_says_so_and_which_one_is_used(
    ours_alone: Flask, signed: Case, pressed_on: str
) -> None:
    desk = sit(ours_alone, signed, "keyworker")
    if pressed_on == "caseload":
        make_due(signed)
    pressed = write(desk, page_of(signed) if pressed_on == "client page" else "/desk/", to=opening(signed))
    assert (pressed.headers["Location"], decks_of(signed)) == (asking(signed), [OWN])
    assert f"{GONE} This round uses the cards “What matters in my life”." in words(desk.get(asking(signed)))
    assert offered(desk.page(asking(signed))) == {}
    write(desk, asking(signed), to=opening(signed))
    assert decks_of(signed) == [OWN, CARD_DECK]


def test_where_that_deck_is_gone_and_there_are_others_none_is_chosen_beforehand(
    database: Database, pdf_pool: PdfPool, signed: Case, tmp_path: Path
) -> None:
    other = add_own(tmp_path)
    (other / OWN / f"{OWN}.json").rename(other / OWN / "prison.json")
    put("id", to="prison")((other / OWN).rename(other / "prison") / "prison.json")
    app = _program(database, pdf_pool, load_decks(packaged("questionnaires"), own=other))
    desk = sit(app, signed, "keyworker")
    page = start(desk, signed)
    assert GONE in page.get_text()
    assert (list(offered(page)), chosen(page)) == ([CARD_DECK, "prison"], [])
    write(desk, asking(signed), {"deck": "prison"}, to=opening(signed))
    assert decks_of(signed) == [OWN, "prison"]


def test_control_where_that_deck_is_there_nothing_is_said_of_it(two: Flask, signed: Case) -> None:
    assert GONE not in start(sit(two, signed, "keyworker"), signed).get_text()


def test_control_after_a_round_with_the_deck_that_is_left_nothing_is_asked(
    ours_alone: Flask, case: Case, database: Database
) -> None:
    with_round = case.with_round()
    with database.writing() as db:
        reviewing.close_round(db, with_round.round(db), "moved", actor=case.keyworker(db), now=case.later())
    write(sit(ours_alone, case, "keyworker"), page_of(case), to=opening(case))
    assert decks_of(case) == [CARD_DECK, CARD_DECK]


@pytest.fixture
def review(two: Flask, signed: Case) -> Case:
    """A review with the usual deck, which both have sorted."""
    write(sit(two, signed, "keyworker"), asking(signed), {"deck": CARD_DECK}, to=opening(signed))
    newest = rounds(signed)[-1].id
    again = replace(signed, round_id=newest, client_sort_id="", keyworker_sort_id="", cards=OUR_CARDS)
    return again.sorted_by_both().confirmed()


def test_a_review_with_another_deck_speaks_of_what_moved_on_the_cards_of_both(two: Flask, review: Case) -> None:
    table = sit(two, review, "together")
    page = words(table.get("/together/moved"))
    assert f"Cards that were only there then: {NEW_TITLE}" in page
    rows = table.page("/together/moved/table").select("tbody tr")
    in_both = [row for row in rows if "Not asked" not in row.get_text()]
    assert len(in_both) == len(SHARED)


# Safety


def test_a_card_that_a_review_carries_over_from_another_deck_is_judged_by_that_deck(
    two: Flask, ours_alone: Flask, review: Case
) -> None:
    for app in (two, ours_alone):
        with app.test_request_context(), review.database.reading() as db:
            g.db, g.service = db, db.get_one(Service, review.service_id)
            assert NEW in rules_of(review.round(db)).calm_cards, "no deck of this round has it"


def test_a_card_that_one_of_two_decks_says_points_does_point(both_decks: Decks) -> None:
    own, ours = both_decks.cards(OWN), both_decks.cards(CARD_DECK)
    assert "money" in rules(CHECK, own, ours).calm_cards
    warier = replace(own, cards=tuple(replace(card, points=card.id == "money") for card in own.cards))
    for order in ((warier, ours), (ours, warier)):
        found = rules(CHECK, *order)
        assert "money" not in found.calm_cards
        assert found.drinking_cards == {"drinking"}


# Cards to add


def test_the_spare_cards_of_every_deck_can_be_added_and_each_round_has_those_of_its_own(
    two: Flask, case: Case, both_decks: Decks
) -> None:
    admin = sit(two, case, "admin")
    boxes = [str(box["value"]) for box in admin.page("/admin/service/cards").select("input[type=checkbox]")]
    assert sorted(boxes) == sorted({card.id for deck in DECKS_OF_CARDS for card in both_decks.cards(deck).spares})
    write(admin, "/admin/service/cards", {"cards": SPARE})
    other = a_case(case.database, name="Joe Marsh", reference="JM-1")
    for of, deck, has_it in ((case, OWN, True), (other, CARD_DECK, False)):
        write(sit(two, of, "keyworker"), asking(of), {"deck": deck}, to=opening(of))
        opened = replace(of, round_id=rounds(of)[0].id)
        assert (SPARE_TITLE in tablet_of(two, opened).page("/s/cards").get_text()) is has_it, deck


# What the tests above stand on

DECKS_OF_CARDS = (CARD_DECK, OWN)
GONE = "The cards of the last round are no longer available."


def _program(database: Database, pool: PdfPool, decks: Decks) -> Flask:
    app = program(database, pool, decks)
    app.test_client_class = Police
    return app


def make_due(case: Case) -> None:
    """Let the day of the review come, so that the caseload offers to start it."""
    open_up(case.database)
    with case.database.writing() as db:
        db.query(Signing).one().review_date = case.now.date()


def page_of(case: Case) -> str:
    return f"/desk/clients/{case.client_id}"


def opening(case: Case) -> str:
    """Where the press goes that starts a round."""
    return f"{page_of(case)}/rounds"


def asking(case: Case) -> str:
    """The page that asks for the cards."""
    return f"{page_of(case)}/rounds/new"


def start(desk: Police, case: Case) -> BeautifulSoup:
    """Press the button that starts the next round, and see the page that asks which cards."""
    assert write(desk, page_of(case), to=opening(case)).headers["Location"] == asking(case)
    return desk.page(asking(case))


def token(desk: Police, case: Case) -> str:
    """The form token of the page that asks for the cards."""
    return str(desk.page(asking(case)).select(f'form[action="{opening(case)}"] input')[0]["value"])


def offered(page: BeautifulSoup) -> dict[str, str]:
    """The decks that the page offers: what each is called, by id."""
    boxes = page.select("input[type=radio][name=deck]")
    return {str(box["value"]): page.select(f"label[for={box['id']}]")[0].get_text(strip=True) for box in boxes}


def chosen(page: BeautifulSoup) -> list[str]:
    """The decks that are chosen beforehand."""
    return [str(box["value"]) for box in page.select("input[name=deck][checked]")]


def rounds(case: Case) -> list[Round]:
    with case.database.reading() as db:
        return list(db.query(Round).filter_by(client_id=case.client_id).order_by(Round.number))


def decks_of(case: Case) -> list[str]:
    """The decks of the client's rounds, oldest first."""
    return [round_.deck_id for round_ in rounds(case)]
