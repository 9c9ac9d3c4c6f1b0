"""Sitting down together in tests: a browser in this seat, over a case at some point of the way."""

from datetime import UTC, date, datetime, timedelta

from flask import Flask

from decisionaid.casework import seats
from decisionaid.casework.seats import SeatKind
from decisionaid.storage.models import Round
from tests.builders import Case
from tests.police import Police


def sit(app: Flask, case: Case) -> Police:
    """A browser at which the two sit together over the case's round."""
    now = datetime.now(UTC)
    with case.database.writing() as db:
        token = seats.open_desk(db, case.keyworker(db), now)
        db.flush()
        seat, _ = seats.seated(db, token, now) or (None, None)
        assert seat is not None
        token = seats.open_together(db, seat, db.get_one(Round, (case.service_id, case.round_id)), now)
    browser = app.test_client()
    browser.set_cookie("seat", token)
    assert isinstance(browser, Police)
    assert seat.kind is SeatKind.KEYWORKER
    return browser


def days(name: str, on: date) -> dict[str, str]:
    """A date as its three boxes are sent."""
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def in_days(number: int) -> date:
    """The date so many days from now."""
    return datetime.now(UTC).date() + timedelta(days=number)
