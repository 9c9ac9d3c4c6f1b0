"""A press on a page of the sort means the thing that was on the page, in both seats, or it does nothing."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from decisionaid.core.sort import Party
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.web import sort_forms
from tests.builders import CARDS, Case, a_case
from tests.police import Police, words
from tests.promises.onlookers import addresses
from tests.web.doors import lock, sat_once, sign_in, unlock
from tests.web.saves import save
from tests.web.sorters import desk_of, held, one, order, rate, root, tablet_of

A, B, C = CARDS[:3]
TYPED = "Nights are the hardest part."


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_round()


@pytest.fixture(params=Party, ids=lambda party: party.value)
def party(request: pytest.FixtureRequest) -> Party:
    return Party(request.param)


@pytest.fixture
def sorter(app: Flask, case: Case, party: Party) -> Police:
    return sat_once(with_three_cards, app, case, party)


def with_three_cards(app: Flask, case: Case, party: Party) -> Police:
    """The one who sorts, with three cards in order."""
    browser = tablet_of(app, case) if party is Party.CLIENT else desk_of(app, case)
    for card in (A, B, C):
        rate(browser, case, card, "definitely", party)
        browser.send(f"{under(case, party)}/order", add=card)
    return browser


@pytest.fixture
def tablet(app: Flask, case: Case) -> Police:
    return tablet_of(app, case)


def under(case: Case, party: Party) -> str:
    return "/s" if party is Party.CLIENT else root(case)


def sent_from(browser: Police, path: str, to: str | None = None) -> dict[str, str]:
    """What the form on this page sends of itself, before anything is typed or pressed."""
    [form] = [form for form in browser.page(path).select("form[method=post]") if form["action"] == (to or path)]
    return {str(field["name"]): str(field.get("value", "")) for field in form.select("input[type=hidden]")}


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A control: nobody looks at what a form is about."""
    monkeypatch.setattr(sort_forms.NamedForm, "is_about", lambda *_: True)


# Words of a card


def reordered(browser: Police, case: Case, party: Party) -> str:
    """Words are typed for the first card, and in another tab the second becomes the first; returns where they led."""
    where = under(case, party)
    typed = sent_from(browser, f"{where}/words/1")
    browser.send(f"{where}/order", up=B)
    return str(browser.post(f"{where}/words/1", data={**typed, "why": TYPED}).location)


def test_words_typed_before_a_reorder_wait_for_their_own_card(sorter: Police, case: Case, party: Party) -> None:
    where = under(case, party)
    assert reordered(sorter, case, party) == f"{where}/words/2"
    assert [held(case, party).cards[card].why for card in (A, B)] == ["", ""]
    assert TYPED not in sorter.get(f"{where}/words/1").text
    page = sorter.get(f"{where}/words/2")
    assert TYPED in page.text and "Your order changed" in words(page)
    sorter.send(f"{where}/words/1", why="Of the neighbour.")
    assert TYPED in sorter.get(f"{where}/words/2").text, "the neighbour's words took the draft with them"
    sorter.send(f"{where}/words/2", why=TYPED)
    assert [held(case, party).cards[card].why for card in (A, B)] == [TYPED, "Of the neighbour."]
    assert "Your order changed" not in words(sorter.get(f"{where}/words/2"))


@pytest.mark.usefixtures("blind")
def test_control_without_its_name_the_neighbour_gets_the_words(sorter: Police, case: Case, party: Party) -> None:
    reordered(sorter, case, party)
    assert held(case, party).cards[B].why == TYPED


def test_words_of_a_card_that_lost_its_place_wait_until_it_has_one(sorter: Police, case: Case, party: Party) -> None:
    where = under(case, party)
    typed = sent_from(sorter, f"{where}/words/1")
    sorter.send(f"{where}/order", out=A)
    assert sorter.heard(f"{where}/words/1", {**typed, "why": TYPED}) == 409
    page = words(sorter.get(f"{where}/words"))
    assert "are not saved yet" in page and TYPED in page
    assert TYPED not in sorter.get(f"{where}/words/1").text
    sorter.send(f"{where}/order", add=A)
    assert TYPED in sorter.get(f"{where}/words/3").text
    assert "are not saved yet" not in words(sorter.get(f"{where}/words"))


