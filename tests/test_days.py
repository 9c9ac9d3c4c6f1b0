"""P42: the quick tests pass on every day that has told of a fault before; `./test --days` runs them on each."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

HERE = Path(__file__).parent
LONDON = ZoneInfo("Europe/London")
DAYS = [
    datetime.fromisoformat(line.split()[0]).replace(tzinfo=LONDON)
    for line in (HERE / "days.txt").read_text("utf-8").splitlines()
]


def shifts(day: datetime) -> timedelta:
    """By how much the clock is put on within the day that follows."""
    return (day + timedelta(days=1)).utcoffset() - day.utcoffset()  # type: ignore[operator]


def ends_a_month(day: datetime) -> bool:
    return (day + timedelta(days=1)).day == 1


def is_weekday(number: int) -> Callable[[datetime], bool]:
    return lambda day: day.isoweekday() == number


TELLING: dict[str, Callable[[datetime], bool]] = {
    **{f"weekday {number}": is_weekday(number) for number in range(1, 8)},
    "the end of a month of 31 days": lambda day: ends_a_month(day) and day.day == 31,
    "the end of a month of 30 days": lambda day: ends_a_month(day) and day.day == 30,
    "29 February": lambda day: (day.month, day.day) == (2, 29),
    "the clock is put forward": lambda day: shifts(day) == timedelta(hours=1),
    "the clock is put back": lambda day: shifts(day) == timedelta(hours=-1),
    "ten minutes before a new year": lambda day: f"{day:%m-%d %H:%M}" == "12-31 23:50",
}


def missing(days: list[datetime]) -> list[str]:
    """Which telling days are not among these."""
    return [name for name, is_it in TELLING.items() if not any(map(is_it, days))]


@pytest.mark.promise("P42")
def test_the_days_are_the_telling_ones() -> None:
    assert missing(DAYS) == []
    assert len(DAYS) >= 12
    print(f"P42: {len(DAYS)} days")


@pytest.mark.promise("P42")
@pytest.mark.parametrize("name", TELLING)
def test_control_a_kind_of_day_that_is_left_out_is_noticed(name: str) -> None:
    assert name in missing([day for day in DAYS if not TELLING[name](day)])


def test_the_change_is_run_on_one_of_them() -> None:
    script = (HERE.parent / ".ci" / "run").read_text("utf-8")
    assert re.search(r"^DAY=.*tests/days\.txt", script, re.MULTILINE)
