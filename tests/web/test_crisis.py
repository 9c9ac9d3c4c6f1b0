"""Whom to call stands where somebody may need it, and what 111 is for is said as each nation has it."""

import pytest
from flask import Flask

from decisionaid.core.sort import Party
from decisionaid.storage.database import Database
from decisionaid.storage.models import Nation, Service
from tests.builders import CARDS, Case, a_case
from tests.police import Police, parsed
from tests.web.sorters import desk_of, held, root, tablet_of
from tests.web.together_table import sit, write

SAYS = {
    Nation.ENGLAND: ("choose the mental health option", "111"),
    Nation.WALES: ("press 2", "111"),
    Nation.SCOTLAND: ("Mental Health Hub", "111"),
    Nation.NORTHERN_IRELAND: ("Lifeline", "0808 808 8000"),
    None: ("NHS 111, any time 111", "111"),
}
EVERYWHERE = ("999", "116 123", "01632 960117")


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_round()


@pytest.fixture
def tablet(app: Flask, case: Case) -> Police:
    return tablet_of(app, case)


def place_in(case: Case, nation: Nation | None) -> None:
    with case.database.writing() as db:
        db.get_one(Service, case.service_id).nation = nation


def box(tablet: Police, path: str) -> str:
    """The numbers as they show on a page; nothing where they are hidden or not there."""
    shown = [box for box in tablet.page(path).select(".crisis") if not box.find_parent(hidden=True)]
    assert len(shown) <= 1
    return " ".join(shown[0].get_text(" ").split()) if shown else ""


def card(case: Case, id: str) -> str:
    return f"/s/card/{held(case).shown(CARDS).index(id) + 1}"


def as_said(text: str, nation: Nation | None) -> bool:
    """Whether this nation's line stands there, and no other's."""
    phrases = {known: phrase for known, (phrase, _number) in SAYS.items()}
    return [known for known, phrase in phrases.items() if phrase in text] == [nation] and SAYS[nation][1] in text


@pytest.mark.parametrize("nation", SAYS)
def test_the_numbers_stand_where_somebody_may_need_them(tablet: Police, case: Case, nation: Nation | None) -> None:
    place_in(case, nation)
    safety, other = card(case, "own-safety"), card(case, "food")
    assert box(tablet, other) == ""  # control: it is no wall
    tablet.send(other, answer="too_hard")
    seen = [box(tablet, path) for path in (safety, other, "/s/safe/end")]
    tablet.send("/s/check")
    seen.append(box(tablet, "/s/done"))
    assert all(as_said(text, nation) for text in seen), seen
    assert all(number in text for number in EVERYWHERE for text in seen)


@pytest.mark.parametrize("path", ["/s/welcome", "/s/cards", "/s/order", "/s/goal", "/s/safe/1", "/s/check"])
def test_they_stand_nowhere_else(tablet: Police, path: str) -> None:
    assert box(tablet, path) == ""


def test_the_keyworkers_own_cards_have_none(app: Flask, case: Case) -> None:
    desk = desk_of(app, case)
    place = held(case, Party.KEYWORKER).shown(CARDS).index("own-safety") + 1
    assert box(desk, f"{root(case)}/card/{place}") == ""


@pytest.mark.parametrize(("language", "said"), [("cy", "pwyswch 2"), ("pl", "wcisnąć 2")])
def test_they_speak_the_clients_language(app: Flask, database: Database, language: str, said: str) -> None:
    case = a_case(database, language=language).with_round()
    place_in(case, Nation.WALES)
    tablet = tablet_of(app, case)
    assert said in box(tablet, "/s/safe/end")
    assert "01632 960117" in box(tablet, "/s/safe/end")


@pytest.mark.parametrize("nation", SAYS)
def test_a_plan_prints_what_holds_where_the_service_is(app: Flask, database: Database, nation: Nation | None) -> None:
    case = a_case(database).sorted_by_both().confirmed()
    place_in(case, nation)
    table = sit(app, case)
    write(table, "/together/goals", {"title": "Walk more"})
    phones = parsed(table.get("/together/preview")).select_one(".plan-phones")
    assert phones is not None
    text = " ".join(phones.get_text(" ").split())
    assert as_said(text, nation), text
    assert all(number in text for number in EVERYWHERE)
