"""What the client's seat gives away (nothing), and how one leaves it."""

import pytest
from flask import Flask

from decisionaid.core.sort import Party
from decisionaid.storage.database import Database
from tests.builders import PASSWORD, PIN, Case, a_case
from tests.police import Police, words
from tests.web.doors import browser
from tests.web.sorters import shuffle_alike, tablet_of, title

TITLED = (
    *("/s/welcome", "/s/say", "/s/card/1", "/s/cards", "/s/order", "/s/words", "/s/goal?open=1", "/s/goal/1"),
    *("/s/goal/all", "/s/ask", "/s/safe/1", "/s/check", "/s/own", "/s/back"),
)
TELLING = ("drink", "alcohol", "drug", "treat", "rowan")


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_round()


@pytest.fixture
def tablet(app: Flask, case: Case) -> Police:
    return tablet_of(app, case)


def test_titles_are_distinct_and_tell_nothing(tablet: Police) -> None:
    titles = [title(tablet.page(path)) for path in TITLED]
    assert len(set(titles)) == len(titles)
    assert not [each for each in titles if any(word in each.lower() for word in TELLING)]


def test_addresses_hold_no_id(tablet: Police, case: Case) -> None:
    for path in TITLED:
        links = {str(tag.get("href") or tag.get("action")) for tag in tablet.page(path).select("a[href], form")}
        for link in links:
            assert case.round_id not in link
            assert case.client_id not in link
            assert not any(word in link for word in TELLING), link


def test_nothing_tells_the_client_of_the_keyworkers_sort(app: Flask, database: Database) -> None:
    """The same pages, letter for letter, whether the keyworker has finished or not begun."""
    alone = a_case(database).with_round()
    other = a_case(database, reference="RE-2").with_open_sorts().sorted_by_keyworker()
    seen = []
    for each in (alone, other):
        tablet = tablet_of(app, each)
        shuffle_alike(each, Party.CLIENT)
        tablet.send("/s/card/1", answer="definitely")
        paths = ("/s/welcome", "/s/card/1", "/s/cards", "/s/order", "/s/words", "/s/goal", "/s/check", "/s/back")
        seen.append([words(tablet.get(path)) for path in paths])
        tablet.send("/s/check")
        seen[-1].append(words(tablet.get("/s/done")))
    assert seen[0] == seen[1]


def test_leaving_ends_the_session_on_the_server(tablet: Police) -> None:
    cookie = tablet.get_cookie("seat")
    assert cookie is not None
    assert tablet.send("/s/card/1", to="/s/leave").location == "/away"
    tablet.set_cookie("seat", cookie.value)
    assert tablet.get("/s/card/1").location == "/away"


@pytest.mark.parametrize(("go", "where"), [("desk", "/desk/"), ("together", "/together/")])
def test_the_tablet_is_taken_back_with_the_pin(tablet: Police, go: str, where: str) -> None:
    assert tablet.send("/s/back", pin=PIN, go=go).location == where
    assert tablet.get("/s/card/1").status_code == 404


@pytest.mark.promise("P02")
def test_five_wrong_pins_leave_only_the_sign_in(tablet: Police) -> None:
    for left in ("4 tries left", "3 tries left", "2 tries left", "1 try left"):
        assert left in words(tablet.send("/s/back", pin="111222", go="desk", status=422))
    assert tablet.get("/sign-in").status_code == 404
    csrf_token = tablet.page("/s/back").select("input[name=csrf_token]")[0]["value"]
    for pin in ("111222", PIN):
        sent = {"pin": pin, "go": "desk", "csrf_token": csrf_token}
        assert tablet.post("/s/back", data=sent).location == "/s/back"
        assert tablet.page("/s/back").select("a[href='/sign-in']")
        assert not tablet.page("/s/back").select("[name=pin]")
    assert tablet.get("/s/card/1").status_code == 200
    assert tablet.get("/sign-in").status_code == 200


def test_the_sign_in_after_five_wrong_pins_ends_the_clients_seat(app: Flask, tablet: Police) -> None:
    for status in (422, 422, 422, 422, 303):
        tablet.send("/s/back", pin="111222", go="desk", status=status)
    before = tablet.get_cookie("seat")
    assert before is not None
    other = browser(app)
    other.set_cookie("seat", before.value)
    assert other.get("/s/card/1").status_code == 200
    tablet.send("/sign-in", login="maya", password=PASSWORD)
    assert tablet.get("/desk/").status_code == 200
    assert other.get("/s/card/1").status_code == 303


@pytest.mark.parametrize("fields", [{"pin": "", "go": "desk"}, {"pin": "12ab56", "go": "desk"}])
def test_a_pin_that_is_none_costs_no_try(tablet: Police, fields: dict[str, str]) -> None:
    for _ in range(6):
        tablet.send("/s/back", status=422, **fields)
    assert tablet.send("/s/back", pin=PIN, go="desk").location == "/desk/"


@pytest.mark.promise("P02")
def test_only_the_sort_answers_from_this_seat(tablet: Police, case: Case) -> None:
    for path in ("/desk/", f"/desk/clients/{case.client_id}", "/together/", "/admin/", "/sign-in"):
        assert tablet.get(path).status_code == 404, path
