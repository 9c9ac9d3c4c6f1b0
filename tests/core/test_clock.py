"""A clock that was set back makes nothing last longer; requests that overtake each other are not taken for that."""

from datetime import datetime, timedelta

import pytest

from decisionaid.core.clock import SLACK, after, has_passed, is_over
from tests.builders import NOW

HOUR = timedelta(hours=1)
SOON = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "over"),
    [
        (NOW, False),
        (NOW + HOUR - SOON, False),
        (NOW + HOUR, True),
        (NOW - SLACK, False),
        (NOW - SLACK - SOON, True),
        (NOW - 24 * HOUR, True),
    ],
)
def test_a_time_ahead_is_over(now: datetime, *, over: bool) -> None:
    assert has_passed(NOW, HOUR, now) is over
    assert is_over(NOW + HOUR, HOUR, now) is over


def test_what_comes_after_is_later_even_where_the_clock_was_set_back() -> None:
    assert after(None, NOW) == NOW
    assert after(NOW - SOON, NOW) == NOW
    assert after(NOW, NOW) == NOW + SOON
    assert after(NOW + HOUR, NOW) == NOW + HOUR + SOON
