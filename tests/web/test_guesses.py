"""Who guesses a password waits, longer each time; nobody else is kept out by it."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from decisionaid.casework import browsers, passwords, people
from decisionaid.casework.tries import MANY_PEOPLE, ONE_PERSON
from decisionaid.storage.database import Database
from decisionaid.storage.models import KnownBrowser, Staff, Throttle
from decisionaid.web.guesses import _wait_first
from tests.builders import PASSWORD, a_case
from tests.police import Police
from tests.web.doors import browser, errors, sign_in
from tests.web.sorters import token

CLINIC, STRANGER = "192.0.2.7", "203.0.113.9"
AT_ONCE = 12


@pytest.fixture(autouse=True)
def maya(database: Database) -> None:
    a_case(database)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands, so that no wait is over by itself."""
    with time_machine.travel(datetime(2026, 8, 20, 9, 30, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def at(app: Flask, address: str) -> Police:
    """A browser that nobody has used yet, at this address."""
    found = browser(app)
    found.environ_base["REMOTE_ADDR"] = address
    return found


def guess(app: Flask, address: str, times: int, login: str = "maya") -> str:
    """Guess that often; returns what the last one is told."""
    asker, said = at(app, address), ""
    for _ in range(times):
        said = errors(asker.send("/sign-in", login=login, password="wrong", status=422))[0][1]
    return said


def gets_in(asker: Police, login: str = "maya") -> bool:
    return (
        asker.heard("/sign-in", {"csrf_token": token(asker, "/sign-in"), "login": login, "password": PASSWORD}) == 303
    )


def test_guesses_at_one_login_wait_and_the_right_password_waits_too(app: Flask, clock: time_machine.Traveller) -> None:
    assert "don’t match" in guess(app, STRANGER, ONE_PERSON.free)
    assert guess(app, STRANGER, 1) == "Too many tries. Wait 2 seconds, then try again."
    assert not gets_in(at(app, STRANGER))
    clock.shift(2)
    assert "don’t match" in guess(app, STRANGER, 1)
    assert guess(app, STRANGER, 1) == "Too many tries. Wait 4 seconds, then try again."
    clock.shift(4)
    assert gets_in(at(app, STRANGER))


@pytest.mark.parametrize("known", [False, True])
def test_a_stranger_keeps_nobody_out(app: Flask, *, known: bool) -> None:
    own = at(app, CLINIC)
    if known:
        assert gets_in(own)
        own.send("/desk/account", "/desk/sign-out")
    guess(app, STRANGER, 2 * MANY_PEOPLE.free)
    assert gets_in(own)


def test_strangers_at_many_addresses_keep_no_known_browser_out(app: Flask) -> None:
    own = at(app, CLINIC)
    assert gets_in(own)
    own.send("/desk/account", "/desk/sign-out")
    for number in range(MANY_PEOPLE.free):
        guess(app, f"198.51.100.{number}", 1)
    assert guess(app, STRANGER, 1) == "Too many tries. Wait 2 seconds, then try again."
    assert not gets_in(at(app, CLINIC)), "a browser that nobody has used waits a little"
    assert gets_in(own)


def test_ten_slips_at_one_address_keep_no_clinic_out(app: Flask) -> None:
    for login in ("robin", "nobody"):
        guess(app, CLINIC, ONE_PERSON.free, login)
    assert gets_in(at(app, CLINIC))


def test_one_address_that_tries_many_logins_waits_and_known_browsers_there_do_not(app: Flask) -> None:
    own = at(app, CLINIC)
    assert gets_in(own)
    own.send("/desk/account", "/desk/sign-out")
    for number in range(MANY_PEOPLE.free):
        guess(app, CLINIC, 1, f"guess{number}")
    assert guess(app, CLINIC, 1, "robin") == "Too many tries. Wait 2 seconds, then try again."
    assert gets_in(own)
    assert not gets_in(at(app, CLINIC), "robin")


def test_one_network_of_ipv6_is_one_address(app: Flask) -> None:
    for number in range(ONE_PERSON.free):
        guess(app, f"2001:db8:1:2::{number + 1:x}", 1)
    assert "Wait 2 seconds" in guess(app, "2001:db8:1:2:ffff::1", 1)
    assert "don’t match" in guess(app, "2001:db8:1:3::1", 1)


def test_a_known_browser_has_waits_of_its_own(app: Flask) -> None:
    own = at(app, CLINIC)
    assert gets_in(own)
    own.send("/desk/account", "/desk/sign-out")
    for _ in range(ONE_PERSON.free):
        own.send("/sign-in", login="maya", password="wrong", status=422)
    assert not gets_in(own)
    assert gets_in(at(app, CLINIC)), "and they are its own alone"


@pytest.mark.parametrize("known", [False, True])
def test_a_good_sign_in_clears_the_count(app: Flask, *, known: bool) -> None:
    own = at(app, CLINIC)
    for _ in range(3):
        for _ in range(ONE_PERSON.free - 1):
            own.send("/sign-in", login="maya", password="wrong", status=422)
        assert gets_in(own)
        own.send("/desk/account", "/desk/sign-out")
        if not known:
            own = at(app, CLINIC)


def test_a_good_sign_in_leaves_the_tries_of_others_at_the_address(app: Flask, database: Database) -> None:
    guess(app, CLINIC, 3)
    own = at(app, CLINIC)
    for _ in range(2):  # at a browser that is known by now the second one counts nothing at the address
        assert gets_in(own)
        own.send("/desk/account", "/desk/sign-out")
    with database.reading() as db:
        assert [row.tries for row in db.query(Throttle)] == [3]


def test_a_whole_clinic_signs_in_at_new_browsers_from_one_address(app: Flask) -> None:
    assert [gets_in(at(app, CLINIC)) for _ in range(MANY_PEOPLE.free + 5)] == [True] * (MANY_PEOPLE.free + 5)


# A new password


def reset(database: Database, login: str = "maya") -> None:
    """A new first password; here the same, to sign in with."""
    with database.writing() as db:
        held = db.query(Staff).filter_by(login=login).one()
        people.reset(db, held, passwords.hashed(PASSWORD), actor="reset-password", now=datetime.now(UTC))


def wrong(asker: Police, times: int) -> None:
    for _ in range(times):
        asker.send("/sign-in", login="maya", password="wrong", status=422)


@pytest.mark.parametrize("known", [False, True])
def test_a_new_password_is_tried_at_once(app: Flask, database: Database, *, known: bool) -> None:
    own = at(app, CLINIC)
    if known:
        assert gets_in(own)
        own.send("/desk/account", "/desk/sign-out")
    wrong(own, ONE_PERSON.free)
    assert not gets_in(own)
    reset(database)
    assert gets_in(own)


def test_a_new_password_is_tried_at_once_where_many_addresses_guessed(app: Flask, database: Database) -> None:
    for number in range(MANY_PEOPLE.free):
        guess(app, f"198.51.100.{number}", 1)
    assert not gets_in(at(app, CLINIC))
    reset(database)
    assert gets_in(at(app, CLINIC))


def test_a_new_password_clears_neither_the_address_nor_another_login(app: Flask, database: Database) -> None:
    guess(app, CLINIC, ONE_PERSON.free, "robin")
    reset(database)
    assert "Wait 2 seconds" in guess(app, CLINIC, 1, "robin")
    for number in range(MANY_PEOPLE.free - ONE_PERSON.free):
        guess(app, CLINIC, 1, f"guess{number}")
    reset(database)
    assert not gets_in(at(app, CLINIC))


def test_guesses_at_a_new_password_wait_as_before(app: Flask, database: Database) -> None:
    reset(database)
    assert "don’t match" in guess(app, STRANGER, ONE_PERSON.free)
    assert "Wait 2 seconds" in guess(app, STRANGER, 1)


# Tries at the same moment


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that are compared with what is kept. The comparison is slow, as the real one is."""
    seen: list[str] = []

    def matches(_kept: str | None, secret: str) -> bool:
        seen.append(secret)
        time.sleep(0.05)
        return secret == PASSWORD

    monkeypatch.setattr(passwords, "matches", matches)
    return seen


def test_of_guesses_at_the_same_moment_no_more_than_the_free_ones_are_looked_at(
    app: Flask, looked_at: list[str]
) -> None:
    with ThreadPoolExecutor(AT_ONCE) as thieves:
        list(thieves.map(lambda _: guess(app, STRANGER, 1), range(AT_ONCE)))
    assert len(looked_at) == ONE_PERSON.free
    assert not gets_in(at(app, STRANGER))
    assert PASSWORD not in looked_at, "the right one, too early, is not even looked at"


def test_control_the_right_password_among_the_free_tries_is_looked_at(app: Flask, looked_at: list[str]) -> None:
    guess(app, STRANGER, ONE_PERSON.free - 1)
    assert gets_in(at(app, STRANGER))
    assert looked_at[-1] == PASSWORD


# How a browser is known


def test_a_browser_gets_a_new_name_at_each_sign_in_and_a_copy_is_good_for_nothing(
    app: Flask, database: Database
) -> None:
    own = sign_in(app)
    first = own.get_cookie("browser")
    assert first is not None and first.http_only and first.same_site == "Strict"
    own.send("/desk/account", "/desk/sign-out")
    assert gets_in(own)
    second = own.get_cookie("browser")
    assert second is not None and second.value != first.value
    with database.reading() as db:
        rows = db.query(KnownBrowser).all()
        assert len(rows) == 1
        assert second.value not in (rows[0].token_hash, first.value)
        staff_of = db.get_one(Staff, (rows[0].service_id, rows[0].staff_id))
        known = [
            browsers.knows(db, staff_of.service_id, login, value, datetime.now(UTC))
            for login, value in (("maya", second.value), ("maya", first.value), ("robin", second.value), ("maya", ""))
        ]
    assert known == [True, False, False, False]


def test_a_name_that_someone_else_put_there_is_replaced(app: Flask, database: Database) -> None:
    own = browser(app)
    own.set_cookie("browser", "chosen by somebody else")
    own.send("/sign-in", login="maya", password=PASSWORD)
    with database.reading() as db:
        held = db.query(Staff).filter_by(login="maya").one()
        assert not browsers.knows(db, held.service_id, "maya", "chosen by somebody else", datetime.now(UTC))


def test_two_people_are_known_by_one_browser(app: Flask, database: Database) -> None:
    shared = sign_in(app)
    shared.send("/desk/account", "/desk/sign-out")
    assert gets_in(shared, "robin")
    cookie = shared.get_cookie("browser")
    assert cookie is not None
    with database.reading() as db:
        held = db.query(Staff).filter_by(login="maya").one()
        for login in ("maya", "robin"):
            assert browsers.knows(db, held.service_id, login, cookie.value, datetime.now(UTC))


def test_a_browser_is_known_for_a_little_more_than_a_year(app: Flask, database: Database) -> None:
    own = sign_in(app)
    cookie, later = own.get_cookie("browser"), datetime.now(UTC) + browsers.LASTS
    assert cookie is not None
    with database.writing() as db:
        held = db.query(Staff).filter_by(login="maya").one()
        assert browsers.knows(db, held.service_id, "maya", cookie.value, later - timedelta(seconds=1))
        assert not browsers.knows(db, held.service_id, "maya", cookie.value, later)
        browsers.remember(db, held, "", later)
        assert db.query(KnownBrowser).count() == 1, "what is not known any more is removed"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "1 second,"), (2, "2 seconds,"), (60, "60 seconds,"), (60.5, "2 minutes,"), (900, "15 minutes,")],
)
def test_the_wait_is_told_in_whole_seconds_or_minutes(app: Flask, seconds: float, said: str) -> None:
    with app.test_request_context():
        assert said in _wait_first(timedelta(seconds=seconds))
