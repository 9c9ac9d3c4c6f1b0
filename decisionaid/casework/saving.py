"""Each choice counts once, and in its turn, however often and in whatever order it arrives."""

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from decisionaid.core.saving import Operation, OperationRefused, OtherBody, Verdict, judge
from decisionaid.core.sort import SortFinished
from decisionaid.storage import operations
from decisionaid.storage.models import OperationRecord, Round, SortRecord

LONGEST_WAIT = timedelta(hours=12)
"""As long as a seat lasts: no choice can have waited longer on a device."""

# Through the table, not the record: it is one row that nobody looks at again, and far quicker so.
_KEEP = insert(cast(Table, OperationRecord.__table__))


def accept_operation(
    db: Session, sort: SortRecord, round_: Round, sent: Operation, *, epoch: str, chosen_at: datetime
) -> bool:
    """Take the turn of an operation: True where it is to be done now, False where it was done before.

    Raises:
        OperationRefused: it is out of turn, of another seat or sort, or (OtherBody) not what it was.
        SortFinished: it is new, and the sort is finished or its round closed.
    """
    known, last = operations.held(db, sort, sent.id, epoch)
    verdict = judge(sent, epoch=epoch, known=known, last=last)
    if verdict is Verdict.AGAIN:
        return False
    if sort.finished_at is not None or round_.closed_at is not None:
        raise SortFinished
    if verdict is not Verdict.APPLY:
        raise (OtherBody if verdict is Verdict.OTHER_BODY else OperationRefused)(verdict, last)
    values = {"id": sent.id, "epoch": epoch, "number": sent.number, "digest": sent.digest, "at": chosen_at}
    db.execute(_KEEP, {"service_id": sort.service_id, "sort_id": sort.id, **values})
    return True


def chosen_at(sort: SortRecord, waited: timedelta, now: datetime) -> datetime:
    """When a choice was made that then waited so long on the device: never before the sort was opened."""
    return max(now - min(waited, LONGEST_WAIT), min(sort.opened_at, now))