def test_words_whose_card_nobody_names_are_shown_and_belong_to_none(sorter: Police, case: Case, party: Party) -> None:
    where = under(case, party)
    typed = {**sent_from(sorter, f"{where}/words/1"), "about": ""}
    assert sorter.heard(f"{where}/words/1", {**typed, "why": TYPED}) == 409
    assert TYPED in words(sorter.get(f"{where}/words"))
    assert all(card.why == "" for card in held(case, party).cards.values())


def test_words_sent_to_a_locked_screen_wait_for_their_own_card(app: Flask, case: Case) -> None:
    desk_of(app, case)
    desk, where = sign_in(app), root(case)
    for card in (A, B):
        rate(desk, case, card, "definitely", Party.KEYWORKER)
        desk.send(f"{where}/order", add=card)
    typed = sent_from(desk, f"{where}/words/1")
    desk.send(f"{where}/order", up=B)
    lock(desk)
    desk.post(f"{where}/words/1", data={**typed, "why": TYPED})
    unlock(desk)
    assert TYPED not in desk.get(f"{where}/words/1").text
    assert TYPED in desk.get(f"{where}/words/2").text


def test_the_saving_script_hears_that_the_card_has_moved(tablet: Police, case: Case) -> None:
    for card in (A, B):
        rate(tablet, case, card, "definitely")
        tablet.send("/s/order", add=card)
    stale = save(tablet, "/s/words/1", **{**sent_from(tablet, "/s/words/1"), "why": TYPED})
    tablet.send("/s/order", up=B)
    assert stale.by(tablet).status_code == 422


# Questions


def asked(case: Case, party: Party) -> list[str]:
    with case.database.reading() as db:
        return [question.words for question in sorts.questions(db, held(case, party).record)]


@pytest.mark.parametrize("place", ["", "/3"])
def test_two_presses_on_take_back_take_one_question_back(sorter: Police, case: Case, party: Party, place: str) -> None:
    path = f"{under(case, party)}/ask{place}"
    for question in ("First?", "Second?", "Third?"):
        sorter.send(path, words=question)
    pressed = {**sent_from(sorter, path, f"{path}/drop"), "drop": one(sorter.page(path), "[name=drop]")["value"]}
    for _ in range(2):
        sorter.post(f"{path}/drop", data=pressed)
    assert asked(case, party) == ["Second?", "Third?"]


def test_control_by_its_number_the_next_question_goes_too(
    monkeypatch: pytest.MonkeyPatch, sorter: Police, case: Case, party: Party
) -> None:
    path = f"{under(case, party)}/ask"
    for question in ("First?", "Second?"):
        sorter.send(path, words=question)
    monkeypatch.setattr("decisionaid.web.sort_pages.alias_of", lambda *_: "1")
    for _ in range(2):
        sorter.send(path, to=f"{path}/drop", drop="1")
    assert asked(case, party) == []


# The order


STALE = [{"up": C}, {"down": A}, {"order": [A, C]}]


@pytest.mark.parametrize("step", STALE, ids=["up", "down", "dragged"])
def test_a_step_from_a_page_with_another_order_changes_nothing(
    sorter: Police, case: Case, party: Party, step: dict[str, Any]
) -> None:
    path = f"{under(case, party)}/order"
    stale = sent_from(sorter, path)
    sorter.send(path, up=C)
    now = order(case, party)
    assert now == [A, C, B]
    assert sorter.heard(path, {**stale, **step}) == 409
    assert order(case, party) == now
    assert not sorter.page(path).select("[data-changed]"), "it is said once"
    fresh = sent_from(sorter, path)
    assert sorter.heard(path, {**fresh, **step}) == 303
    assert order(case, party) != now, "control: from a page with this order it is taken"


def test_one_press_on_up_sent_twice_moves_the_card_once(sorter: Police, case: Case, party: Party) -> None:
    path = f"{under(case, party)}/order"
    pressed = {**sent_from(sorter, path), "up": C}
    for _ in range(2):
        sorter.post(path, data=pressed)
    assert order(case, party) == [A, C, B]


# The safety questions, and goals of the last plan: see also test_client_review.py


def test_an_answer_to_another_safety_question_is_refused(tablet: Police, case: Case) -> None:
    first, second = (sent_from(tablet, f"/s/safe/{number}") for number in (1, 2))
    assert first["about"] != second["about"]
    for about in (first["about"], ""):
        assert tablet.heard("/s/safe/2", {**second, "about": about, "answer": "skipped"}) == 422
    with case.database.reading() as db:
        assert sorts.safety_replies(db, held(case).record) == {}
    assert tablet.heard("/s/safe/2", {**second, "answer": "skipped"}) == 303


