"""Each press counts once: the one that is taken leaves a row, and the same press again finds it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from decisionaid.storage.models import PressRecord
from decisionaid.storage.types import Moment

LASTS = timedelta(days=3)

TAKE = text(
    "INSERT INTO press (service_id, operation, digest, led_to, at) VALUES (:service_id, :operation, :digest, '', :at)"
    " ON CONFLICT (service_id, operation) DO UPDATE SET digest = excluded.digest, led_to = '', at = excluded.at"
    " WHERE press.digest <> excluded.digest RETURNING operation"
)
"""One statement that both databases know. On PostgreSQL it waits where the same press is still at work."""


@dataclass(frozen=True)
class Press:
    """One press of one form as it was drawn. `digest` stands for all that it sends, `page` is where the form stood."""

    service_id: str
    operation: str
    digest: str
    page: str


class PressedBefore(Exception):
    """This press was taken before. `led_to` is the page that it led to then."""

    def __init__(self, led_to: str) -> None:
        super().__init__()
        self.led_to = led_to


def take(db: Session, press: Press, now: datetime) -> None:
    """Take the turn of this press, in the transaction of what it does.

    Only the last press of a drawn form is remembered: someone who changes an answer and changes it back, on a page
    that the browser kept, means the last one.

    Raises:
        PressedBefore: the last press of this form was the same.
    """
    at = Moment().process_bind_param(now, db.get_bind().dialect)
    key = {"service_id": press.service_id, "operation": press.operation}
    if db.execute(TAKE, {**key, "digest": press.digest, "at": at}).first() is None:
        row = db.scalar(select(PressRecord.led_to).filter_by(**key))
        raise PressedBefore(row or press.page)


def lead(db: Session, press: Press, led_to: str) -> None:
    """Note the page that the press leads to."""
    found = update(PressRecord).filter_by(service_id=press.service_id, operation=press.operation)
    db.execute(found.values(led_to=led_to).execution_options(synchronize_session=False))


def forget(db: Session, press: Press) -> None:
    """Remove a press that was refused after part of it, such as a counted guess, had to be kept."""
    found = delete(PressRecord).filter_by(service_id=press.service_id, operation=press.operation, digest=press.digest)
    db.execute(found.execution_options(synchronize_session=False))


def sweep(db: Session, now: datetime) -> None:
    """Remove the presses that are too old to come again."""
    old = delete(PressRecord).where(PressRecord.at <= now - LASTS)
    db.execute(old.execution_options(synchronize_session=False))
