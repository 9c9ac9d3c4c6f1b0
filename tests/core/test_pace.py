"""When the pace of a sort is a reason to ask: a table, and what no order or later change of mind alters."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisionaid.core.pace import FEWEST, is_quick

BEGUN = datetime(2026, 8, 20, 9, 30, tzinfo=UTC)


def at(seconds: list[float]) -> list[datetime]:
    return [BEGUN + timedelta(seconds=second) for second in seconds]


@pytest.mark.parametrize(
    ("seconds", "quick"),
    [
        ([], False),
        ([0.1 * n for n in range(FEWEST - 1)], False),
        ([1.9 * n for n in range(24)], True),
        ([2 * n for n in range(24)], False),
        ([0] * 24, True),
        ([*(1.5 * n for n in range(23)), 3600], True),
        ([*(20 * n for n in range(23)), 461], False),
        ([*(0.5 * n for n in range(8)), *(30 * n for n in range(1, 17))], False),
    ],
    ids=["none", "too few", "quick", "two seconds", "at once", "one changed later", "one answered twice", "a third"],
)
def test_a_pace(seconds: list[float], quick: bool) -> None:
    assert is_quick(at(seconds)) is quick


@given(st.lists(st.floats(0, 5000), max_size=30), st.randoms())
def test_the_order_in_which_cards_are_told_of_says_nothing(seconds: list[float], dice: object) -> None:
    told = at(seconds)
    dice.shuffle(told)  # type: ignore[attr-defined]
    assert is_quick(told) is is_quick(sorted(told))


@given(st.lists(st.floats(2, 300), min_size=FEWEST, max_size=30))
def test_nobody_who_takes_two_seconds_a_card_is_asked(pauses: list[float]) -> None:
    assert not is_quick(at([sum(pauses[:n]) for n in range(len(pauses))]))