# Names


def test_names_of_things_are_the_same_for_a_sort_and_differ_between_sorts(app: Flask, database: Database) -> None:
    first = a_case(database).with_round()
    other = a_case(database, reference="RE-2").with_round()
    names = [sent_from(tablet_of(app, each), "/s/safe/1")["about"] for each in (first, first, other)]
    assert names[0] == names[1] != names[2]
    assert all(re.fullmatch("[0-9a-f]{12}", name) for name in names)


# What a form does not hold


POSTS: dict[str, Callable[[str], bool]] = {
    "client": lambda endpoint: endpoint.startswith("client."),
    "keyworker": lambda endpoint: endpoint.startswith("keyworker.sort_"),
}


def bare_posts(app: Flask, case: Case, party: Party, **places: str) -> Iterator[str]:
    for address in addresses(app, "POST", round_id=case.round_id, **places):
        if POSTS[party.value](address.endpoint):
            yield address.path


def said(case: Case, party: Party) -> str:
    with case.database.reading() as db:
        record = held(case, party).record
        return f"{record.finished_at} {sorts.fingerprint(db, record)}"


@pytest.fixture
def full(sorter: Police, case: Case, party: Party) -> str:
    """The sort with something of every kind in it."""
    where = under(case, party)
    sorter.send(f"{where}/words/1", why=TYPED)
    sorter.send(f"{where}/ask/1", words="How far?")
    sorter.send(f"{where}/ask", words="How long?")
    sorter.send(f"{where}/goal?open=1", to=f"{where}/goal", option="less")
    sorter.send(f"{where}/goal", to=f"{where}/goal/words", words="Nothing before six.")
    if party is Party.CLIENT:
        sorter.send("/s/words/1", success="A quiet room.", importance="3", confidence="4", importance_why="x")
        sorter.send("/s/words", what_matters="My afternoons.")
        sorter.send("/s/say", say="mine")
        sorter.send("/s/own", title="My dog")
        sorter.send("/s/card/25", answer="definitely")
        sorter.send("/s/safe/1", answer="skipped")
    return said(case, party)


def changed_by_a_bare_press(app: Flask, case: Case, party: Party) -> list[str]:
    """The presses that change what is held though they say nothing but whose they are."""
    changed = []
    for place in ("1", "25"):
        for path in bare_posts(app, case, party, place=place):
            browser = tablet_of(app, case, begun=False) if party is Party.CLIENT else desk_of(app, case, begun=False)
            token = sent_from(browser, f"{under(case, party)}/order")["csrf_token"]
            before = said(case, party)
            browser.post(path, data={"csrf_token": token})
            changed += [path] if said(case, party) != before else []
    return changed


def test_a_press_that_says_nothing_changes_nothing(app: Flask, case: Case, party: Party, full: str) -> None:
    paths = list(bare_posts(app, case, party))
    assert len(paths) >= (20 if party is Party.CLIENT else 12)
    assert changed_by_a_bare_press(app, case, party) == []
    assert said(case, party) == full


@pytest.mark.usefixtures("full", "blind")
def test_control_where_missing_is_empty_a_bare_press_wipes_words(
    monkeypatch: pytest.MonkeyPatch, app: Flask, case: Case, party: Party
) -> None:
    for module in ("sort_words", "sort_goal"):
        monkeypatch.setattr(f"decisionaid.web.{module}.was_sent", lambda _field: True)
    changed = changed_by_a_bare_press(app, case, party)
    assert {path.removeprefix(under(case, party)) for path in changed} >= {"/words/1", "/goal/words"}


def test_a_named_press_without_its_words_changes_nothing(sorter: Police, case: Case, party: Party, full: str) -> None:
    where = under(case, party)
    for path, to in (("words/1", None), ("order", None), ("goal", "goal/words")):
        sent = sent_from(sorter, f"{where}/{path}", to and f"{where}/{to}")
        assert sorter.heard(f"{where}/{to or path}", sent) == 303
    assert said(case, party) == full


def test_an_emptied_text_is_empty(sorter: Police, case: Case, party: Party) -> None:
    where = under(case, party)
    sorter.send(f"{where}/words/1", why=TYPED)
    sorter.send(f"{where}/words/1", why="")
    assert held(case, party).cards[A].why == ""
