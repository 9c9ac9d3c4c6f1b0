"""Guesses are counted by login and by address, and whoever makes too many waits."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from decisionaid.casework import people, tries
from decisionaid.storage.models import Throttle
from tests.builders import NOW, Case

MINUTE = timedelta(minutes=1)
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
    try_often(case, times, ["login:maya", "from:192.0.2.7"])
    for keys in (["login:maya"], ["from:192.0.2.7"], ["login:other", "from:192.0.2.7"]):
        assert is_refused(case, keys, NOW + after) is refused
    assert not is_refused(case, ["login:other", "from:192.0.2.8"], NOW + after)


def test_after_the_window_the_count_begins_again(case: Case) -> None:
    later = NOW + tries.WINDOW
    try_often(case, tries.MOST, ["login:maya"])
    try_often(case, tries.MOST - 1, ["login:maya"], later)
    assert not is_refused(case, ["login:maya"], later)
    try_often(case, 1, ["login:maya"], later + MINUTE)
    assert is_refused(case, ["login:maya"], later + tries.WINDOW - SOON)


def test_a_good_sign_in_clears_ones_own_count(case: Case) -> None:
    try_often(case, tries.MOST, ["login:maya", "from:192.0.2.7"])
    with case.database.writing() as db:
        tries.forget(db, case.service_id, ["login:maya"])
    assert not is_refused(case, ["login:maya"])
    assert is_refused(case, ["from:192.0.2.7"])


def test_what_was_tried_is_kept_hashed(case: Case) -> None:
    try_often(case, 1, ["login:maya"])
    with case.database.reading() as db:
        assert "maya" not in db.scalars(select(Throttle)).one().key


def test_services_count_apart(case: Case) -> None:
    with case.database.writing() as db:
        other = people.found_service(db, "Mill Street", language="en", now=NOW).id
        for _ in range(tries.MOST):
            tries.count(db, other, ["login:maya"], NOW)
    assert not is_refused(case, ["login:maya"])
