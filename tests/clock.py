"""The one clock of the quick tests: each begins at the same moment, on whichever day `DAY` says."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import time_machine

LONDON = ZoneInfo("Europe/London")
DAY = os.environ.get("DAY", "")
"""The moment at which each quick test begins, in British time, as in "2028-02-29T12:00"; empty for that of this run."""

BEGINS = datetime.fromisoformat(DAY).replace(tzinfo=LONDON) if DAY else datetime.now(LONDON)
_running: list[time_machine.Traveller] = []


@contextmanager
def begins() -> Iterator[None]:
    """From here on it is that moment, and time goes on."""
    with time_machine.travel(BEGINS) as clock:
        _running.append(clock)
        yield
        _running.remove(clock)


def go_on_to(moment: datetime) -> None:
    """Let it be this moment, where it is not later already: something was taken over that was done until then."""
    if _running and datetime.now(UTC) < moment:
        _running[-1].move_to(moment)
