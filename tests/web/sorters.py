"""People who sort, in tests: a tablet in the client's seat, a desk in the keyworker's, and what is held after."""

from datetime import UTC, datetime

from bs4 import BeautifulSoup, Tag
from flask import Flask

from decisionaid.casework import seats
from decisionaid.core.sort import Party
from decisionaid.storage import sorts
from decisionaid.storage.models import Staff
from decisionaid.storage.sorts import LoadedSort
from tests.builders import CARDS, Case
from tests.police import Police


def tablet_of(app: Flask, case: Case, *, begun: bool = True) -> Police:
    """A tablet that the keyworker has given to the client of this case, who has pressed Start."""
    now = datetime.now(UTC)
    with case.database.writing() as db:
        token = seats.open_desk(db, db.get_one(Staff, (case.service_id, case.keyworker_id)), now)
        db.flush()
        found = seats.seated(db, token, now)
        assert found is not None
        token = seats.hand_over(db, found[0], case.round(db), now)
    tablet = _browser(app, token)
    if begun:
        tablet.send("/s/welcome")
    return tablet


def desk_of(app: Flask, case: Case, *, begun: bool = True) -> Police:
    """The desk of this case's keyworker, who has pressed Start on their own sort."""
    with case.database.writing() as db:
        keyworker = db.get_one(Staff, (case.service_id, case.keyworker_id))
        token = seats.open_desk(db, keyworker, datetime.now(UTC))
    desk = _browser(app, token)
    if begun:
        desk.send(f"{root(case)}/")
    return desk


def root(case: Case) -> str:
    """Where the keyworker's own sort of this case lies."""
    return f"/desk/rounds/{case.round_id}/sort"


def held(case: Case, party: Party = Party.CLIENT) -> LoadedSort:
    """A party's sort as the database holds it."""
    with case.database.reading() as db:
        found = sorts.load(db, sorts.record_of(db, case.round(db), party))
        assert found is not None
        return found


def order(case: Case, party: Party = Party.CLIENT) -> list[str]:
    """The cards in order, as the database holds them."""
    return list(held(case, party).value(CARDS, 5).order)


def shuffle_alike(case: Case, party: Party) -> None:
    """Give a sort a known shuffle, so that two can be compared."""
    with case.database.writing() as db:
        record = sorts.record_of(db, case.round(db), party)
        assert record is not None
        record.seed = 7


def rate(browser: Police, case: Case, card: str, answer: str, party: Party = Party.CLIENT) -> None:
    """Answer a card, wherever it stands in this person's shuffle."""
    place = held(case, party).shown(CARDS).index(card) + 1
    under = "/s" if party is Party.CLIENT else root(case)
    browser.send(f"{under}/card/{place}", answer=answer)


def token(browser: Police, path: str) -> str:
    """A form token from that page."""
    return str(one(browser.page(path), "input[name=csrf_token]")["value"])


def one(page: BeautifulSoup | Tag, selector: str) -> Tag:
    """The one thing there."""
    found = page.select(selector)
    assert len(found) >= 1, f"there is no {selector}"
    return found[0]


def title(page: BeautifulSoup) -> str:
    """What the browser's tab says."""
    return one(page, "title").text.strip()


def _browser(app: Flask, cookie: str) -> Police:
    browser = app.test_client()
    assert isinstance(browser, Police)
    browser.set_cookie("seat", cookie)
    return browser
