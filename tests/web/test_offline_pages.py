"""What a tablet may put by: cards as nobody has answered them, and never one in the client's own words."""

import pytest
from flask import Flask

from decisionaid.storage.database import Database
from tests.builders import Case, a_case
from tests.police import Police, words
from tests.web.sorters import tablet_of


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_open_sorts()


@pytest.fixture
def tablet(app: Flask, case: Case) -> Police:
    return tablet_of(app, case)


def test_a_blank_card_holds_no_answer_and_says_that_one_is_kept(tablet: Police) -> None:
    tablet.send("/s/card/1", answer="definitely")
    tablet.send("/s/ask/1", words="Who pays for it?")
    assert tablet.page("/s/card/1").select("[aria-pressed=true]")
    blank = tablet.page("/s/blank/1")
    assert not blank.select("[aria-pressed=true]")
    assert "My questions" not in blank.get_text()
    assert "your answer is saved" in blank.get_text()


def test_an_own_card_is_never_put_by(tablet: Police) -> None:
    tablet.send("/s/own", title="My garden")
    assert tablet.get("/s/card/25").status_code == 200
    assert [tablet.get(f"/s/blank/{place}").status_code for place in (0, 24, 25, 26)] == [404, 200, 404, 404]


def test_the_page_for_no_network_leads_to_the_cards(tablet: Police) -> None:
    assert "There is no internet" in words(tablet.get("/s/blank"))


def test_the_worker_comes_from_the_seat_that_it_serves(tablet: Police) -> None:
    worker = tablet.get("/s/worker.js")
    assert worker.mimetype == "text/javascript"
    assert "/s/blank" in worker.text
