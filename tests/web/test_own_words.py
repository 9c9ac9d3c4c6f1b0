"""Own words can be left at once, a number goes only by the press that says so, and a full list says what to do."""

import pytest
from flask import Flask

from decisionaid.core.sort import Party
from decisionaid.storage.database import Database
from decisionaid.storage.models import SortCard
from tests.builders import CARDS, Case, a_case
from tests.police import Police, form_to, parsed, words
from tests.web.sorters import desk_of, held, one, order, rate, root, tablet_of

PLACES = 5
FULL = "Your list is full. Put one card back first."


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_round()


def with_places(browser: Police, case: Case, party: Party = Party.CLIENT) -> Police:
    """Five cards are in order, and one more is to work on."""
    under = "/s" if party is Party.CLIENT else root(case)
    for card in CARDS[: PLACES + 1]:
        rate(browser, case, card, "definitely", party)
    for card in CARDS[:PLACES]:
        browser.send(f"{under}/order", add=card)
    return browser


@pytest.fixture
def tablet(app: Flask, case: Case) -> Police:
    return with_places(tablet_of(app, case), case)


def first(case: Case) -> SortCard:
    return held(case).cards[CARDS[0]]


def test_client_past_their_words_keeps_what_was_typed(tablet: Police, case: Case) -> None:
    sent = tablet.send("/s/words", what_matters="My mornings.", go="past")
    assert sent.location == "/s/goal"
    sent = tablet.send("/s/words/1", why="I am tired.", importance="4", go="past")
    assert sent.location == "/s/goal"
    assert held(case).record.what_matters == "My mornings."
    assert (first(case).why, first(case).importance) == ("I am tired.", 4)


def test_keyworker_past_their_reasons_keeps_what_was_typed(app: Flask, case: Case) -> None:
    desk = with_places(desk_of(app, case), case, Party.KEYWORKER)
    assert one(desk.page(f"{root(case)}/words"), "a.quiet-way")["href"] == f"{root(case)}/goal"
    sent = desk.send(f"{root(case)}/words/1", why="Sleep first.", go="past")
    assert sent.location == f"{root(case)}/goal"
    assert held(case, Party.KEYWORKER).cards[CARDS[0]].why == "Sleep first."


def test_the_last_page_of_words_has_no_second_way_on(tablet: Police) -> None:
    assert tablet.page("/s/words/1").select("[value=past]")
    assert not tablet.page(f"/s/words/{PLACES}").select("[value=past]")


def test_the_first_button_of_the_words_form_saves_and_stays(tablet: Police) -> None:
    """It is what Enter presses."""
    for path in ("/s/words", "/s/words/1"):
        page = tablet.page(path)
        owned = page.select("form#words-form button[type=submit], button[form=words-form]")
        assert owned[0].get("name") is None, path
        assert owned[0].get("aria-hidden") == "true"


def test_a_number_is_removed_by_its_press_alone(tablet: Police, case: Case) -> None:
    tablet.send("/s/words/1", importance="7", importance_why="My girl.", confidence="3")
    tablet.send("/s/words/1", why="I am tired.")
    assert (first(case).importance, first(case).confidence) == (7, 3)
    sent = tablet.send("/s/words/1", importance="7", confidence="3", clear="importance")
    assert sent.location == "/s/words/1#importance"
    assert (first(case).importance, first(case).confidence) == (None, 3)
    assert first(case).importance_why == "My girl."
    tablet.send("/s/words/1", clear="confidence")
    assert first(case).confidence is None


def test_a_number_of_something_else_is_not_removed(tablet: Police, case: Case) -> None:
    tablet.send("/s/words/1", importance="0")
    tablet.send("/s/words/1", clear="why", status=422)
    assert first(case).importance == 0


@pytest.mark.parametrize("party", Party)
def test_a_card_pressed_in_a_full_list_says_so_where_it_stands(app: Flask, case: Case, party: Party) -> None:
    under = "/s" if party is Party.CLIENT else root(case)
    browser = tablet_of(app, case) if party is Party.CLIENT else desk_of(app, case)
    with_places(browser, case, party)
    page, sixth = browser.page(f"{under}/order"), CARDS[PLACES]
    button = one(page, f"button[name=add][value='{sixth}']")
    assert not button.has_attr("disabled")
    form, _ = form_to(page, f"{under}/order")
    assert form is not None
    fields = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
    sent = browser.post(f"{under}/order", data={**fields, "add": sixth})
    place = held(case, party).shown(CARDS).index(sixth) + 1
    assert sent.location == f"{under}/order#card-{place}"
    led_to = browser.get(sent.location)
    assert FULL in one(parsed(led_to), f"li#card-{place}").get_text()
    assert FULL in one(parsed(led_to), "[data-error-summary]").get_text()
    assert order(case, party) == list(CARDS[:PLACES])


def test_control_a_list_with_room_says_nothing_of_it(tablet: Police, case: Case) -> None:
    tablet.send("/s/order", out=CARDS[0])
    assert FULL not in words(tablet.get("/s/order"))
    assert order(case) == list(CARDS[1:PLACES])
