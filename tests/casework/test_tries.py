"""Guesses are counted under a login, an address or a browser, and whoever makes too many waits."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from decisionaid.casework import people, tries
from decisionaid.casework.tries import FORGOTTEN, MANY_PEOPLE, ONE_PERSON, Limit
from decisionaid.storage.models import Throttle
from tests.builders import NOW, Case

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
NONE = timedelta(0)
SOON = timedelta(microseconds=1)


def try_often(case: Case, times: int, keys: list[str], at: datetime = NOW) -> None:
    with case.database.writing() as db:
        for _ in range(times):
            tries.count(db, case.service_id, keys, at)


def is_refused(case: Case, keys: list[str], at: datetime = NOW) -> bool:
    with case.database.reading() as db:
        try:
            tries.check(db, case.service_id, keys, at)
        except tries.TooManyTries:
            return True
        return False


def take(case: Case, at: datetime = NOW, service_id: str = "", **limits: Limit) -> timedelta:
    with case.database.writing() as db:
        return tries.take(db, service_id or case.service_id, limits, at)


def free_tries(case: Case) -> None:
    for _ in range(ONE_PERSON.free):
        assert take(case, maya=ONE_PERSON) == NONE


# Passwords: each wait twice the last


def test_after_the_free_tries_each_wait_is_twice_the_last_up_to_the_longest(case: Case) -> None:
    free_tries(case)
    at, waits = NOW, []
    for _ in range(12):
        wait = take(case, at, maya=ONE_PERSON)
        assert take(case, at + wait - SOON, maya=ONE_PERSON) == SOON
        waits.append(wait)
        at += wait
        assert take(case, at, maya=ONE_PERSON) == NONE
    assert waits == [*(SECOND * 2**power for power in range(1, 10)), *[ONE_PERSON.longest] * 3]


def test_a_try_that_came_too_early_is_not_counted(case: Case) -> None:
    free_tries(case)
    for _ in range(50):
        assert take(case, maya=ONE_PERSON) == 2 * SECOND
    assert take(case, NOW + 2 * SECOND, maya=ONE_PERSON) == NONE


def test_a_try_held_up_under_one_key_counts_under_no_other(case: Case) -> None:
    free_tries(case)
    for _ in range(MANY_PEOPLE.free + 1):
        take(case, maya=ONE_PERSON, clinic=MANY_PEOPLE)
    assert take(case, clinic=MANY_PEOPLE) == NONE


def test_no_wait_for_many_people_is_longer_than_a_minute(case: Case) -> None:
    assert MANY_PEOPLE.wait(10_000) == MINUTE
    assert MANY_PEOPLE.wait(MANY_PEOPLE.free - 1) == NONE


@pytest.mark.parametrize(("later", "wait"), [(FORGOTTEN - SOON, 1), (FORGOTTEN, 2)])
def test_an_hour_after_the_last_try_they_are_free_again(case: Case, later: timedelta, wait: int) -> None:
    free_tries(case)
    assert take(case, NOW + later, maya=ONE_PERSON) == NONE
    waited = take(case, NOW + later, maya=ONE_PERSON)
    assert waited == (NONE if wait == 2 else 4 * SECOND)


def test_a_good_sign_in_clears_ones_own_count(case: Case) -> None:
    free_tries(case)
    with case.database.writing() as db:
        tries.forget(db, case.service_id, ["maya"])
    free_tries(case)
    assert take(case, maya=ONE_PERSON) == 2 * SECOND


def test_a_clock_set_back_makes_no_wait_longer(case: Case) -> None:
    free_tries(case)
    earlier = NOW - timedelta(days=3)
    assert take(case, earlier, maya=ONE_PERSON) == NONE
    try_often(case, tries.MOST, ["codes"])
    assert not is_refused(case, ["codes"], earlier)


def test_a_request_that_came_a_moment_before_the_last_counts_all_the_same(case: Case) -> None:
    free_tries(case)
    assert take(case, NOW - SECOND, maya=ONE_PERSON) == 3 * SECOND


def test_what_holds_nobody_up_is_swept(case: Case) -> None:
    take(case, old=ONE_PERSON)
    take(case, NOW + SOON, recent=ONE_PERSON)
    take(case, NOW + timedelta(days=9), ahead=ONE_PERSON)
    with case.database.writing() as db:
        tries.sweep(db, NOW + FORGOTTEN)
        assert [row.since for row in db.scalars(select(Throttle))] == [NOW + SOON]


# Codes: so many within a window


@pytest.mark.parametrize(
    ("times", "after", "refused"),
    [
        (tries.MOST - 1, timedelta(0), False),
        (tries.MOST, timedelta(0), True),
        (tries.MOST, tries.WINDOW - SOON, True),
        (tries.MOST, tries.WINDOW, False),
        (10 * tries.MOST, tries.WINDOW, False),
    ],
)
def test_who_guesses_too_often_waits(case: Case, times: int, after: timedelta, *, refused: bool) -> None:
    try_often(case, times, ["codes", "from:192.0.2.7"])
    for keys in (["codes"], ["from:192.0.2.7"], ["other", "from:192.0.2.7"]):
        assert is_refused(case, keys, NOW + after) is refused
    assert not is_refused(case, ["other", "from:192.0.2.8"], NOW + after)


def test_after_the_window_the_count_begins_again(case: Case) -> None:
    later = NOW + tries.WINDOW
    try_often(case, tries.MOST, ["codes"])
    try_often(case, tries.MOST - 1, ["codes"], later)
    assert not is_refused(case, ["codes"], later)
    try_often(case, 1, ["codes"], later + MINUTE)
    assert is_refused(case, ["codes"], later + tries.WINDOW - SOON)


def test_what_was_tried_is_kept_hashed(case: Case) -> None:
    take(case, maya=ONE_PERSON)
    with case.database.reading() as db:
        assert "maya" not in db.scalars(select(Throttle)).one().key


def test_services_count_apart(case: Case) -> None:
    with case.database.writing() as db:
        other = people.found_service(db, "Mill Street", language="en", now=NOW).id
    for _ in range(ONE_PERSON.free):
        take(case, service_id=other, maya=ONE_PERSON)
    assert take(case, maya=ONE_PERSON) == NONE
    assert take(case, service_id=other, maya=ONE_PERSON) == 2 * SECOND
