"""A client in mid-sort whose seat the service ends hears what happened, what is saved and whom to ask."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from decisionaid.casework import passwords, people
from decisionaid.storage.database import Database
from decisionaid.storage.models import Role, Staff
from tests.browser import check_accessible
from tests.journeys.presses import MAYBE, YES, at, chosen, named, press, seat
from tests.journeys.test_offline import offline, online, state, unsent

Act = Callable[[], None]


@pytest.fixture
def kept(address: str, tmp_path: Path) -> Path:
    """The database of this test's server."""
    return tmp_path / "demonstration.db"


@pytest.fixture
def phone(tablet: Page, kept: Path) -> Page:
    """The client's own, in mid-sort: the first card is answered and saved."""
    seat(tablet)
    with closing(sqlite3.connect(kept)) as db, db:
        db.execute("UPDATE seat SET own_device = 1")
    chosen(tablet, YES).click()
    state(tablet, "saved")
    return tablet


def change(kept: Path, what: str) -> None:
    """What the service or the keyworker does meanwhile."""
    database = Database(f"sqlite:///{kept}")
    with database.writing() as db:
        maya = db.query(Staff).filter_by(login="maya").one()
        admin = db.query(Staff).filter_by(role=Role.ADMIN).first()
        assert admin is not None
        now = maya.created_at
        if what == "disabled":
            people.disable(db, maya, actor=admin, now=now)
        else:
            people.change_password(db, maya, passwords.hashed("another long one"), seat=None, now=now)
            people.change_pin(db, maya, passwords.hashed("135791"), now=now)
    database.close()


def answers(kept: Path) -> int:
    """How many cards clients have answered."""
    with closing(sqlite3.connect(kept)) as db:
        mine = "SELECT id FROM sort WHERE party = 'client'"
        found = db.execute(f"SELECT count(*) FROM sort_card WHERE answer IS NOT NULL AND sort_id IN ({mine})")  # noqa: S608
        return int(found.fetchone()[0])


def stopped(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers are saved")
    expect(page.locator("main")).to_contain_text("Ask the service to carry on.")


@pytest.mark.promise("P10")
@pytest.mark.promise("P25")
def test_choice_after_the_end_is_said_to_be_unsaved_and_the_rest_saved(phone: Page, kept: Path) -> None:
    press(phone, "Next card", "/s/card/2")
    before = answers(kept)
    change(kept, "disabled")
    chosen(phone, MAYBE).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("These cards have stopped here")
    expect(
        phone.get_by_text("What you just chose or wrote was not saved. Your other answers are saved.")
    ).to_be_visible()
    check_accessible(phone)
    named(phone, "Continue").click()
    stopped(phone)
    check_accessible(phone)
    assert answers(kept) == before
    press(phone, "Leave this page", "/away")


@pytest.mark.promise("P25")
def test_choices_that_waited_without_network_are_said_to_be_unsaved(phone: Page, kept: Path) -> None:
    press(phone, "Next card", "/s/card/2")
    offline(phone)
    chosen(phone, MAYBE).click()
    state(phone, "offline")
    assert len(unsent(phone)["waiting"]) == 1
    change(kept, "disabled")
    online(phone)
    expect(phone.get_by_text("What you just chose or wrote was not saved.")).to_be_visible()
    assert unsent(phone) is None


def test_page_asked_for_after_the_end_says_so(phone: Page, kept: Path) -> None:
    change(kept, "disabled")
    phone.goto("/s/card/2")
    stopped(phone)
    expect(phone.locator("main")).to_contain_text("Choices that did not show “Saved” are not saved.")


@pytest.mark.promise("P25")
def test_control_a_new_password_and_pin_of_the_keyworkers_stop_nothing(phone: Page, kept: Path) -> None:
    press(phone, "Next card", "/s/card/2")
    before = answers(kept)
    change(kept, "password")
    chosen(phone, MAYBE).click()
    state(phone, "saved")
    assert answers(kept) == before + 1
    press(phone, "Next card", "/s/card/3")
    at(phone, "/s/card/3")
